#include "token_keeping.h"

#include "base/json.h"
#include "jose/jwt.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace oidcop::testing {
namespace {

using ::testing::HasSubstr;

constexpr const char* kResources = R"({
  "endpoint": {"provider_info": {}, "jwks": {}, "authorization": {}, "token": {}, "userinfo": {},
               "revocation": {}, "introspection": {}},
  "authz": {"refresh": {"require_offline_access": false}},
  "resources": {"https://api.example.org": {"access_token_format": "jwt", "resource_servers": ["gateway"]},
                "https://files.example.org/v1": {},
                "urn:example:mail": {"access_token_format": "opaque"}}})";
const std::string kApi = "https://api.example.org";
const std::string kFiles = "https://files.example.org/v1";
const std::string kMail = "urn:example:mail";

struct ResourceScene : TokenScene {
  ResourceScene() : TokenScene(kResources) {}
  /// An authorization request for these; answers the parameters of what came back.
  std::map<std::string, std::string> authorize(const std::vector<std::string>& resources) {
    Fields request = wiki_request();
    for (const auto& resource : resources) request.emplace_back("resource", resource);
    return location_parameters(browser.sign_in(request));
  }
  http::Response exchange(const std::vector<std::string>& granted,
                          const std::vector<std::string>& wanted = {}) {
    Fields form{{"grant_type", "authorization_code"},
                {"code", authorize(granted)["code"]},
                {"redirect_uri", "https://wiki.example.com/cb"},
                {"code_verifier", kVerifier}};
    for (const auto& resource : wanted) form.emplace_back("resource", resource);
    return post_token(op, form, header());
  }
  http::Response refresh_for(const http::Response& tokens, const std::vector<std::string>& wanted) {
    Fields form{{"grant_type", "refresh_token"}, {"refresh_token", member(tokens, "refresh_token")}};
    for (const auto& resource : wanted) form.emplace_back("resource", resource);
    return post_token(op, form, header());
  }
  /// Claims of an access token that is a JWT; nothing for an opaque one.
  std::optional<Message> claims_of(const std::string& token) {
    const auto keys = *jose::JwkSet::parse_text(op.handle(a_request("GET", "/jwks.json")).body);
    const auto jwt =
        jose::verify_jwt_signature(token, keys, {.algorithms = jose::AlgorithmSet::asymmetric()});
    if (!jwt) return std::nullopt;
    EXPECT_EQ(jwt->header.text("typ"), "at+jwt");
    return jwt->claims;
  }
};

std::string audience(const std::optional<Message>& claims) {
  return claims && claims->find("aud") != nullptr ? dump_json(*claims->find("aud")) : "";
}

TEST(ResourceIndicators, ATokenIsForTheResourceItWasAskedFor) {  // RFC 8707, 2.2
  ResourceScene scene;
  const auto tokens = scene.exchange({kApi});
  ASSERT_EQ(tokens.status, 200) << tokens.body << scene.op.log();
  const auto claims = scene.claims_of(member(tokens, "access_token"));
  ASSERT_TRUE(claims) << "the resource takes JWTs";
  EXPECT_EQ(audience(claims), '"' + kApi + '"');
  // RFC 9068, 2.2
  EXPECT_EQ(claims->text("iss"), scene.op.issuer());
  EXPECT_EQ(claims->text("client_id"), "wiki");
  EXPECT_EQ(claims->text("scope"), "openid profile email");
  for (const auto* name : {"sub", "exp", "iat", "jti", "auth_time", "acr", "amr"})
    EXPECT_TRUE(claims->has(name)) << name;
  EXPECT_FALSE(claims->has("email"));
}

TEST(ResourceIndicators, ATokenForAResourceIsNotForUserinfo) {
  ResourceScene scene;
  const auto elsewhere = member(scene.exchange({kFiles}), "access_token");
  EXPECT_EQ(get_userinfo(scene.op, elsewhere).status, 401);
  const auto here = member(scene.exchange({kFiles, scene.op.issuer()}), "access_token");
  EXPECT_EQ(get_userinfo(scene.op, here).status, 200);
  EXPECT_EQ(get_userinfo(scene.op, member(scene.exchange({}), "access_token")).status, 200);
}

TEST(ResourceIndicators, UserinfoTakesJwtsToo) {
  ResourceScene scene;
  scene.change_client(
      [](model::Client& client) { client.access_token_format = model::AccessTokenFormat::jwt; });
  const auto token = member(scene.exchange({}), "access_token");
  EXPECT_EQ(audience(scene.claims_of(token)), '"' + scene.op.issuer() + '"');
  EXPECT_EQ(get_userinfo(scene.op, token).status, 200);
  EXPECT_EQ(scene.revoke(token).status, 200);
  EXPECT_EQ(get_userinfo(scene.op, token).status, 401);
}

TEST(ResourceIndicators, TheFormatIsTheResourcesThenTheClients) {
  ResourceScene scene;
  const auto is_jwt = [&](const std::string& resource) {
    return scene.claims_of(member(scene.exchange({resource}), "access_token")).has_value();
  };
  EXPECT_TRUE(is_jwt(kApi));
  EXPECT_FALSE(is_jwt(kFiles));
  EXPECT_FALSE(is_jwt(kMail));
  scene.change_client(
      [](model::Client& client) { client.access_token_format = model::AccessTokenFormat::jwt; });
  EXPECT_TRUE(is_jwt(kFiles));
  EXPECT_FALSE(is_jwt(kMail));
}

TEST(ResourceIndicators, OneTokenMayBeForSeveral) {
  ResourceScene scene;
  const auto both = scene.exchange({kFiles, kMail});
  ASSERT_EQ(both.status, 200) << both.body;
  const auto told = scene.introspect(member(both, "access_token"));
  EXPECT_EQ(member(told, "aud"), "[\"" + kFiles + "\",\"" + kMail + "\"]");
  const auto refused = scene.exchange({kApi, kMail});
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(member(refused, "error"), "invalid_target") << "formats differ";
  EXPECT_EQ(scene.exchange({kApi, kMail}, {kMail}).status, 200);
}

TEST(ResourceIndicators, ATokenRequestMayAskForLessAndNeverForMore) {  // RFC 8707, 2.2
  ResourceScene scene;
  const auto narrower = scene.exchange({kApi, kFiles}, {kApi});
  ASSERT_EQ(narrower.status, 200) << narrower.body;
  EXPECT_EQ(audience(scene.claims_of(member(narrower, "access_token"))), '"' + kApi + '"');
  for (const auto& granted : {std::vector<std::string>{kFiles}, std::vector<std::string>{}}) {
    const auto refused = scene.exchange(granted, {kApi});
    EXPECT_EQ(refused.status, 400);
    EXPECT_EQ(member(refused, "error"), "invalid_target");
    EXPECT_EQ(member(refused, "access_token"), "");
  }
}

TEST(ResourceIndicators, ARefusedOneDoesNotSpendTheCode) {
  ResourceScene scene;
  const auto code = scene.authorize({kFiles})["code"];
  EXPECT_EQ(member(exchange_code(scene.op, code, {{"resource", kApi}}), "error"), "invalid_target");
  EXPECT_EQ(exchange_code(scene.op, code).status, 200);
}

TEST(ResourceIndicators, ARefreshMayTurnToAnotherOfThoseGranted) {  // RFC 8707, 2.2
  ResourceScene scene;
  const auto first = scene.exchange({kApi, kFiles}, {kApi});
  const auto second = scene.refresh_for(first, {kFiles});
  ASSERT_EQ(second.status, 200) << second.body << scene.op.log();
  EXPECT_EQ(member(scene.introspect(member(second, "access_token")), "aud"), kFiles);
  const auto refused = scene.refresh_for(second, {kMail});
  EXPECT_EQ(member(refused, "error"), "invalid_target");
  const auto third = scene.refresh_for(second, {});
  EXPECT_EQ(third.status, 400) << "both together want different formats" << third.body;
  EXPECT_EQ(scene.refresh_for(second, {kApi}).status, 200) << "no refusal has spent the refresh token";
}

TEST(ResourceIndicators, AnAuthorizationRequestForAnUnknownOneIsSentBack) {  // RFC 8707, 2
  ResourceScene scene;
  struct Row {
    const char* what;
    std::vector<std::string> resources;
  };
  const Row rows[] = {{"unknown", {"https://other.example.org"}},
                      {"one of two unknown", {kApi, "https://other.example.org"}},
                      {"another spelling", {kApi + '/'}},
                      {"with a fragment", {kApi + "#part"}},
                      {"relative", {"/api"}},
                      {"no URI", {"api"}},
                      {"too many", std::vector<std::string>(20, "https://other.example.org")}};
  for (const auto& row : rows) {
    auto answer = scene.authorize(row.resources);
    EXPECT_EQ(answer["error"], "invalid_target") << row.what;
    EXPECT_EQ(answer["code"], "") << row.what;
    EXPECT_THAT(answer["error_description"], HasSubstr("resource")) << row.what;
    EXPECT_EQ(answer["state"], "af0ifjsldkj") << row.what;
  }
  EXPECT_NE(scene.authorize({kApi, kApi})["code"], "") << "the same one twice is one";
}

TEST(ResourceIndicators, WhereNoneIsConfiguredNoneIsKnown) {
  TokenScene scene;
  EXPECT_EQ(scene.silent_error({{"resource", kApi}}), "invalid_target");
}

TEST(ResourceIndicators, SurviveThePagesAndAPostFromAnotherSite) {
  ResourceScene scene;
  Fields request = wiki_request();
  request.emplace_back("resource", kFiles);
  request.emplace_back("resource", kMail);
  auto posted = a_request("POST", "/authorization");
  posted.content_type = "application/x-www-form-urlencoded";
  posted.body = encoded(request);
  posted.headers = {{"sec-fetch-site", "cross-site"}};
  const auto again = scene.op.handle(posted);
  ASSERT_EQ(again.status, 303) << again.body;
  const auto query = std::string(*again.header("Location"));
  EXPECT_THAT(query, HasSubstr("resource=https%3A%2F%2Ffiles.example.org%2Fv1"));
  EXPECT_THAT(query, HasSubstr("resource=urn%3Aexample%3Amail"));
}

TEST(Introspection, TellsAResourceServerAboutTokensForItsResource) {
  ResourceScene scene;
  const auto for_api = member(scene.exchange({kApi}), "access_token");
  const auto for_files = member(scene.exchange({kFiles}), "access_token");
  const auto told = scene.introspect(for_api, "gateway");
  EXPECT_EQ(member(told, "active"), "true");
  EXPECT_EQ(member(told, "aud"), kApi);
  EXPECT_NE(member(told, "jti"), "");
  EXPECT_EQ(scene.introspect(for_files, "gateway").body, R"({"active":false})");
  EXPECT_EQ(scene.introspect(for_api, "shop").body, R"({"active":false})");
  EXPECT_EQ(member(scene.introspect(for_files), "jti"), "");
}

TEST(Introspection, OfAJwtWhoseKeyIsCompromisedSaysItIsNotActive) {
  ResourceScene scene;
  auto token = member(scene.exchange({kApi}), "access_token");
  ASSERT_TRUE(scene.is_active(token));
  token[token.size() - 10] = token[token.size() - 10] == 'A' ? 'B' : 'A';
  EXPECT_FALSE(scene.is_active(token));
}

}  // namespace
}  // namespace oidcop::testing
