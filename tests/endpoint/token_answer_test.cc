#include "base/base64url.h"
#include "base/digest.h"
#include "endpoint/scene.h"
#include "jose/jwt.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace oidcop::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

const Fields kOffline{{"scope", "openid email offline_access"}, {"prompt", "consent"}};

/// The claims of a JWT; who signed it is proven elsewhere.
Message claims_of(const std::string& jwt) {
  return jose::peek_unverified_claims(jwt).value_or(Message());
}

// --- what is answered -------------------------------------------------------------------------------------

TEST(TokenAnswer, TheIdTokenIsForThisRequestThisLoginAndThisAccessToken) {
  Scene scene;
  const auto login = scene.op.clock.now();
  scene.browser.sign_in(wiki_request());
  scene.op.clock.tick(Seconds(100));
  const auto tokens = scene.buy();
  const auto claims = claims_of(member(tokens, "id_token"));
  EXPECT_EQ(claims.text("nonce"), "n-0S6_WzA2Mj");
  EXPECT_EQ(claims.text("iss"), scene.op.issuer());
  EXPECT_EQ(claims.number("auth_time"), login.time_since_epoch().count());
  EXPECT_THAT(claims.words("amr"), ElementsAre("pwd"));
  EXPECT_EQ(claims.text("sub"), member(get_userinfo(scene.op, member(tokens, "access_token")), "sub"));
  const std::string hash(sha256(member(tokens, "access_token")).octets().substr(0, 16));
  EXPECT_EQ(claims.text("at_hash"), base64url_encode(hash));
  EXPECT_FALSE(claims.has("email")) << "claims of scopes are for userinfo";
  EXPECT_EQ(member(tokens, "expires_in"), "3600");
  EXPECT_EQ(scene.op.store().find_token(sha256(member(tokens, "access_token")))->token.expires_at,
            scene.op.clock.now() + Seconds(3600));
}

TEST(TokenAnswer, ARefreshedIdTokenTellsTheSameLoginAndNoNonce) {  // OpenID Connect Core 1.0, 12.2
  Scene scene;
  const auto first = scene.buy(kOffline);
  scene.op.clock.tick(Seconds(600));
  const auto second = scene.refresh(first);
  const auto before = claims_of(member(first, "id_token"));
  const auto after = claims_of(member(second, "id_token"));
  for (const auto* same : {"iss", "sub", "aud"}) EXPECT_EQ(after.text(same), before.text(same)) << same;
  EXPECT_EQ(after.number("auth_time"), before.number("auth_time"));
  EXPECT_EQ(after.number("iat"), before.number("iat").value_or(0) + 600);
  EXPECT_FALSE(after.has("nonce"));
}

TEST(TokenAnswer, SidIsToldToClientsThatHearOfALogoutAndToNoOther) {
  for (const auto* member_name : {"backchannel_logout_uri", "frontchannel_logout_uri"}) {
    Scene scene;
    EXPECT_FALSE(claims_of(member(scene.buy(), "id_token")).has("sid"));
    scene.change_client(
        [&](model::Client& client) { client.metadata.set(member_name, "https://wiki.example.com/out"); });
    EXPECT_TRUE(claims_of(member(scene.buy(), "id_token")).has("sid")) << member_name;
  }
}

TEST(TokenAnswer, TokensAreBoundToTheCodeTheyCameFrom) {
  Scene scene;
  const auto code = scene.code(kOffline);
  const auto tokens = exchange_code(scene.op, code);
  for (const auto* name : {"access_token", "refresh_token"}) {
    EXPECT_EQ(scene.op.store().find_token(sha256(member(tokens, name)))->token.based_on, sha256(code))
        << name;
  }
  EXPECT_EQ(scene.op.store().find_token(sha256(member(tokens, "refresh_token")))->token.authentication,
            "client_secret_basic");
  EXPECT_THAT(scene.op.log(), HasSubstr("event=token.issued"));
}

// reference defect B44: the session cookie was set on token answers, hence at the relying party's server.
TEST(TokenAnswer, SetsNoCookieWhateverComesAlong) {
  Scene scene;
  const auto code = scene.code();
  std::string jar;
  for (const auto& [name, value] : scene.browser.cookies) jar += name + '=' + value + "; ";
  auto request = a_request("POST", "/token");
  request.content_type = "application/x-www-form-urlencoded";
  request.headers = {{"authorization", scene.header()}, {"cookie", jar}};
  request.body = encoded({{"grant_type", "authorization_code"},
                          {"code", code},
                          {"redirect_uri", "https://wiki.example.com/cb"},
                          {"code_verifier", kVerifier}});
  const auto tokens = scene.op.handle(request);
  ASSERT_EQ(tokens.status, 200);
  EXPECT_FALSE(tokens.header("Set-Cookie"));
  EXPECT_FALSE(scene.op.handle(request).header("Set-Cookie")) << "nor does an error";
  EXPECT_FALSE(get_userinfo(scene.op, member(tokens, "access_token")).header("Set-Cookie"));
}

TEST(TokenAnswer, WhatTheClientsRulesForbidIsNotMinted) {
  Scene scene;
  scene.change_client([](model::Client& client) {
    client.token_usage_rules[model::TokenClass::authorization_code].supports_minting = {
        model::TokenClass::access_token};
  });
  const auto tokens = scene.buy(kOffline);
  EXPECT_EQ(member(tokens, "id_token"), "");
  EXPECT_EQ(member(tokens, "refresh_token"), "");
  scene.change_client([](model::Client& client) {
    client.token_usage_rules[model::TokenClass::authorization_code].supports_minting.emplace();
  });
  const auto refused = exchange_code(scene.op, scene.code());
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(member(refused, "error"), "invalid_grant");
}

TEST(TokenAnswer, ARefreshGoesByTheRulesOfRefreshTokens) {
  Scene scene;
  scene.change_client([](model::Client& client) {
    client.token_usage_rules[model::TokenClass::refresh_token].supports_minting = {
        model::TokenClass::access_token, model::TokenClass::refresh_token};
  });
  const auto first = scene.buy(kOffline);
  EXPECT_NE(member(first, "id_token"), "");
  const auto second = scene.refresh(first);
  EXPECT_EQ(second.status, 200) << second.body;
  EXPECT_EQ(member(second, "id_token"), "");
}

TEST(TokenAnswer, AnAccessTokenThatCanBeReadTellsNothingOfThePerson) {
  Scene scene(with_settings(R"({"token_handler_args": {"token": {"format": "jwt"}}})"));
  const auto claims = claims_of(member(scene.buy(), "access_token"));
  EXPECT_EQ(claims.text("client_id"), "wiki");
  for (const auto* name : {"email", "name", "given_name"}) EXPECT_FALSE(claims.has(name)) << name;
}

TEST(TokenAnswer, WithoutOfflineAccessNothingOutlivesTheSession) {
  Scene scene(with_settings(R"({"session_params": {"sso_lifetime": "30m", "sso_idle_lifetime": "30m"}})"));
  scene.browser.sign_in(wiki_request());
  scene.op.clock.tick(Seconds(600));
  const auto tokens = scene.buy();
  EXPECT_EQ(member(tokens, "expires_in"), "1200");
  scene.op.clock.tick(Seconds(1200));
  EXPECT_EQ(get_userinfo(scene.op, member(tokens, "access_token")).status, 401);
}

TEST(TokenAnswer, AScopeThatTheClientLostIsGoneFromTheNextAccessToken) {
  Scene scene;
  const auto first = scene.buy(kOffline);
  scene.change_client([](model::Client& client) {
    client.allowed_scopes = model::ScopeSet({"openid", "offline_access"});
  });
  const auto second = scene.refresh(first);
  ASSERT_EQ(second.status, 200) << second.body;
  EXPECT_THAT(member(second, "scope"), Not(HasSubstr("email")));
}

TEST(TokenAnswer, WhatWasUntickedIsNotGranted) {
  Scene scene;
  scene.browser.get("/authorization", with(wiki_request(), kOffline));
  scene.browser.submit({{"username", "alice"}, {"password", "wonderland"}, {"decision", "login"}});
  auto redirect = location_parameters(scene.browser.submit({{"decision", "allow"}, {"scope", "email"}}));
  const auto tokens = exchange_code(scene.op, redirect["code"]);
  EXPECT_EQ(member(tokens, "scope"), "openid email");
  EXPECT_EQ(member(tokens, "refresh_token"), "");
  const auto presented = scene.op.store().find_token(sha256(member(tokens, "access_token"))).value();
  EXPECT_FALSE(presented.grant.offline);
}

// --- rotation as configured -------------------------------------------------------------------------------

std::string next_refresh_token(const std::string& rotation, model::ClientAuthMethod method) {
  Scene scene(with_settings(R"({"authz": {"refresh": {"rotation": ")" + rotation + "\"}}}"));
  scene.change_client([&](model::Client& client) { client.token_endpoint_auth_method = method; });
  const bool is_public = method == model::ClientAuthMethod::none;
  const auto post = [&](Fields form) {
    if (is_public) form.emplace_back("client_id", "wiki");
    return post_token(scene.op, form, is_public ? std::string() : scene.header());
  };
  const auto tokens = post({{"grant_type", "authorization_code"},
                            {"code", scene.code(kOffline)},
                            {"redirect_uri", "https://wiki.example.com/cb"},
                            {"code_verifier", kVerifier}});
  const auto next =
      post({{"grant_type", "refresh_token"}, {"refresh_token", member(tokens, "refresh_token")}});
  EXPECT_EQ(next.status, 200) << next.body;
  return member(next, "refresh_token");
}

TEST(TokenRotation, IsAsConfigured) {
  using enum model::ClientAuthMethod;
  EXPECT_NE(next_refresh_token("always", client_secret_basic), "");
  EXPECT_NE(next_refresh_token("public_clients", none), "");
  EXPECT_EQ(next_refresh_token("public_clients", client_secret_basic), "");
  EXPECT_EQ(next_refresh_token("never", client_secret_basic), "");
}

// --- scripts of other sites -------------------------------------------------------------------------------

const std::string kEndpoints = R"("provider_info": {}, "jwks": {}, "authorization": {}, "userinfo": {})";

TEST(TokenCors, IsOpenWhereConfiguredForErrorsToo) {
  Scene scene(with_settings(R"({"endpoint": {)" + kEndpoints + R"(, "token": {"cors": "any"}}})"));
  const auto preflight = scene.op.handle(a_request("OPTIONS", "/token"));
  EXPECT_EQ(preflight.status, 204);
  EXPECT_EQ(preflight.header("Access-Control-Allow-Origin"), "*");
  EXPECT_EQ(preflight.header("Access-Control-Allow-Methods"), "POST");
  EXPECT_THAT(std::string(preflight.header("Access-Control-Allow-Headers").value_or("")),
              HasSubstr("Authorization"));
  const auto refused = post_token(scene.op, {{"grant_type", "authorization_code"}});
  EXPECT_EQ(refused.status, 401);
  for (const auto& response : {scene.buy(), refused}) {
    EXPECT_EQ(response.header("Access-Control-Allow-Origin"), "*");
    EXPECT_THAT(std::string(response.header("Access-Control-Expose-Headers").value_or("")),
                HasSubstr("WWW-Authenticate"));
    EXPECT_FALSE(response.header("Access-Control-Allow-Credentials"));
  }
}

TEST(TokenCors, IsClosedWhereConfigured) {
  Scene scene(with_settings(R"({"endpoint": {)" + kEndpoints + R"(, "token": {"cors": "none"}}})"));
  EXPECT_EQ(scene.op.handle(a_request("OPTIONS", "/token")).status, 405);
  EXPECT_FALSE(scene.buy().header("Access-Control-Allow-Origin"));
  EXPECT_FALSE(scene.browser.get("/authorization", wiki_request()).header("Access-Control-Allow-Origin"));
}

}  // namespace
}  // namespace oidcop::testing
