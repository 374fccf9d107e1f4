#include "claims/release.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace oidcop::claims {
namespace {

using Names = std::vector<std::string>;

class ClaimReleaseTest : public ::testing::Test {
 protected:
  ClaimReleaseTest() {
    diana.claims = Message(Json{{"sub", "forged"},
                                {"iss", "https://forged.example"},
                                {"scope", "admin"},
                                {"name", "Diana Krall"},
                                {"name#de", "Diana"},
                                {"email", "diana@example.org"},
                                {"email_verified", true},
                                {"nickname", "dk"},
                                {"department", "jazz"}});
  }

  Message released(ReleasePoint point, const char* scope_text = "openid email") const {
    auto scope = *model::ScopeSet::parse(scope_text);
    return ClaimRelease(ScopeClaims(scopes), policy).released(point, {diana, client, scope, request});
  }
  void request_claims(const char* text) {
    Message message;
    message.set("claims", text);
    request = *ClaimsRequest::parse(message);
  }
  static ClaimRequest claim(const char* name) {
    ClaimRequest claim;
    claim.name = name;
    return claim;
  }

  model::User diana;
  model::Client client;
  ClaimsRequest request;
  ScopePolicy scopes;
  ReleasePolicy policy = default_release_policy();
};

TEST_F(ClaimReleaseTest, UserinfoGivesTheScopesClaims) {
  EXPECT_EQ(released(ReleasePoint::userinfo).names(), (Names{"email", "email_verified"}));
}

TEST_F(ClaimReleaseTest, OtherPointsGiveNothingOfTheirOwn) {
  EXPECT_TRUE(released(ReleasePoint::id_token).empty());
  EXPECT_TRUE(released(ReleasePoint::access_token).empty());
  EXPECT_TRUE(released(ReleasePoint::introspection).empty());
}

TEST_F(ClaimReleaseTest, BaseAndAlwaysAddedClaimsNeedNoScope) {
  policy[ReleasePoint::id_token].base_claims = {claim("email")};
  policy[ReleasePoint::id_token].always_add_claims = {claim("nickname")};
  EXPECT_EQ(released(ReleasePoint::id_token, "openid").names(), (Names{"email", "nickname"}));
}

TEST_F(ClaimReleaseTest, ScopesTheClientMayNotHaveGiveNothing) {
  client.allowed_scopes = *model::ScopeSet::parse("openid");
  EXPECT_TRUE(released(ReleasePoint::userinfo).empty());
}

TEST_F(ClaimReleaseTest, RequestedClaimsGoWhereTheyWereAskedFor) {
  request_claims(R"({"userinfo": {"nickname": null}, "id_token": {"name": {"essential": true}}})");
  EXPECT_EQ(released(ReleasePoint::userinfo, "openid").names(), Names{"nickname"});
  EXPECT_EQ(released(ReleasePoint::id_token, "openid").names(), (Names{"name", "name#de"}));
  EXPECT_TRUE(released(ReleasePoint::access_token, "openid").empty());
}

TEST_F(ClaimReleaseTest, ClaimWithAnotherValueThanAskedForIsLeftOut) {
  request_claims(
      R"({"userinfo": {"email": {"value": "other@example.org"}, "nickname": {"values": ["dk", "x"]}}})");
  EXPECT_EQ(released(ReleasePoint::userinfo).names(), (Names{"email_verified", "nickname"}));
}

TEST_F(ClaimReleaseTest, RequestingAClaimIsNoWayAroundTheAllowedScopes) {
  client.allowed_scopes = *model::ScopeSet::parse("openid profile");
  request_claims(R"({"userinfo": {"email": {"essential": true}, "email#de": null, "nickname": null}})");
  EXPECT_EQ(released(ReleasePoint::userinfo, "openid").names(), Names{"nickname"});
}

TEST_F(ClaimReleaseTest, RequestingAClaimReachesNothingThatNobodyReleases) {
  request_claims(R"({"userinfo": {"department": null}, "id_token": {"department": null}})");
  EXPECT_TRUE(released(ReleasePoint::userinfo, "openid").empty());
  policy[ReleasePoint::userinfo].base_claims = {claim("department")};
  EXPECT_EQ(released(ReleasePoint::id_token, "openid").names(), Names{"department"});
}

TEST_F(ClaimReleaseTest, WishesForProtocolMembersAreLeftToOthers) {
  request_claims(R"({"id_token": {"acr": {"values": ["a"]}, "department": null}})");
  const auto kept = ClaimRelease(ScopeClaims(scopes), policy).releasable(request, client);
  EXPECT_EQ(kept.voluntary_acrs(), Names{"a"});
  EXPECT_EQ(kept.id_token.size(), 1U);
}

TEST_F(ClaimReleaseTest, LanguageTaggedNamesAreKept) {
  EXPECT_EQ(released(ReleasePoint::userinfo, "openid profile").text("name#de"), "Diana");
  request_claims(R"({"userinfo": {"name#de": null}})");
  EXPECT_EQ(released(ReleasePoint::userinfo, "openid").names(), Names{"name#de"});
}

// Reference defect B66: `sub` of the user's record replaced the subject.
TEST_F(ClaimReleaseTest, NeverGivesAMemberOfTheProtocol) {
  scopes.scopes_to_claims["research"] = {"sub", "iss", "scope", "department"};
  for (auto& [point, rules] : policy) rules.add_claims_by_scope = true;
  policy[ReleasePoint::access_token].always_add_claims = {claim("sub"), claim("scope")};
  policy[ReleasePoint::access_token].add_claims_by_scope = true;
  request_claims(R"({"userinfo": {"iss": null, "sub": null}})");
  EXPECT_EQ(released(ReleasePoint::userinfo, "openid research").names(), Names{"department"});
  EXPECT_EQ(released(ReleasePoint::access_token, "openid research").names(), Names{"department"});
}

// Reference defect B49: by_scope=false of a client could not switch off what was on for all.
TEST_F(ClaimReleaseTest, ClientCanSwitchOffWhatIsOnForAll) {
  policy[ReleasePoint::userinfo].enable_claims_per_client = true;
  client.add_claims = Message(Json{{"by_scope", {{"userinfo", false}}}});
  EXPECT_TRUE(released(ReleasePoint::userinfo).empty());
}

TEST_F(ClaimReleaseTest, ClientCanSwitchOnWhatIsOffForAll) {
  policy[ReleasePoint::id_token].enable_claims_per_client = true;
  client.add_claims = Message(Json{{"by_scope", {{"id_token", true}}}});
  EXPECT_EQ(released(ReleasePoint::id_token).names(), (Names{"email", "email_verified"}));
}

TEST_F(ClaimReleaseTest, ClientMayHaveScopeClaimsInTheIdToken) {
  client.id_token_claims = true;
  EXPECT_EQ(released(ReleasePoint::id_token).names(), (Names{"email", "email_verified"}));
  EXPECT_TRUE(released(ReleasePoint::access_token).empty());
}

TEST_F(ClaimReleaseTest, ClientsListReplacesTheProvidersAndChangesNobodyElses) {
  auto& rules = policy[ReleasePoint::id_token];
  rules.enable_claims_per_client = true;
  rules.always_add_claims = {claim("nickname")};
  client.add_claims = Message(Json{{"always", {{"id_token", {"department", 7}}}}});
  EXPECT_EQ(released(ReleasePoint::id_token).names(), Names{"department"});
  client = model::Client();
  EXPECT_EQ(released(ReleasePoint::id_token).names(), Names{"nickname"});
}

TEST_F(ClaimReleaseTest, ClientsWordCountsOnlyWhereItIsAskedFor) {
  client.add_claims =
      Message(Json{{"by_scope", {{"userinfo", false}}}, {"always", {{"userinfo", {"department"}}}}});
  EXPECT_EQ(released(ReleasePoint::userinfo).names(), (Names{"email", "email_verified"}));
}

TEST_F(ClaimReleaseTest, WhatAClientRegisteredGrantsItNothing) {
  policy[ReleasePoint::userinfo].enable_claims_per_client = true;
  client.metadata = Message(Json{{"add_claims", {{"always", {{"userinfo", {"department"}}}}}}});
  EXPECT_EQ(released(ReleasePoint::userinfo).names(), (Names{"email", "email_verified"}));
}

}  // namespace
}  // namespace oidcop::claims
