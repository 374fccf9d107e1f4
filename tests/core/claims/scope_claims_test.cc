#include "claims/scope_claims.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace oidcop::claims {
namespace {

using model::ScopeSet;
using Names = std::vector<std::string>;

ScopeSet scope(const char* text) {
  return *ScopeSet::parse(text);
}

model::Client client(std::vector<std::string> grant_types = {"authorization_code", "refresh_token"}) {
  model::Client client;
  client.grant_types = std::move(grant_types);
  return client;
}

TEST(ScopeClaims, StandForTheStandardsClaims) {
  ScopeClaims scopes{ScopePolicy{}};
  EXPECT_EQ(scopes.claims_of(scope("openid email phone")),
            (Names{"email", "email_verified", "phone_number", "phone_number_verified"}));
  EXPECT_EQ(scopes.claims_of(scope("profile")).size(), 14U);
  EXPECT_EQ(scopes.claims_of(scope("address")), Names{"address"});
  EXPECT_EQ(scopes.claims_of(scope("openid offline_access unknown")), Names{});
}

TEST(ScopeClaims, MapIsReplacedWholesale) {
  ScopePolicy policy;
  policy.scopes_to_claims = {{"openid", {"sub"}}, {"research", {"name", "email", "name"}}};
  ScopeClaims scopes(policy);
  EXPECT_EQ(scopes.claims_of(scope("openid email research")), (Names{"name", "email"}));
  EXPECT_EQ(scopes.all_scopes(), (Names{"openid", "research"}));
  EXPECT_EQ(scopes.all_claims(), (Names{"sub", "name", "email"}));
}

// Reference defect B66: the sample's own scope released sub and iss from the user's record.
TEST(ScopeClaims, StandForNoMemberOfTheProtocol) {
  ScopePolicy policy;
  policy.scopes_to_claims = {{"research", {"name", "sub", "iss", "sub#de"}}};
  EXPECT_EQ(ScopeClaims(policy).claims_of(scope("research")), Names{"name"});
}

// Reference defect B40: scopes were not filtered by those allowed.
TEST(ScopeClaims, ClientGetsOfItsOwnAllowedScopesOnly) {
  ScopeClaims scopes{ScopePolicy{}};
  auto limited = client();
  limited.allowed_scopes = scope("openid email");
  EXPECT_EQ(*scopes.filter(scope("openid profile email"), limited), scope("openid email"));
  EXPECT_EQ(*scopes.filter(scope("openid profile email"), client()), scope("openid profile email"));
}

TEST(ScopeClaims, ProvidersAllowedScopesHoldForClientsWithoutTheirOwn) {
  ScopePolicy policy;
  policy.allowed_scopes = Names{"openid", "email"};
  EXPECT_EQ(*ScopeClaims(policy).filter(scope("openid profile"), client()), scope("openid"));
}

TEST(ScopeClaims, ClientsOwnScopesMayGoBeyondTheProviders) {
  ScopePolicy policy;
  policy.allowed_scopes = Names{"openid"};
  auto trusted = client();
  trusted.allowed_scopes = scope("openid admin");
  EXPECT_EQ(*ScopeClaims(policy).filter(scope("openid admin"), trusted), scope("openid admin"));
}

TEST(ScopeClaims, WhereNobodyGetsRefreshTokensOfflineAccessIsNoScope) {
  ScopePolicy policy;
  policy.offline_access = false;
  auto trusted = client();
  trusted.allowed_scopes = scope("openid offline_access");
  EXPECT_EQ(*ScopeClaims(policy).filter(scope("openid offline_access"), trusted), scope("openid"));
  EXPECT_THAT(ScopeClaims(policy).all_scopes(), ::testing::Not(::testing::Contains("offline_access")));
}

TEST(ScopeClaims, UnknownScopesAreDroppedOrRefused) {
  ScopePolicy policy;
  EXPECT_EQ(*ScopeClaims(policy).filter(scope("openid nonsense"), client()), scope("openid"));
  policy.unknown = UnknownScopes::refused;
  auto refused = ScopeClaims(policy).filter(scope("openid nonsense"), client());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "invalid_scope");
}

TEST(ScopeClaims, NothingLeftIsInvalidScope) {
  auto refused = ScopeClaims(ScopePolicy{}).filter(scope("nonsense"), client());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "invalid_scope");
  EXPECT_TRUE(ScopeClaims(ScopePolicy{}).filter(ScopeSet(), client()));
}

TEST(ScopeClaims, OfflineAccessIsIgnoredForClientsWithoutRefreshTokens) {
  ScopePolicy policy;
  policy.unknown = UnknownScopes::refused;
  auto kept = ScopeClaims(policy).filter(scope("openid offline_access"), client({"authorization_code"}));
  ASSERT_TRUE(kept);
  EXPECT_EQ(*kept, scope("openid"));
}

TEST(ScopeClaims, TellWhatWentWithTheScopesThatWereUnticked) {
  ScopePolicy policy;
  policy.scopes_to_claims = {
      {"openid", {"sub"}}, {"email", {"email"}}, {"contact", {"email", "phone_number"}}};
  ScopeClaims scopes(policy);
  EXPECT_EQ(scopes.unticked_claims(scope("openid email contact"), scope("openid email")),
            Names{"phone_number"});
  EXPECT_EQ(scopes.unticked_claims(scope("openid email"), scope("openid email")), Names{});
}

}  // namespace
}  // namespace oidcop::claims
