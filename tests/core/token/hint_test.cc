#include "token/hint.h"

#include "token/access_token.h"
#include "token/id_token.h"
#include "token_fixture.h"

namespace oidcop::token {
namespace {

using jose::Algorithm;

class IdTokenHintTest : public TokenTest {
 protected:
  std::string id_token() const {
    IdTokenOrder order{
        .grant = grant, .client = client, .subject = "sub-1", .sid = "sid-1", .now = clock.now()};
    order.client_secret = policy.client_secret;
    return IdTokens({.issuer = kIssuer}, usage).mint(order, test_keys()).value();
  }
  Result<IdTokenHint> verify(std::string_view hint, const jose::SigningKeys& keys = test_keys()) const {
    return verify_id_token_hint(hint, client, keys, policy, clock.now());
  }
  /// Claims of an ID Token of ours with some members changed (null takes one out), signed with our key.
  std::string forge(const Json& changes, const std::string& typ = "JWT") const {
    auto claims = payload(id_token());
    for (const auto& [name, value] : changes.items()) {
      claims.remove(name);
      if (!value.is_null()) claims.set(name, value);
    }
    jose::JwsHeader header;
    header.typ = typ;
    return jose::sign_jwt(claims, *test_keys().signing_key(Algorithm::rs256), Algorithm::rs256, header)
        .value();
  }

  HintPolicy policy{.issuer = kIssuer};
};

// Reference defect B33: id_token_hint had no effect.
TEST_F(IdTokenHintTest, IsAnIdTokenOfThisClient) {
  auto hint = verify(id_token());
  ASSERT_TRUE(hint) << hint.error().detail;
  EXPECT_EQ(hint->subject, "sub-1");
  EXPECT_EQ(hint->sid, "sid-1");
  EXPECT_FALSE(hint->expired);
}

TEST_F(IdTokenHintTest, MayHaveExpired) {
  const auto token = id_token();
  clock.tick(Seconds(365 * 86400));
  auto hint = verify(token);
  ASSERT_TRUE(hint) << hint.error().detail;
  EXPECT_TRUE(hint->expired);
}

TEST_F(IdTokenHintTest, MayBeSignedWithAnArchivedKey) {
  const auto token = id_token();
  auto archived = test_keys().keys();
  for (auto& key : archived) {
    key.state = jose::KeyState::archived;
    key.archived_at = clock.now();
  }
  const jose::SigningKeys keys(archived);
  ASSERT_TRUE(keys.published().empty());
  EXPECT_TRUE(verify(token, keys));
}

TEST_F(IdTokenHintTest, MayHaveNoType) {
  EXPECT_TRUE(verify(forge(Json::object(), "")));
}

TEST_F(IdTokenHintTest, IsRefusedWithAKeyOfSomebodyElse) {
  const auto others =
      jose::create_signing_keys({jose::default_key_definitions().back()}, clock.now()).value();
  EXPECT_FALSE(verify(id_token(), others));
}

TEST_F(IdTokenHintTest, IsRefusedWhenAltered) {
  auto token = id_token();
  token[token.size() / 2] = token[token.size() / 2] == 'A' ? 'B' : 'A';
  EXPECT_FALSE(verify(token));
  EXPECT_FALSE(verify(""));
  EXPECT_FALSE(verify("a.b.c"));
}

TEST_F(IdTokenHintTest, SecretSignedOneNeedsThisClientsSecretAndRegistration) {
  const Secret secret(std::string(43, 's'));
  const Secret other(std::string(43, 'o'));
  client.id_token_signed_response_alg = Algorithm::hs256;
  policy.client_secret = &secret;
  const auto token = id_token();
  EXPECT_TRUE(verify(token));
  policy.client_secret = &other;
  EXPECT_FALSE(verify(token));
  policy.client_secret = &secret;
  client.id_token_signed_response_alg = Algorithm::rs256;
  EXPECT_FALSE(verify(token));
}

TEST_F(IdTokenHintTest, StaysGoodWhenTheClientChangedToItsSecret) {
  const Secret secret(std::string(43, 's'));
  const auto token = id_token();
  client.id_token_signed_response_alg = Algorithm::hs256;
  policy.client_secret = &secret;
  EXPECT_TRUE(verify(token));
}

TEST_F(IdTokenHintTest, OurPublicKeyIsNoSecret) {
  // The old confusion of RS256 and HS256: the public key's text as an HMAC key.
  const Secret public_key(test_keys().published().keys().front().public_pem().value());
  auto key = jose::Jwk::from_octets(public_key).value();
  auto token = jose::sign_jwt(payload(id_token()), key, Algorithm::hs256).value();
  EXPECT_FALSE(verify(token));
}

struct Impostor {
  const char* what;
  std::string token;
};

// Every JWT that is or will be signed with our keys, and every near miss of an ID Token.
TEST_F(IdTokenHintTest, NothingElseTakesItsPlace) {
  AccessTokenPolicy access{.issuer = kIssuer, .format = AccessTokenFormat::jwt, .audiences = {"rp"}};
  AccessTokenOrder order{.grant = grant, .client = client, .subject = "sub-1", .scope = grant.scope};
  order.now = clock.now();
  const auto access_token = AccessTokens(access, usage).mint(order, test_keys(), random).value();
  auto unsigned_client = client;
  unsigned_client.id_token_signed_response_alg = Algorithm::none;

  const Json logout{{"http://schemas.openid.net/event/backchannel-logout", Json::object()}};
  const auto now = to_unix(clock.now());
  const std::vector<Impostor> impostors{
      {"access token", std::string(access_token.value.reveal())},
      {"access token without its type", forge({{"client_id", "rp"}, {"scope", "openid"}, {"jti", "1"}})},
      {"access token with the type alone", forge(Json::object(), "at+jwt")},
      {"access token, long type", forge(Json::object(), "application/at+jwt")},
      {"logout token", forge({{"events", logout}, {"jti", "1"}}, "logout+jwt")},
      {"logout token without its type", forge({{"events", logout}})},
      {"security event", forge({{"events", Json::object()}}, "secevent+jwt")},
      {"authorization response", forge({{"code", "SplxlOBeZQQYbYS6WxSbIA"}, {"state", "s"}})},
      {"request object", forge({{"response_type", "code"}}, "oauth-authz-req+jwt")},
      {"client assertion", forge({{"iss", "rp"}, {"sub", "rp"}, {"aud", kIssuer}, {"jti", "1"}})},
      {"proof of possession", forge({{"htm", "POST"}, {"htu", kIssuer}, {"jti", "1"}}, "dpop+jwt")},
      {"introspection answer",
       forge({{"token_introspection", {{"active", true}}}}, "token-introspection+jwt")},
      {"signed userinfo answer", forge({{"iat", nullptr}, {"exp", nullptr}})},
      {"token bound to a key", forge({{"cnf", {{"jkt", "x"}}}})},
      {"another issuer's", forge({{"iss", "https://other.example"}})},
      {"another client's", forge({{"aud", "other"}})},
      {"another client's, among audiences", forge({{"aud", {"other", "third"}}})},
      {"shared, but another's to use", forge({{"aud", {"rp", "other"}}, {"azp", "other"}})},
      {"without iss", forge({{"iss", nullptr}})},
      {"without sub", forge({{"sub", nullptr}})},
      {"with empty sub", forge({{"sub", ""}})},
      {"without aud", forge({{"aud", nullptr}})},
      {"without exp", forge({{"exp", nullptr}})},
      {"without iat", forge({{"iat", nullptr}})},
      {"from the future", forge({{"iat", now + 3600}})},
      {"exp as text", forge({{"exp", std::to_string(now + 60)}})},
      {"unsigned", jose::make_unsecured(dump_json(payload(id_token()).json())).value()},
  };
  for (const auto& impostor : impostors) {
    EXPECT_FALSE(verify(impostor.token)) << impostor.what;
    EXPECT_FALSE(verify_id_token_hint(impostor.token, unsigned_client, test_keys(), policy, clock.now()))
        << impostor.what;
  }
}

}  // namespace
}  // namespace oidcop::token
