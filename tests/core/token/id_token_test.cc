#include "token/id_token.h"

#include "base/base64url.h"
#include "token_fixture.h"

namespace oidcop::token {
namespace {

using jose::Algorithm;
using Names = std::vector<std::string>;

class IdTokenTest : public TokenTest {
 protected:
  IdTokenOrder order() { return {.grant = grant, .client = client, .subject = "sub-1", .now = clock.now()}; }
  Result<std::string> mint(const IdTokenOrder& order) const {
    return IdTokens(policy, usage).mint(order, test_keys());
  }
  Message minted(const IdTokenOrder& order) const { return payload(mint(order).value()); }

  IdTokenPolicy policy{.issuer = kIssuer};
};

TEST_F(IdTokenTest, VerifiesWithThePublishedKeys) {
  auto token = mint(order());
  ASSERT_TRUE(token) << token.error().detail;
  auto verified = jose::verify_jwt(*token, test_keys().published(), {.algorithms = {Algorithm::rs256}},
                                   {.issuer = kIssuer, .audiences = {"rp"}, .types = {"JWT"}}, clock.now());
  ASSERT_TRUE(verified) << verified.error().detail;
  EXPECT_EQ(verified->claims.text("sub"), "sub-1");
}

// Reference defects B39 (session id, scope and client_id in every ID Token) and B66.
TEST_F(IdTokenTest, HoldsWhatItMustAndNothingBesides) {
  EXPECT_EQ(minted(order()).names(), (Names{"acr", "amr", "aud", "auth_time", "exp", "iat", "iss", "sub"}));
  auto full = order();
  full.nonce = "n-0S6_WzA2Mj";
  full.access_token = "access";
  full.code = "code";
  full.sid = "sid-1";
  EXPECT_EQ(minted(full).names(), (Names{"acr", "amr", "at_hash", "aud", "auth_time", "c_hash", "exp", "iat",
                                         "iss", "nonce", "sid", "sub"}));
}

// Reference defect B34: auth_time was the session's creation.
TEST_F(IdTokenTest, AuthTimeIsWhenThePersonSignedIn) {
  grant.created_at = clock.now() - Seconds(5);
  EXPECT_EQ(minted(order()).number("auth_time"), to_unix(clock.now()) - 600);
}

TEST_F(IdTokenTest, EndsByItsRuleAndNeverAfterTheGrant) {
  EXPECT_EQ(minted(order()).number("exp"), to_unix(clock.now()) + 600);
  grant.expires_at = clock.now() + Seconds(30);
  EXPECT_EQ(minted(order()).number("exp"), to_unix(clock.now()) + 30);
}

TEST_F(IdTokenTest, NamesTheAuthorizedPartyOnlyBesideOtherAudiences) {
  EXPECT_EQ(minted(order()).text("aud"), "rp");
  auto shared = order();
  shared.other_audiences = {"rp", "api"};
  auto claims = minted(shared);
  EXPECT_EQ(*claims.find("aud"), (Json{"rp", "api"}));
  EXPECT_EQ(claims.text("azp"), "rp");
  shared.other_audiences = {"rp"};
  EXPECT_FALSE(minted(shared).has("azp"));
}

// Reference defect B66: user data must not override members of the protocol.
TEST_F(IdTokenTest, UserClaimsNeverReplaceMembersOfTheProtocol) {
  auto hostile = order();
  for (const auto* name : {"iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr", "azp",
                           "sid", "at_hash", "c_hash"})
    hostile.claims.set(name, "forged");
  hostile.claims.set("email", "diana@example.org");
  auto claims = minted(hostile);
  EXPECT_EQ(dump_json(claims.json()).find("forged"), std::string::npos);
  EXPECT_EQ(claims.text("email"), "diana@example.org");
}

// at_hash of OpenID Connect Core 1.0, Appendix A.3 and A.4 examples.
TEST(HalfHash, MatchesTheStandardsExamples) {
  EXPECT_EQ(half_hash(Algorithm::rs256, "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y"),
            "77QmUPtjPfzWtF2AnpK9RQ");
  EXPECT_EQ(half_hash(Algorithm::rs256, "Qcb0Orv1zh30vL1MPRsbm-diHiMwcLyZvn1arpZv-Jxf_11jnpEX3Tgfvk"),
            "LDktKdoQak3Pk0cnXxCltA");
}

TEST(HalfHash, FollowsTheHashOfTheAlgorithm) {
  EXPECT_EQ(half_hash(Algorithm::es256, "x").size(), 22U);
  EXPECT_EQ(half_hash(Algorithm::ps384, "x").size(), 32U);
  EXPECT_EQ(half_hash(Algorithm::hs512, "x").size(), 43U);
  EXPECT_EQ(half_hash(Algorithm::eddsa, "x"), half_hash(Algorithm::rs512, "x"));
  EXPECT_EQ(half_hash(Algorithm::ed25519, "x"), half_hash(Algorithm::rs512, "x"));
  EXPECT_EQ(half_hash(Algorithm::es256k, "x"), half_hash(Algorithm::es256, "x"));
  EXPECT_EQ(half_hash(Algorithm::ed448, "x").size(), 76U);
  EXPECT_EQ(half_hash(Algorithm::none, "x"), "");
}

TEST_F(IdTokenTest, IsSignedWithTheRegisteredAlgorithm) {
  client.id_token_signed_response_alg = Algorithm::es256;
  auto token = mint(order());
  EXPECT_EQ(header(*token).text("alg"), "ES256");
  client.id_token_signed_response_alg = Algorithm::es512;
  EXPECT_EQ(mint(order()).error().code, Errc::unavailable);
}

TEST_F(IdTokenTest, IsSignedWithTheClientsSecretWhereThatIsRegistered) {
  client.id_token_signed_response_alg = Algorithm::hs256;
  EXPECT_EQ(mint(order()).error().code, Errc::internal);
  const Secret secret(std::string(43, 's'));
  auto with_secret = order();
  with_secret.client_secret = &secret;
  auto token = mint(with_secret);
  ASSERT_TRUE(token);
  EXPECT_TRUE(jose::verify_compact(*token, jose::Jwk::from_octets(secret).value(),
                                   {.algorithms = {Algorithm::hs256}}));
  const Secret weak(std::string(16, 's'));
  with_secret.client_secret = &weak;
  EXPECT_FALSE(mint(with_secret));
}

TEST_F(IdTokenTest, IsUnsignedOnlyForCodeFlowClientsThatRegisteredIt) {
  client.id_token_signed_response_alg = Algorithm::none;
  auto token = mint(order());
  ASSERT_TRUE(token);
  EXPECT_EQ(header(*token).text("alg"), "none");
  EXPECT_FALSE(payload(*token).has("at_hash"));

  auto through_the_browser = order();
  through_the_browser.channel = IdTokenChannel::front_channel;
  EXPECT_EQ(mint(through_the_browser).error().code, Errc::refused);

  client.response_types = {"code", "code id_token"};
  EXPECT_EQ(mint(order()).error().code, Errc::refused);

  client.response_types = {"code"};
  client.id_token_signed_response_alg.reset();
  policy.default_algorithm = Algorithm::none;
  EXPECT_EQ(mint(order()).error().code, Errc::refused);
}

TEST_F(IdTokenTest, IsNotMintedFromAParentThatMayNot) {
  auto from_access_token = order();
  from_access_token.parent_class = model::TokenClass::access_token;
  EXPECT_EQ(mint(from_access_token).error().code, Errc::refused);
  from_access_token.parent_class.reset();
  EXPECT_TRUE(mint(from_access_token));
}

}  // namespace
}  // namespace oidcop::token
