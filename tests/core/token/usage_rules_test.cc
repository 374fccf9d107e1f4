#include "token/usage_rules.h"

#include "token_fixture.h"

namespace oidcop::token {
namespace {

using model::TokenClass;
using UsageRulesTest = TokenTest;

model::UsageRule lifetime(int seconds) {
  model::UsageRule rule;
  rule.expires_in = Seconds(seconds);
  return rule;
}

TEST_F(UsageRulesTest, BuiltInRulesStandWhereNobodySaysOtherwise) {
  auto code = resolve_rule(TokenClass::authorization_code, usage, client);
  EXPECT_EQ(code.expires_in, Seconds(60));
  EXPECT_EQ(code.max_usage, 1);
  EXPECT_TRUE(code.may_mint(TokenClass::refresh_token));
  auto access = resolve_rule(TokenClass::access_token, usage, client);
  EXPECT_EQ(access.expires_in, Seconds(3600));
  EXPECT_TRUE(access.supports_minting.empty());
}

TEST_F(UsageRulesTest, EachLayerOverridesTheOneBelowMemberByMember) {
  usage.profile[TokenClass::access_token] = lifetime(100);
  EXPECT_EQ(resolve_rule(TokenClass::access_token, usage, client).expires_in, Seconds(100));
  usage.configuration[TokenClass::access_token] = lifetime(200);
  EXPECT_EQ(resolve_rule(TokenClass::access_token, usage, client).expires_in, Seconds(200));
  client.token_usage_rules[TokenClass::access_token] = lifetime(300);
  EXPECT_EQ(resolve_rule(TokenClass::access_token, usage, client).expires_in, Seconds(300));

  client.token_usage_rules[TokenClass::authorization_code].supports_minting =
      std::vector{TokenClass::id_token};
  auto code = resolve_rule(TokenClass::authorization_code, usage, client);
  EXPECT_EQ(code.expires_in, Seconds(60));
  EXPECT_FALSE(code.may_mint(TokenClass::access_token));
  EXPECT_TRUE(code.may_mint(TokenClass::id_token));
}

// Reference defect B04: -1 became an expiry one second ago, so that refresh tokens were dead at birth.
TEST_F(UsageRulesTest, LifetimeThatIsNotPositiveSaysNothing) {
  usage.configuration[TokenClass::refresh_token] = lifetime(-1);
  client.token_usage_rules[TokenClass::refresh_token] = lifetime(0);
  auto rule = resolve_rule(TokenClass::refresh_token, usage, client);
  EXPECT_EQ(rule.expires_in, Seconds(30 * 86400));
  EXPECT_GT(expiry_of(rule, grant, clock.now()), clock.now());
}

// Reference defect B42: rules were shared by reference, so that changing one token's changed the defaults.
TEST_F(UsageRulesTest, ChangingOneRuleChangesNoOther) {
  auto first = resolve_rule(TokenClass::authorization_code, usage, client);
  first.expires_in = Seconds(1);
  first.supports_minting.clear();
  auto defaults = builtin_usage_rules();
  defaults[TokenClass::authorization_code].supports_minting->clear();

  auto second = resolve_rule(TokenClass::authorization_code, usage, client);
  EXPECT_EQ(second.expires_in, Seconds(60));
  EXPECT_EQ(second.supports_minting.size(), 3U);
}

TEST_F(UsageRulesTest, NoTokenOutlivesItsGrant) {
  auto rule = resolve_rule(TokenClass::access_token, usage, client);
  grant.expires_at = clock.now() + Seconds(10);
  EXPECT_EQ(expiry_of(rule, grant, clock.now()), grant.expires_at);
  grant.expires_at = clock.now() + Seconds(3601);
  EXPECT_EQ(expiry_of(rule, grant, clock.now()), clock.now() + Seconds(3600));
}

TEST_F(UsageRulesTest, LifetimeOfCenturiesEndsWithTheGrant) {
  ResolvedRule rule;
  rule.expires_in = Seconds::max();
  EXPECT_EQ(expiry_of(rule, grant, clock.now()), grant.expires_at);
}

TEST_F(UsageRulesTest, GrantWithoutOfflineAccessEndsWithTheSession) {
  model::UserSession session;
  session.expires_at = clock.now() + Seconds(86400);
  EXPECT_EQ(grant_end(usage, clock.now(), session, false), session.expires_at);
  EXPECT_EQ(grant_end(usage, clock.now(), session, true), clock.now() + usage.grant_lifetime);
}

TEST_F(UsageRulesTest, OnlyWhatTheParentsRuleListsIsMinted) {
  EXPECT_TRUE(check_minting(TokenClass::authorization_code, TokenClass::refresh_token, usage, client));
  auto refused = check_minting(TokenClass::access_token, TokenClass::refresh_token, usage, client);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::refused);
  EXPECT_NE(refused.error().detail.find("minting not allowed"), std::string::npos);
}

TEST_F(UsageRulesTest, RefreshTokensNeedOfflineAccessRegistrationAndRule) {
  EXPECT_TRUE(yields_refresh_token(grant, usage, client));

  auto online = grant;
  online.offline = false;
  EXPECT_FALSE(yields_refresh_token(online, usage, client));
  auto relaxed = usage;
  relaxed.require_offline_access = false;
  EXPECT_TRUE(yields_refresh_token(online, relaxed, client));

  auto unregistered = client;
  unregistered.grant_types = {"authorization_code"};
  EXPECT_FALSE(yields_refresh_token(grant, relaxed, unregistered));

  auto limited = client;
  limited.token_usage_rules[TokenClass::authorization_code].supports_minting =
      std::vector{TokenClass::access_token};
  EXPECT_FALSE(yields_refresh_token(grant, usage, limited));

  usage.refresh_tokens = false;
  EXPECT_FALSE(yields_refresh_token(grant, usage, client));
}

}  // namespace
}  // namespace oidcop::token
