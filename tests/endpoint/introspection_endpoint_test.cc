#include "token_keeping.h"

#include "base/json.h"
#include "jose/jwe.h"
#include "jose/jwt.h"
#include "jose/nested_jwt.h"
#include "support/fixed_random.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace oidcop::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kJwt = "application/token-introspection+jwt";
constexpr const char* kInactive = R"({"active":false})";

jose::JwkSet published_keys(TestOp& op) {
  return *jose::JwkSet::parse_text(op.handle(a_request("GET", "/jwks.json")).body);
}

TEST(Introspection, DescribesAnAccessTokenToItsClient) {  // RFC 7662, 2.2
  TokenScene scene;
  const auto answer = scene.introspect(member(scene.buy(), "access_token"));
  EXPECT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.header("Content-Type"), "application/json");
  EXPECT_EQ(answer.header("Cache-Control"), "no-store");
  EXPECT_EQ(member(answer, "active"), "true");
  EXPECT_EQ(member(answer, "scope"), "openid profile email");
  EXPECT_EQ(member(answer, "client_id"), "wiki");
  EXPECT_EQ(member(answer, "token_type"), "Bearer");
  EXPECT_EQ(member(answer, "iss"), scene.op.issuer());
  EXPECT_NE(member(answer, "sub"), "");
  const auto issued = std::stoll(member(answer, "iat"));
  EXPECT_EQ(std::stoll(member(answer, "exp")) - issued, 3600);
  EXPECT_EQ(issued, scene.op.clock.now().time_since_epoch().count());
  EXPECT_EQ(member(answer, "auth_time"), member(answer, "iat"));
  EXPECT_EQ(member(answer, "email"), "") << "no claims but those that the configuration releases here";
}

TEST(Introspection, DescribesARefreshTokenToItsClientAlone) {
  TokenScene scene;
  const auto tokens = scene.buy();
  const auto token = member(tokens, "refresh_token");
  const auto answer = scene.introspect(token);
  EXPECT_EQ(member(answer, "active"), "true");
  EXPECT_EQ(member(answer, "token_type"), "");
  for (const auto* other : {"shop", "gateway"}) EXPECT_EQ(scene.introspect(token, other).body, kInactive);
}

TEST(Introspection, TellsAForeignClientNothing) {
  TokenScene scene;
  const auto token = member(scene.buy(), "access_token");
  const auto foreign = scene.introspect(token, "shop");
  EXPECT_EQ(foreign.status, 200);
  EXPECT_EQ(foreign.body, kInactive);
  EXPECT_EQ(scene.introspect("never-issued", "shop").body, kInactive);
  EXPECT_EQ(member(scene.introspect(token, "gateway"), "active"), "true");
}

TEST(Introspection, OfWhatIsWorthNothingSaysOnlyThat) {
  TokenScene scene;
  const auto expect_inactive = [&](const std::string& token, const char* why) {
    const auto answer = scene.introspect(token);
    EXPECT_EQ(answer.status, 200) << why;
    EXPECT_EQ(answer.body, kInactive) << why;
  };
  expect_inactive("never-issued", "unknown");
  expect_inactive(scene.code(), "a code");
  const auto first = scene.buy();
  const auto second = scene.refresh(first);
  expect_inactive(member(first, "refresh_token"), "traded in");
  scene.revoke(member(second, "access_token"));
  expect_inactive(member(second, "access_token"), "revoked");
  scene.op.clock.tick(std::chrono::hours(1));
  expect_inactive(member(first, "access_token"), "expired");
}

TEST(Introspection, AsksAfterEverythingAboveTheToken) {
  struct Cut {
    const char* what;
    std::function<void(TokenScene&)> make;
  };
  const Cut cuts[] = {
      {"user deleted",
       [](TokenScene& scene) { ASSERT_TRUE(scene.op.store().delete_user(model::UserId("user-alice"))); }},
      {"user disabled",
       [](TokenScene& scene) { scene.op.add_user([](model::User& user) { user.enabled = false; }); }},
      {"password changed",
       [](TokenScene& scene) {
         ASSERT_TRUE(
             scene.op.store().set_password(model::UserId("user-alice"), "$y$x", scene.op.clock.now()));
       }},
      {"client disabled",
       [](TokenScene& scene) { scene.change_client([](model::Client& client) { client.enabled = false; }); }},
  };
  for (const auto& cut : cuts) {
    TokenScene scene;
    const auto token = member(scene.buy(), "access_token");
    ASSERT_EQ(member(scene.introspect(token, "gateway"), "active"), "true");
    cut.make(scene);
    EXPECT_EQ(scene.introspect(token, "gateway").body, kInactive) << cut.what;
  }
}

TEST(Introspection, GivesTheClaimsThatAreReleasedHere) {
  TokenScene scene(R"({
    "endpoint": {"provider_info": {}, "jwks": {}, "authorization": {}, "token": {}, "introspection": {}},
    "claims": {"introspection": {"base_claims": ["email"]}}})");
  EXPECT_EQ(member(scene.introspect(member(scene.buy(), "access_token")), "email"), "alice@example.org");
}

TEST(Introspection, AuthenticatesWhoAsks) {  // RFC 7662, 2.1
  TokenScene scene;
  const auto token = member(scene.buy(), "access_token");
  const auto body = encoded({{"token", token}});
  for (const auto& header : {basic("wiki", "wrong"), std::string(), "Bearer " + token}) {
    const auto refused = scene.post("/introspection", body, header);
    EXPECT_EQ(refused.status, 401) << header;
    EXPECT_EQ(member(refused, "active"), "");
  }
  scene.change_client([](model::Client& client) {
    client.token_endpoint_auth_method = model::ClientAuthMethod::none;
    client.secrets.clear();
  });
  const auto unproven = scene.post("/introspection", body + "&client_id=wiki", "");
  EXPECT_EQ(unproven.status, 401);
  EXPECT_EQ(member(unproven, "error"), "invalid_client");
}

TEST(Introspection, RefusesEveryMalformedRequest) {
  TokenScene scene;
  for (const auto& [what, body] : malformed_token_requests()) {
    const auto refused = scene.post("/introspection", body, scene.header());
    EXPECT_EQ(refused.status, 400) << what << refused.body;
    EXPECT_EQ(member(refused, "error"), "invalid_request") << what;
  }
  auto got = a_request("GET", "/introspection", "token=x");
  got.headers = {{"authorization", scene.header()}};
  EXPECT_EQ(scene.op.handle(got).status, 405);
}

TEST(Introspection, IsOffUnlessItIsConfigured) {
  Scene usual;
  const auto metadata = usual.op.handle(a_request("GET", "/.well-known/openid-configuration"));
  EXPECT_EQ(member(metadata, "introspection_endpoint"), "");
  EXPECT_THAT(metadata.body, Not(HasSubstr("introspection")));
  EXPECT_EQ(usual.op.handle(a_request("POST", "/introspection")).status, 404);
  TokenScene on;
  const auto told = on.op.handle(a_request("GET", "/.well-known/openid-configuration"));
  EXPECT_EQ(member(told, "introspection_endpoint"), "https://op.example.org/introspection");
  EXPECT_THAT(member(told, "introspection_endpoint_auth_methods_supported"), Not(HasSubstr("none")));
  EXPECT_THAT(member(told, "introspection_signing_alg_values_supported"), HasSubstr("RS256"));
}

// --- in a JWT (RFC 9701) -----------------------------------------------------------------------------------

TEST(IntrospectionJwt, IsSignedForTheOneWhoAsks) {  // RFC 9701, 5
  TokenScene scene;
  const auto answer = scene.introspect(member(scene.buy(), "access_token"), "gateway", kJwt);
  ASSERT_EQ(answer.status, 200) << answer.body << scene.op.log();
  EXPECT_EQ(answer.header("Content-Type"), kJwt);
  const auto jwt = jose::verify_jwt_signature(answer.body, published_keys(scene.op),
                                              {.algorithms = {jose::Algorithm::rs256}});
  ASSERT_TRUE(jwt) << jwt.error().detail;
  EXPECT_EQ(jwt->header.text("typ"), "token-introspection+jwt");
  EXPECT_EQ(jwt->claims.text("iss"), scene.op.issuer());
  EXPECT_EQ(jwt->claims.text("aud"), "gateway");
  EXPECT_EQ(jwt->claims.number("iat"), scene.op.clock.now().time_since_epoch().count());
  for (const auto* name : {"sub", "exp", "scope", "client_id"}) EXPECT_FALSE(jwt->claims.has(name)) << name;
  const Message told(*jwt->claims.find("token_introspection"));
  EXPECT_EQ(told.text("client_id"), "wiki");
  EXPECT_EQ(told.text("scope"), "openid profile email");
}

TEST(IntrospectionJwt, OfAnInactiveTokenSaysOnlyThat) {
  TokenScene scene;
  const auto answer = scene.introspect("never-issued", "wiki", kJwt);
  const auto jwt = jose::verify_jwt_signature(answer.body, published_keys(scene.op),
                                              {.algorithms = {jose::Algorithm::rs256}});
  ASSERT_TRUE(jwt) << answer.body;
  EXPECT_EQ(dump_json(*jwt->claims.find("token_introspection")), kInactive);
}

TEST(IntrospectionJwt, IsAskedForByItsMediaType) {
  TokenScene scene;
  const auto token = member(scene.buy(), "access_token");
  const auto type_for = [&](const std::string& accept) {
    return std::string(scene.introspect(token, "wiki", accept).header("Content-Type").value_or(""));
  };
  for (const auto* accept : {"", "application/json", "*/*", "application/*", "application/jwt",
                             "application/token-introspection+jwt;q=0",
                             "application/token-introspection+jwt; a=b; q=0.0, application/json"}) {
    EXPECT_EQ(type_for(accept), "application/json") << accept;
  }
  for (const auto* accept : {"application/json, Application/Token-Introspection+JWT;q=0.5",
                             "application/token-introspection+jwt;q=0.01"}) {
    EXPECT_EQ(type_for(accept), kJwt) << accept;
  }
}

TEST(IntrospectionJwt, IsSignedWithTheRegisteredAlgorithm) {
  TokenScene scene;
  scene.op.add_client(
      [](model::Client& client) { client.metadata.set("introspection_signed_response_alg", "ES256"); });
  const auto answer = scene.introspect("x", "wiki", kJwt);
  EXPECT_TRUE(jose::verify_jwt_signature(answer.body, published_keys(scene.op),
                                         {.algorithms = {jose::Algorithm::es256}}))
      << answer.body;
  scene.op.add_client(
      [](model::Client& client) { client.metadata.set("introspection_signed_response_alg", "HS256"); });
  const auto with_secret = scene.introspect("x", "wiki", kJwt);
  const auto key = jose::Jwk::from_octets(Secret(scene.op.secret_of(model::ClientId("wiki")))).value();
  EXPECT_TRUE(jose::verify_jwt_signature(with_secret.body, jose::JwkSet({key}),
                                         {.algorithms = {jose::Algorithm::hs256}}))
      << with_secret.body << scene.op.log();
}

TEST(IntrospectionJwt, IsSignedThenEncryptedForTheClientsKey) {  // RFC 9701, 5 and 6
  TokenScene scene;
  const auto own = jose::generate_ec(jose::Curve::p256, {.kid = "mine", .use = "enc"}).value();
  const auto signing = jose::generate_ec(jose::Curve::p256, {.kid = "sig", .use = "sig"}).value();
  scene.op.add_client([&](model::Client& client) {
    client.jwks = jose::JwkSet({*signing.public_key(), *own.public_key()}).dump_public_text();
    client.metadata.set("introspection_encrypted_response_alg", "ECDH-ES+A128KW");
    client.metadata.set("introspection_encrypted_response_enc", "A256GCM");
  });
  const auto answer = scene.introspect(member(scene.buy(), "access_token"), "wiki", kJwt);
  ASSERT_EQ(answer.status, 200) << answer.body << scene.op.log();
  FixedRandom random;
  const auto opened = jose::decrypt_jwt(answer.body, jose::JwkSet({own}),
                                        {.algorithms = {jose::KeyManagement::ecdh_es_a128kw},
                                         .encryptions = {jose::ContentEncryption::a256gcm}},
                                        random);
  ASSERT_TRUE(opened) << opened.error().detail;
  EXPECT_EQ(opened->kid, "mine");
  const auto jwt = jose::verify_jwt_signature(opened->plaintext.reveal(), published_keys(scene.op),
                                              {.algorithms = {jose::Algorithm::rs256}});
  ASSERT_TRUE(jwt);
  EXPECT_EQ(Message(*jwt->claims.find("token_introspection")).text("client_id"), "wiki");
}

TEST(IntrospectionJwt, WithoutAKeyThatFitsIsAnErrorAndNeverInTheClear) {
  TokenScene scene;
  scene.op.add_client([&](model::Client& client) {
    client.metadata.set("introspection_encrypted_response_alg", "RSA-OAEP");
  });
  const auto answer = scene.introspect(member(scene.buy(), "access_token"), "wiki", kJwt);
  EXPECT_EQ(answer.status, 500);
  EXPECT_EQ(member(answer, "error"), "server_error");
  EXPECT_THAT(answer.body, Not(HasSubstr("client_id")));
}

TEST(IntrospectionJwt, IsNoAccessTokenAndNoHint) {  // RFC 9701, 8.1; RFC 8725, 3.11
  TokenScene scene;
  const auto jwt = scene.introspect(member(scene.buy(), "access_token"), "wiki", kJwt).body;
  EXPECT_EQ(get_userinfo(scene.op, jwt).status, 401);
  EXPECT_EQ(scene.silent_error({{"id_token_hint", jwt}}), "invalid_request");
}

}  // namespace
}  // namespace oidcop::testing
