#include "token/refresh_token.h"

#include "token_fixture.h"

namespace oidcop::token {
namespace {

class RefreshTokenTest : public TokenTest {
 protected:
  Result<MintedToken> mint(const char* scope_text = "openid email offline_access") {
    return mint_refresh_token({.grant = grant,
                               .client = client,
                               .scope = scope(scope_text),
                               .parent_class = parent_class,
                               .based_on = sha256("parent"),
                               .authentication = "client_secret_basic",
                               .now = clock.now()},
                              usage, random);
  }

  static model::TokenRecord holding(const char* scope_text) {
    model::TokenRecord record;
    record.scope = scope(scope_text);
    return record;
  }

  model::TokenClass parent_class = model::TokenClass::authorization_code;
};

TEST_F(RefreshTokenTest, IsAHandleThatRemembersItsParentAndHowTheClientCame) {
  auto token = mint();
  ASSERT_TRUE(token);
  EXPECT_EQ(token->value.size(), 43U);
  EXPECT_EQ(token->record.digest, sha256(token->value.reveal()));
  EXPECT_EQ(token->record.token_class, model::TokenClass::refresh_token);
  EXPECT_EQ(token->record.based_on, sha256("parent"));
  EXPECT_EQ(token->record.authentication, "client_secret_basic");
}

// Reference defect B04: refresh tokens were dead at birth.
TEST_F(RefreshTokenTest, LivesFromTheStart) {
  usage.configuration[model::TokenClass::refresh_token].expires_in = Seconds(-1);
  EXPECT_GT(mint()->record.expires_at, clock.now() + Seconds(86400));
}

TEST_F(RefreshTokenTest, IdleEndMovesAndTheFamilysEndDoesNot) {
  parent_class = model::TokenClass::refresh_token;
  EXPECT_EQ(mint()->record.expires_at, clock.now() + Seconds(30 * 86400));
  clock.tick(Seconds(20 * 86400));
  EXPECT_EQ(mint()->record.expires_at, clock.now() + Seconds(30 * 86400));
  clock.tick(Seconds(150 * 86400));
  EXPECT_EQ(mint()->record.expires_at, grant.expires_at);
}

TEST_F(RefreshTokenTest, ScopeNeverGoesBeyondTheGrants) {
  EXPECT_EQ(mint("openid admin")->record.scope, scope("openid"));
}

TEST_F(RefreshTokenTest, IsNotMintedFromAParentThatMayNot) {
  client.token_usage_rules[model::TokenClass::authorization_code].supports_minting =
      std::vector{model::TokenClass::access_token};
  auto token = mint();
  ASSERT_FALSE(token);
  EXPECT_EQ(token.error().code, Errc::refused);
}

// Reference defect B40: narrowing at refresh was not reflected.
TEST_F(RefreshTokenTest, RefreshNarrowsButNeverWidens) {
  const auto held = holding("openid email");
  const auto allowed = scope("openid email phone");
  EXPECT_EQ(refreshed_scope(std::nullopt, held, allowed).value(), scope("openid email"));
  EXPECT_EQ(refreshed_scope(scope("openid"), held, allowed).value(), scope("openid"));
  auto wider = refreshed_scope(scope("openid phone"), held, allowed);
  ASSERT_FALSE(wider);
  EXPECT_EQ(wider.error().code, "invalid_scope");
}

TEST_F(RefreshTokenTest, RefreshGivesOnlyWhatTheClientStillMayHave) {
  EXPECT_EQ(refreshed_scope(std::nullopt, holding("openid email"), scope("openid")).value(), scope("openid"));
  EXPECT_FALSE(refreshed_scope(std::nullopt, holding("email"), scope("openid")));
}

TEST_F(RefreshTokenTest, SiblingGetsNoMoreThanTheFirst) {
  auto held = holding("openid email profile");
  held.exchanged_scope = scope("openid email");
  const auto& allowed = held.scope;
  EXPECT_EQ(refreshed_scope(std::nullopt, held, allowed).value(), scope("openid email"));
  EXPECT_EQ(refreshed_scope(scope("openid profile"), held, allowed).value(), scope("openid"));
  EXPECT_EQ(refreshed_scope(scope("profile"), held, allowed).error().code, "invalid_scope");
}

}  // namespace
}  // namespace oidcop::token
