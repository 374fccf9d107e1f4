#include "token/authorization_code.h"

#include "token_fixture.h"

namespace oidcop::token {
namespace {

using AuthorizationCodeTest = TokenTest;

TEST_F(AuthorizationCodeTest, IsAHandleKnownByItsDigest) {
  auto code = mint_code(grant, client, usage, random, clock.now());
  ASSERT_TRUE(code);
  EXPECT_EQ(code->value.size(), 43U);
  EXPECT_EQ(code->record.digest, sha256(code->value.reveal()));
  EXPECT_EQ(code->record.token_class, model::TokenClass::authorization_code);
  EXPECT_EQ(code->record.grant, grant.id);
  EXPECT_EQ(code->record.scope, grant.scope);
  EXPECT_FALSE(code->record.based_on);
}

// Reference defect B18: the code's own lifetime was not enforced, only the grant's of twelve hours.
TEST_F(AuthorizationCodeTest, EndsAfterItsOwnShortLife) {
  auto code = mint_code(grant, client, usage, random, clock.now());
  EXPECT_EQ(code->record.expires_at, clock.now() + Seconds(60));
}

TEST_F(AuthorizationCodeTest, IsForOneUseWhateverIsConfigured) {
  usage.configuration[model::TokenClass::authorization_code].max_usage = 0;
  client.token_usage_rules[model::TokenClass::authorization_code].max_usage = 5;
  EXPECT_EQ(mint_code(grant, client, usage, random, clock.now())->record.max_usage, 1);
}

TEST_F(AuthorizationCodeTest, IsNotMintedWithoutRandomness) {
  random.fail_after(1);
  auto code = mint_code(grant, client, usage, random, clock.now());
  ASSERT_FALSE(code);
  EXPECT_EQ(code.error().code, Errc::unavailable);
}

}  // namespace
}  // namespace oidcop::token
