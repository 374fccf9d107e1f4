#include "claims/user_claim.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace oidcop::claims {
namespace {

model::User user(Json claims) {
  model::User user;
  user.claims = Message(std::move(claims));
  user.updated_at = TimePoint(Seconds(1'800'000'000));
  return user;
}

TEST(UserClaim, GivesTextClaimsAsText) {
  auto diana = user({{"given_name", "Diana"}, {"nickname", 7}, {"gender", ""}, {"locale", nullptr}});
  EXPECT_EQ(user_claim(diana, "given_name"), Json("Diana"));
  EXPECT_FALSE(user_claim(diana, "nickname"));
  EXPECT_FALSE(user_claim(diana, "gender"));
  EXPECT_FALSE(user_claim(diana, "locale"));
  EXPECT_FALSE(user_claim(diana, "family_name"));
}

TEST(UserClaim, IsVerifiedOnlyWhenTheRecordSaysTrue) {
  EXPECT_EQ(user_claim(user({{"email", "d@x.example"}, {"email_verified", true}}), "email_verified"),
            Json(true));
  const std::vector<Json> others{false, "true", 1, nullptr, Json::array({true})};
  for (const auto& other : others) {
    auto diana = user({{"email", "d@x.example"}, {"email_verified", other}});
    EXPECT_EQ(user_claim(diana, "email_verified"), Json(false)) << other;
  }
  EXPECT_EQ(user_claim(user({{"email", "d@x.example"}}), "email_verified"), Json(false));
  EXPECT_EQ(
      user_claim(user({{"phone_number", "+1"}, {"phone_number_verified", true}}), "phone_number_verified"),
      Json(true));
}

TEST(UserClaim, SaysNothingOfTheVerificationOfNothing) {
  EXPECT_FALSE(user_claim(user({{"email_verified", true}}), "email_verified"));
  EXPECT_FALSE(user_claim(user({{"email", "d@x.example"}}), "phone_number_verified"));
}

TEST(UserClaim, AddressIsAnObjectOfTexts) {
  auto diana = user({{"address", {{"locality", "Umeå"}, {"postal_code", 90733}, {"planet", "Earth"}}}});
  EXPECT_EQ(user_claim(diana, "address"), (Json{{"locality", "Umeå"}}));
  EXPECT_EQ(user_claim(user({{"address", "Main Street 1"}}), "address"),
            (Json{{"formatted", "Main Street 1"}}));
  EXPECT_FALSE(user_claim(user({{"address", {{"postal_code", 90733}}}}), "address"));
  EXPECT_FALSE(user_claim(user({{"address", 7}}), "address"));
}

TEST(UserClaim, UpdatedAtIsANumberFromTheClaimsOrTheRecord) {
  EXPECT_EQ(user_claim(user({{"updated_at", 1700000000}}), "updated_at"), Json(1700000000));
  EXPECT_EQ(user_claim(user(Json::object()), "updated_at"), Json(1800000000));
  EXPECT_EQ(user_claim(user({{"updated_at", "2026-01-01"}}), "updated_at"), Json(1800000000));
  EXPECT_EQ(user_claim(user({{"updated_at", 1e300}}), "updated_at"), Json(1800000000));
}

TEST(UserClaim, GroupsComeFromTheRecord) {
  auto diana = user(Json::object());
  EXPECT_FALSE(user_claim(diana, "groups"));
  diana.groups = {"staff", "admin"};
  EXPECT_EQ(user_claim(diana, "groups"), (Json{"staff", "admin"}));
}

TEST(UserClaim, OwnClaimsStayAsTheyAre) {
  auto diana = user({{"badge", 7}, {"roles", {"a", "b"}}, {"empty", ""}});
  EXPECT_EQ(user_claim(diana, "badge"), Json(7));
  EXPECT_EQ(user_claim(diana, "roles"), (Json{"a", "b"}));
  EXPECT_FALSE(user_claim(diana, "empty"));
}

TEST(UserClaim, LanguageTagsBelongToTheName) {
  auto diana = user({{"name", "Diana"}, {"name#ja-Kana-JP", "ダイアナ"}, {"nameless", "x"}, {"name#de", 7}});
  EXPECT_EQ(user_claim(diana, "name#ja-Kana-JP"), Json("ダイアナ"));
  EXPECT_FALSE(user_claim(diana, "name#de"));
  EXPECT_EQ(tagged_names(diana, "name"), (std::vector<std::string>{"name#de", "name#ja-Kana-JP"}));
  EXPECT_EQ(without_language_tag("family_name#ja-Hani-JP"), "family_name");
}

// Reference defect B66: user data was merged over members of the protocol.
TEST(UserClaim, IsNeverAMemberOfTheProtocol) {
  for (const auto* name :
       {"iss",    "sub",       "aud",    "exp",    "nbf",        "iat",          "jti",   "nonce",   "acr",
        "amr",    "auth_time", "azp",    "sid",    "client_id",  "scope",        "cnf",   "at_hash", "c_hash",
        "s_hash", "act",       "events", "active", "token_type", "_claim_names", "sub#de"}) {
    EXPECT_TRUE(is_protocol_member(name)) << name;
    EXPECT_FALSE(user_claim(user({{name, "forged"}}), name)) << name;
  }
  EXPECT_FALSE(is_protocol_member("email"));
  EXPECT_FALSE(is_protocol_member("subject"));
}

TEST(UserClaim, MembersOfTheProtocolCanBeTakenOut) {
  Message claims;
  claims.set("sub", "forged");
  claims.set("aud#de", "forged");
  claims.set("email", "d@x.example");
  EXPECT_EQ(without_protocol_members(claims).names(), std::vector<std::string>{"email"});
}

}  // namespace
}  // namespace oidcop::claims
