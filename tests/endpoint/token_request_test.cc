#include "base/base64url.h"
#include "base/digest.h"
#include "base/json.h"
#include "endpoint/scene.h"
#include "jose/jwk.h"
#include "jose/jwt.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <utility>

namespace oidcop::testing {
namespace {

const Fields kOffline{{"scope", "openid email offline_access"}, {"prompt", "consent"}};

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

}  // namespace
}  // namespace oidcop::testing
