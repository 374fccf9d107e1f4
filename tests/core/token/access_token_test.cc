#include "token/access_token.h"

#include "token_fixture.h"

namespace oidcop::token {
namespace {

class AccessTokenTest : public TokenTest {
 protected:
  Result<MintedToken> mint() {
    AccessTokenOrder order{.grant = grant,
                           .client = client,
                           .subject = "sub-1",
                           .scope = wanted,
                           .parent_class = parent_class,
                           .based_on = sha256("parent"),
                           .claims = claims,
                           .now = clock.now()};
    return AccessTokens(policy, usage).mint(order, test_keys(), random);
  }
  MintedToken mint_jwt() {
    policy.format = AccessTokenFormat::jwt;
    return mint().value();
  }

  AccessTokenPolicy policy{.issuer = kIssuer};
  model::ScopeSet wanted = scope("openid email");
  model::TokenClass parent_class = model::TokenClass::authorization_code;
  Message claims;
};

TEST_F(AccessTokenTest, OpaqueOneIsAHandle) {
  auto token = mint();
  ASSERT_TRUE(token);
  EXPECT_EQ(token->value.size(), 43U);
  EXPECT_EQ(token->record.digest, sha256(token->value.reveal()));
  EXPECT_EQ(token->record.based_on, sha256("parent"));
  EXPECT_EQ(token->record.issued_at, clock.now());
  EXPECT_EQ(token->record.expires_at, clock.now() + Seconds(3600));
  EXPECT_EQ(token->record.scope, scope("openid email"));
}

TEST_F(AccessTokenTest, JwtHasTheMembersOfTheProfileAndVerifies) {
  auto token = mint_jwt();
  auto jwt = token.value.reveal();
  EXPECT_EQ(header(jwt).text("typ"), "at+jwt");
  auto verified =
      jose::verify_jwt(jwt, test_keys().published(), {.algorithms = {jose::Algorithm::rs256}},
                       {.issuer = kIssuer, .audiences = {kIssuer}, .types = {"at+jwt"}}, clock.now());
  ASSERT_TRUE(verified) << verified.error().detail;
  const auto& members = verified->claims;
  EXPECT_EQ(members.text("sub"), "sub-1");
  EXPECT_EQ(members.text("client_id"), "rp");
  EXPECT_EQ(members.text("scope"), "openid email");
  EXPECT_EQ(members.text("acr"), "urn:example:password");
  EXPECT_EQ(members.number("auth_time"), to_unix(clock.now()) - 600);
  EXPECT_EQ(members.text("jti")->size(), 43U);
  EXPECT_EQ(token.record.digest, sha256(jwt));
}

// Reference defect B17: stored expiry and exp disagreed.
TEST_F(AccessTokenTest, RowAndExpAreTheSameMoment) {
  for (int seconds : {0, 1800, 999999999}) {
    usage.configuration[model::TokenClass::access_token].expires_in = Seconds(seconds);
    auto token = mint_jwt();
    EXPECT_EQ(payload(token.value.reveal()).number("exp"), to_unix(token.record.expires_at)) << seconds;
    EXPECT_EQ(payload(token.value.reveal()).number("iat"), to_unix(token.record.issued_at)) << seconds;
  }
}

// Reference defect B20: the configured audience was ignored and the client id used; no at+jwt type.
TEST_F(AccessTokenTest, AudienceIsTheConfiguredOne) {
  EXPECT_EQ(payload(mint_jwt().value.reveal()).text("aud"), kIssuer);
  policy.audiences = {"https://api.example"};
  EXPECT_EQ(payload(mint_jwt().value.reveal()).text("aud"), "https://api.example");
  policy.audiences = {"https://api.example", "https://other.example"};
  EXPECT_EQ(*payload(mint_jwt().value.reveal()).find("aud"), Json(policy.audiences));
}

// Reference defect B40: the token's scope was not filtered.
TEST_F(AccessTokenTest, ScopeNeverGoesBeyondTheGrants) {
  wanted = scope("openid email admin");
  auto token = mint_jwt();
  EXPECT_EQ(token.record.scope, scope("openid email"));
  EXPECT_EQ(payload(token.value.reveal()).text("scope"), "openid email");
}

// Reference defect B66: user data replaced members of the protocol.
TEST_F(AccessTokenTest, UserClaimsNeverReplaceMembersOfTheProtocol) {
  for (const auto* name :
       {"iss", "sub", "aud", "exp", "iat", "jti", "client_id", "scope", "acr", "auth_time", "cnf"})
    claims.set(name, "forged");
  claims.set("department", "jazz");
  auto token = mint_jwt();
  const auto text = dump_json(payload(token.value.reveal()).json());
  EXPECT_EQ(text.find("forged"), std::string::npos) << text;
  EXPECT_EQ(payload(token.value.reveal()).text("department"), "jazz");
}

// Reference defect B39: the session's id was in every token.
TEST_F(AccessTokenTest, HoldsNothingBesides) {
  EXPECT_EQ(payload(mint_jwt().value.reveal()).names(),
            (std::vector<std::string>{"acr", "amr", "aud", "auth_time", "client_id", "exp", "iat", "iss",
                                      "jti", "scope", "sub"}));
}

TEST_F(AccessTokenTest, IsNotMintedFromAParentThatMayNot) {
  parent_class = model::TokenClass::access_token;
  auto token = mint();
  ASSERT_FALSE(token);
  EXPECT_EQ(token.error().code, Errc::refused);
}

TEST_F(AccessTokenTest, TwoOfOneMomentDiffer) {
  EXPECT_NE(mint()->record.digest, mint()->record.digest);
  EXPECT_NE(mint_jwt().record.digest, mint_jwt().record.digest);
}

TEST_F(AccessTokenTest, IsNotMintedWithoutRandomnessOrKey) {
  random.fail_after(1);
  EXPECT_EQ(mint().error().code, Errc::unavailable);
  policy.format = AccessTokenFormat::jwt;
  policy.algorithm = jose::Algorithm::es512;
  EXPECT_EQ(mint().error().code, Errc::unavailable);
}

}  // namespace
}  // namespace oidcop::token
