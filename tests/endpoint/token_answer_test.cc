#include "base/base64url.h"
#include "base/digest.h"
#include "base/json.h"
#include "jose/jwk.h"
#include "jose/jwt.h"
#include "support/test_op.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace oidcop::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

const model::ClientId kWiki("wiki");
const Fields kOffline{{"scope", "openid email offline_access"}, {"prompt", "consent"}};

TestOp::Options with_settings(const std::string& settings) {
  TestOp::Options options;
  options.settings = settings;
  return options;
}

/// The claims of a JWT; who signed it is proven elsewhere.
Message claims_of(const std::string& jwt) {
  return jose::peek_unverified_claims(jwt).value_or(Message());
}

/// One person, one client, one browser.
struct Scene {
  explicit Scene(TestOp::Options options = {}) : op(std::move(options)) {
    op.add_user();
    op.add_client();
  }
  void change_client(const std::function<void(model::Client&)>& change) {
    auto wiki = op.store().find_client(kWiki).value();
    change(wiki);
    ASSERT_TRUE(op.store().put_client(wiki, store::IfExists::replace));
  }
  std::string code(const Fields& changes = {}) {
    return location_parameters(browser.sign_in(with(wiki_request(), changes)))["code"];
  }
  http::Response buy(const Fields& changes = {}) {
    auto tokens = exchange_code(op, code(changes));
    EXPECT_EQ(tokens.status, 200) << tokens.body << op.log();
    return tokens;
  }
  http::Response refresh(const http::Response& tokens, const Fields& changes = {}) {
    const Fields form{{"grant_type", "refresh_token"}, {"refresh_token", member(tokens, "refresh_token")}};
    return post_token(op, with(form, changes), header());
  }
  std::string header() { return basic("wiki", op.secret_of(kWiki)); }
  TestOp op;
  TestBrowser browser{op};
};

// --- what is answered
// ---------------------------------------------------------------------------------------

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

// --- what is refused
// ----------------------------------------------------------------------------------------

TEST(TokenRequest, NeedsItsGrantTypeAndAWellFormedScope) {
  Scene scene;
  const auto code = scene.code(kOffline);
  EXPECT_EQ(member(exchange_code(scene.op, code, {{"grant_type", ""}}), "error"), "invalid_request");
  const auto tokens = exchange_code(scene.op, code);
  ASSERT_EQ(tokens.status, 200) << tokens.body;
  EXPECT_EQ(member(scene.refresh(tokens, {{"scope", "openid \"x"}}), "error"), "invalid_scope");
  EXPECT_EQ(scene.refresh(tokens).status, 200);
}

TEST(TokenRequest, ARepeatedParameterIsRefusedAndBurnsNothing) {
  Scene scene;
  const auto code = scene.code();
  Fields form{{"grant_type", "authorization_code"},
              {"code", code},
              {"redirect_uri", "https://wiki.example.com/cb"},
              {"code_verifier", kVerifier}};
  for (const auto* name : {"grant_type", "code", "redirect_uri", "code_verifier", "unknown"}) {
    auto twice = form;
    twice.emplace_back(name, "x");
    twice.emplace_back(name, "x");
    const auto refused = post_token(scene.op, twice, scene.header());
    EXPECT_EQ(refused.status, 400) << name;
    EXPECT_EQ(member(refused, "error"), "invalid_request") << name;
    EXPECT_EQ(refused.header("Cache-Control"), "no-store") << name;
  }
  EXPECT_EQ(post_token(scene.op, form, scene.header()).status, 200);
}

TEST(TokenRequest, IsAFormInTheBody) {
  Scene scene;
  const auto code = scene.code();
  const Fields form{{"grant_type", "authorization_code"},
                    {"code", code},
                    {"redirect_uri", "https://wiki.example.com/cb"},
                    {"code_verifier", kVerifier}};
  auto request = a_request("POST", "/token");
  request.headers = {{"authorization", scene.header()}};
  request.content_type = "application/json";
  request.body = dump_json(Json(std::map<std::string, std::string>(form.begin(), form.end())));
  EXPECT_EQ(member(scene.op.handle(request), "error"), "invalid_request");
  request.content_type = "multipart/form-data; boundary=x";
  request.body = encoded(form);
  EXPECT_EQ(member(scene.op.handle(request), "error"), "invalid_request");
  request.content_type = "application/x-www-form-urlencoded";
  request.query = encoded(form);
  request.body.clear();
  EXPECT_EQ(member(scene.op.handle(request), "error"), "invalid_request") << "nothing is taken from the URL";
  request.query.clear();
  request.body = encoded(form);
  request.content_type = "application/x-www-form-urlencoded; charset=UTF-8";
  EXPECT_EQ(scene.op.handle(request).status, 200);
}

/// Whoever guesses learns nothing: a credential that is there but not theirs, or of another kind, looks
/// like none at all, even when all else in the request is wrong, too.
TEST(TokenRequest, SomebodyElsesCredentialLooksLikeNone) {
  Scene scene;
  scene.op.add_client([](model::Client& client) {
    client.id = model::ClientId("other");
    client.redirect_uris = {"https://other.example.com/cb"};
  });
  const auto other = basic("other", scene.op.secret_of(model::ClientId("other")));
  const auto code = scene.code();
  const auto refresh_token = member(scene.buy(kOffline), "refresh_token");
  const auto body = [&](const std::string& value, const std::string& header, const Fields& changes) {
    const Fields form{{"grant_type", "authorization_code"},
                      {"code", value},
                      {"redirect_uri", "https://wiki.example.com/cb"},
                      {"code_verifier", kVerifier}};
    const auto refused = post_token(scene.op, with(form, changes), header);
    EXPECT_EQ(refused.status, 400);
    return refused.body;
  };
  for (const auto& changes : {Fields{{"code_verifier", std::string(43, 'a')}}, Fields{{"code_verifier", ""}},
                              Fields{{"redirect_uri", ""}}, Fields{{"redirect_uri", "https://x.example/"}}}) {
    const auto unknown = body("no-such-code", other, changes);
    EXPECT_EQ(body(code, other, changes), unknown);
    EXPECT_EQ(body(refresh_token, scene.header(), changes), unknown);
  }
  EXPECT_EQ(exchange_code(scene.op, code).status, 200);
}

/// Whoever saw the code and nothing else can neither use it nor take its tokens away.
TEST(TokenRequest, AReplayThatProvesTooLittleRevokesNothing) {
  Scene scene;
  const auto code = scene.code();
  const auto tokens = exchange_code(scene.op, code);
  for (const auto& changes : {Fields{{"code_verifier", std::string(43, 'a')}}, Fields{{"code_verifier", ""}},
                              Fields{{"redirect_uri", "https://x.example/"}}}) {
    EXPECT_EQ(exchange_code(scene.op, code, changes).status, 400);
    EXPECT_EQ(get_userinfo(scene.op, member(tokens, "access_token")).status, 200);
  }
  EXPECT_EQ(exchange_code(scene.op, code).status, 400);
  EXPECT_EQ(get_userinfo(scene.op, member(tokens, "access_token")).status, 401);
}

TEST(TokenRequest, PkceVerifiersHave43To128Characters) {  // RFC 7636, 4.1
  Scene scene;
  for (const std::size_t length : {42U, 43U, 128U, 129U}) {
    const std::string verifier(length, 'v');
    const auto challenge = base64url_encode(sha256(verifier).octets());
    const auto code = scene.code({{"code_challenge", challenge}});
    const bool fits = length >= 43 && length <= 128;
    EXPECT_EQ(exchange_code(scene.op, code, {{"code_verifier", verifier}}).status, fits ? 200 : 400)
        << length;
  }
}

TEST(TokenRequest, TheChallengeItselfIsNoVerifier) {
  Scene scene;
  const auto code = scene.code();
  EXPECT_EQ(member(exchange_code(scene.op, code, {{"code_verifier", kChallenge}}), "error"), "invalid_grant");
}

/// The hook runs between the look at the code and its exchange: there somebody else is faster.
TEST(TokenRequest, OfTwoAtTheSameMomentOneIsAnsweredAndTheOtherRevokes) {
  TestOp* op = nullptr;
  http::Response faster;
  bool once = true;
  Hooks hooks;
  const auto overtake = [&](Message& request, const HookContext&) -> Verdict {
    if (std::exchange(once, false)) faster = exchange_code(*op, request.text("code").value_or(""));
    return {};
  };
  ASSERT_TRUE(hooks.add_post_parse_request("token", "zoo", overtake));
  TestOp::Options options;
  options.hooks = std::move(hooks);
  Scene scene(std::move(options));
  op = &scene.op;
  const auto slower = exchange_code(scene.op, scene.code());
  EXPECT_EQ(faster.status, 200) << faster.body;
  EXPECT_EQ(slower.status, 400) << slower.body;
  EXPECT_EQ(member(slower, "error"), "invalid_grant");
  EXPECT_EQ(get_userinfo(scene.op, member(faster, "access_token")).status, 401);
}

TEST(TokenRequest, WhatIsRevokedAtTheSameMomentBuysNothing) {
  TestOp* op = nullptr;
  bool armed = false;
  Hooks hooks;
  const auto revoke = [&](Message& request, const HookContext&) -> Verdict {
    if (!armed) return {};
    const auto value = request.text("code").value_or(request.text("refresh_token").value_or(""));
    const auto presented = op->store().find_token(sha256(value)).value();
    EXPECT_TRUE(op->store().revoke_grant(presented.grant.id, op->clock.now()));
    return {};
  };
  ASSERT_TRUE(hooks.add_post_parse_request("token", "zoo", revoke));
  TestOp::Options options;
  options.hooks = std::move(hooks);
  Scene scene(std::move(options));
  op = &scene.op;
  const auto tokens = scene.buy(kOffline);
  const auto code = scene.code();
  armed = true;
  for (const auto& refused : {exchange_code(scene.op, code), scene.refresh(tokens)}) {
    EXPECT_EQ(refused.status, 400) << refused.body;
    EXPECT_EQ(member(refused, "error"), "invalid_grant");
    EXPECT_EQ(member(refused, "access_token"), "");
  }
}

TEST(TokenRequest, AnAssertionIsTakenOnceForARefreshToo) {
  Scene scene;
  const auto key = jose::generate_ec(jose::Curve::p256, {}).value();
  scene.op.add_client([&](model::Client& client) {
    client.token_endpoint_auth_method = model::ClientAuthMethod::private_key_jwt;
    client.jwks = dump_json(Json{{"keys", Json::array({key.public_json().value()})}});
  });
  const auto post = [&](const Fields& form, const std::string& jti) {
    const auto now = scene.op.clock.now().time_since_epoch().count();
    const Json claims{
        {"iss", "wiki"}, {"sub", "wiki"}, {"aud", scene.op.issuer()}, {"exp", now + 60}, {"jti", jti}};
    auto all = form;
    all.emplace_back("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    all.emplace_back("client_assertion",
                     jose::sign_jwt(Message(claims), key, jose::Algorithm::es256).value());
    return post_token(scene.op, all);
  };
  const auto tokens = post({{"grant_type", "authorization_code"},
                            {"code", scene.code(kOffline)},
                            {"redirect_uri", "https://wiki.example.com/cb"},
                            {"code_verifier", kVerifier}},
                           "first");
  const Fields refresh{{"grant_type", "refresh_token"}, {"refresh_token", member(tokens, "refresh_token")}};
  EXPECT_EQ(post(refresh, "first").status, 401) << "it bought the code's tokens";
  const auto second = post(refresh, "second");
  ASSERT_EQ(second.status, 200) << second.body << scene.op.log();
  EXPECT_EQ(
      post({{"grant_type", "refresh_token"}, {"refresh_token", member(second, "refresh_token")}}, "second")
          .status,
      401);
}

// --- rotation as configured
// ---------------------------------------------------------------------------------

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

// --- scripts of other sites
// ---------------------------------------------------------------------------------

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
