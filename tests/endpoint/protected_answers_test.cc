#include "endpoint/own_keys.h"
#include "jose/nested_jwt.h"
#include "support/fixed_random.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace oidcop::testing {
namespace {

using ::testing::HasSubstr;

/// wiki with keys of its own, and answers as it registers them.
struct Protected : Scene {
  explicit Protected(const Fields& registered) {
    change_client([&](model::Client& client) {
      keys.give_to(client);
      for (const auto& [name, value] : registered) client.metadata.set(name, value);
    });
  }
  http::Response userinfo() { return get_userinfo(op, member(buy(), "access_token")); }
  jose::JwkSet provider_keys() {
    return jose::JwkSet::parse_text(op.handle(a_request("GET", "/jwks.json")).body).value();
  }
  jose::VerifiedJwt verified(const std::string& jwt) {
    auto verified = jose::verify_jwt(jwt, provider_keys(), {.algorithms = jose::AlgorithmSet::asymmetric()},
                                     {.required = {}}, op.clock.now());
    EXPECT_TRUE(verified) << (verified ? "" : verified.error().detail);
    return verified.value_or(jose::VerifiedJwt{});
  }
  /// What the client finds in a JWE for it.
  std::string opened(const std::string& jwe) {
    FixedRandom random;
    jose::JwePolicy policy;
    policy.algorithms = jose::asymmetric_key_management();
    policy.encryptions = jose::ContentEncryptionSet::all();
    auto plain = jose::decrypt_compact(jwe, jose::JwkSet({keys.encryption}), policy, random);
    EXPECT_TRUE(plain) << (plain ? "" : plain.error().detail);
    return plain ? std::string(plain->plaintext.reveal()) : std::string();
  }
  OwnKeys keys;
};

const Fields kEncryptedUserinfo{{"userinfo_encrypted_response_alg", "ECDH-ES+A128KW"},
                                {"userinfo_encrypted_response_enc", "A256GCM"}};

// OpenID Connect Core 1.0, 5.3.2.
TEST(UserinfoJwt, IsSignedForTheClient) {
  Protected scene(Fields{{"userinfo_signed_response_alg", "ES256"}});
  const auto response = scene.userinfo();
  ASSERT_EQ(response.status, 200) << response.body << scene.op.log();
  EXPECT_EQ(response.header("Content-Type"), "application/jwt");
  const auto jwt = scene.verified(response.body);
  EXPECT_EQ(jwt.algorithm, jose::Algorithm::es256);
  EXPECT_EQ(jwt.claims.text("iss"), scene.op.issuer());
  EXPECT_EQ(jwt.claims.text("aud"), "wiki");
  EXPECT_TRUE(jwt.claims.text("sub"));
  EXPECT_EQ(jwt.claims.text("email"), "alice@example.org");
}

TEST(UserinfoJwt, IsEncryptedForTheClient) {
  Protected scene(kEncryptedUserinfo);
  const auto response = scene.userinfo();
  EXPECT_EQ(response.header("Content-Type"), "application/jwt");
  EXPECT_THAT(scene.opened(response.body), HasSubstr("\"email\":\"alice@example.org\""));
}

TEST(UserinfoJwt, IsSignedThenEncrypted) {
  auto registered = kEncryptedUserinfo;
  registered.emplace_back("userinfo_signed_response_alg", "RS256");
  Protected scene(registered);
  const auto jwt = scene.verified(scene.opened(scene.userinfo().body));
  EXPECT_EQ(jwt.claims.text("email"), "alice@example.org");
  EXPECT_EQ(jwt.claims.text("aud"), "wiki");
}

TEST(UserinfoJwt, ErrorsStayJson) {
  Protected scene(Fields{{"userinfo_signed_response_alg", "ES256"}});
  const auto refused = get_userinfo(scene.op, "nothing");
  EXPECT_EQ(refused.status, 401);
  EXPECT_EQ(refused.header("Content-Type"), "application/json");
}

TEST(UserinfoJwt, WithoutAKeyThatFitsIsAnErrorAndNeverInTheClear) {
  Protected scene(kEncryptedUserinfo);
  const auto token = member(scene.buy(), "access_token");
  scene.change_client([](model::Client& client) { client.jwks.clear(); });
  const auto refused = get_userinfo(scene.op, token);
  EXPECT_GE(refused.status, 500);
  EXPECT_THAT(refused.body, ::testing::Not(HasSubstr("alice@example.org")));
}

// OpenID Connect Core 1.0, 10.2; reference defect B19: it was registered, and never happened.
TEST(IdTokenJwe, IsSignedThenEncryptedForTheClientWhereverItComesFrom) {
  Protected scene(Fields{{"id_token_encrypted_response_alg", "ECDH-ES"}});
  scene.change_client([](model::Client& client) {
    client.response_types = {"code", "code id_token"};
    client.grant_types = {"authorization_code", "implicit", "refresh_token"};
  });
  const auto at_token = scene.verified(scene.opened(member(scene.buy(), "id_token")));
  EXPECT_EQ(at_token.claims.text("nonce"), "n-0S6_WzA2Mj");
  auto answer =
      location_parameters(scene.browser.sign_in(with(wiki_request(), {{"response_type", "code id_token"}})));
  const auto in_front = scene.verified(scene.opened(answer["id_token"]));
  EXPECT_EQ(in_front.claims.text("sub"), at_token.claims.text("sub"));
  EXPECT_TRUE(in_front.claims.has("c_hash"));
}

// OpenID Connect Core 1.0, 3.1.2.1: the client decrypts it before it comes back as a hint.
TEST(IdTokenJwe, WhatIsInItIsAHintWhenItComesBack) {
  Protected scene(Fields{{"id_token_encrypted_response_alg", "ECDH-ES"}});
  const auto id_token = scene.opened(member(scene.buy(), "id_token"));
  EXPECT_EQ(scene.silent_error({{"id_token_hint", id_token}}), "");
}

// OpenID Connect Core 1.0, 2.
TEST(UnsignedIdToken, IsForAClientOfTheCodeFlowThatRegisteredIt) {
  Scene scene;
  EXPECT_THAT(member(scene.op.handle(a_request("GET", "/.well-known/openid-configuration")),
                     "id_token_signing_alg_values_supported"),
              HasSubstr("\"none\""));
  scene.change_client(
      [](model::Client& client) { client.id_token_signed_response_alg = jose::Algorithm::none; });
  const auto id_token = member(scene.buy(), "id_token");
  EXPECT_EQ(jose::peek_unverified_header(id_token)->text("alg"), "none");
  EXPECT_EQ(id_token.back(), '.');
}

}  // namespace
}  // namespace oidcop::testing
