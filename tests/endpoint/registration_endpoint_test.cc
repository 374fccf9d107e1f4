#include "registration_scene.h"
#include "support/fake_fetcher.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace oidcop::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kDiscovery = "/.well-known/openid-configuration";

// OpenID Connect Dynamic Client Registration 1.0, 3.2; RFC 7591, 3.2.1.
TEST(RegistrationEndpoint, AnswersWithEverythingThatIsRegistered) {
  RegistrationScene scene;
  const auto answer = scene.enroll(RegistrationScene::metadata());
  ASSERT_EQ(answer.status, 201) << answer.body << scene.op.log();
  EXPECT_EQ(answer.header("Content-Type"), "application/json");
  EXPECT_EQ(answer.header("Cache-Control"), "no-store");
  EXPECT_EQ(answer.header("Pragma"), "no-cache");
  const auto client = RegistrationScene::body_of(answer);
  const auto id = RegistrationScene::text(client, "client_id");
  EXPECT_GE(id.size(), 22U);
  EXPECT_GE(RegistrationScene::text(client, "client_secret").size(), 43U);
  EXPECT_EQ(client["client_secret_expires_at"], 0);
  EXPECT_EQ(client["client_id_issued_at"], scene.op.clock.now().time_since_epoch().count());
  EXPECT_GE(RegistrationScene::text(client, "registration_access_token").size(), 43U);
  EXPECT_EQ(client["registration_client_uri"], "https://op.example.org/registration_api?client_id=" + id);
  EXPECT_EQ(client["client_name"], "The App");
  EXPECT_EQ(client["application_type"], "web");
  EXPECT_EQ(client["redirect_uris"], Json({"https://app.example.net/cb"}));
  EXPECT_EQ(client["response_types"], Json({"code"}));
  EXPECT_EQ(client["grant_types"], Json({"authorization_code"}));
  EXPECT_EQ(client["token_endpoint_auth_method"], "client_secret_basic");
  EXPECT_EQ(client["subject_type"], "public");
  EXPECT_EQ(client["id_token_signed_response_alg"], "RS256");
  EXPECT_THAT(RegistrationScene::text(client, "scope"), HasSubstr("openid phone profile"));
}

TEST(RegistrationEndpoint, MakesAClientThatPeopleCanSignInTo) {
  RegistrationScene scene;
  const auto client = scene.enrolled();
  const auto tokens = scene.sign_in_to(client);
  EXPECT_EQ(tokens.status, 200) << tokens.body << scene.op.log();
  EXPECT_NE(member(tokens, "id_token"), "");
}

TEST(RegistrationEndpoint, KeepsNoSecretAndNoTokenInReadableForm) {
  RegistrationScene scene;
  const auto client = scene.enrolled();
  const auto kept = dump_json(model::to_message(**scene.op.store().find_client(model::ClientId(
                                                    RegistrationScene::text(client, "client_id"))))
                                  .json());
  for (const auto* name : {"client_secret", "registration_access_token"}) {
    EXPECT_THAT(kept, Not(HasSubstr(RegistrationScene::text(client, name)))) << name;
    EXPECT_THAT(scene.op.log(), Not(HasSubstr(RegistrationScene::text(client, name)))) << name;
  }
  EXPECT_THAT(scene.op.log(), HasSubstr("event=client.registered"));
}

TEST(RegistrationEndpoint, GivesAPublicClientNoSecret) {
  RegistrationScene scene;
  const auto client = scene.enrolled({{"token_endpoint_auth_method", "none"}});
  EXPECT_FALSE(client.contains("client_secret"));
  EXPECT_FALSE(client.contains("client_secret_expires_at"));
}

TEST(RegistrationEndpoint,
     KeepsNamesInEveryLanguage) {  // OpenID Connect Dynamic Client Registration 1.0, 2.1
  RegistrationScene scene;
  const auto client =
      scene.enrolled({{"client_name#de", "Die Anwendung"}, {"tos_uri#fr", "https://a.example/f"}});
  EXPECT_EQ(client["client_name#de"], "Die Anwendung");
  EXPECT_EQ(client["tos_uri#fr"], "https://a.example/f");
  EXPECT_EQ(client["client_name"], "The App");
}

TEST(RegistrationEndpoint, IgnoresWhatNobodyKnowsAndWhatOnlyTheAdministratorGives) {  // RFC 7591, 2
  RegistrationScene scene;
  const Json asked{{"no_such_member", 1},
                   {"pkce_essential", false},
                   {"consent", "implicit"},
                   {"allowed_groups", {"staff"}},
                   {"denied_groups", {"staff"}},
                   {"id_token_claims", true},
                   {"add_claims", {{"always", {{"userinfo", {"address"}}}}}},
                   {"token_usage_rules", {{"access_token", {{"expires_in", 999999}}}}},
                   {"access_token_format", "jwt"},
                   {"rotate_refresh_tokens", false},
                   {"vetted", true},
                   {"origin", "administrator"},
                   {"enabled", true},
                   {"version", 99},
                   {"secrets", Json::array()},
                   {"jwks_uri#de", "https://app.example.net/keys"},
                   {"client_id", "chosen"},
                   {"client_secret", "chosen-by-myself-and-quite-long-enough"},
                   {"client_secret_expires_at", 5},
                   {"registration_access_token", "chosen"},
                   {"client_id_issued_at", 1}};
  const auto client = scene.enrolled(asked);
  for (const auto& [name, value] : asked.items()) {
    if (!client.contains(name)) continue;
    EXPECT_NE(client[name], value) << name;
    EXPECT_THAT(name, ::testing::AnyOf("client_id", "client_secret", "client_secret_expires_at",
                                       "registration_access_token", "client_id_issued_at"));
  }
  const auto kept =
      *scene.op.store().find_client(model::ClientId(RegistrationScene::text(client, "client_id")));
  EXPECT_EQ(kept->consent, model::ConsentMode::remember);
  EXPECT_TRUE(kept->allowed_groups.empty());
  EXPECT_FALSE(kept->metadata.has("pkce_essential"));
  EXPECT_FALSE(kept->vetted);
  EXPECT_EQ(kept->origin, model::ClientOrigin::open_registration);
  // PKCE is needed all the same.
  const auto refused = location_parameters(
      scene.browser.sign_in(with(RegistrationScene::request_of(client), {{"code_challenge", ""}})));
  EXPECT_EQ(refused.count("code"), 0U);
}

TEST(RegistrationEndpoint, KeepsHowAClientWantsToHearOfALogout) {
  RegistrationScene scene;
  const Json wanted{{"backchannel_logout_uri", "https://app.example.net/back"},
                    {"backchannel_logout_session_required", true},
                    {"frontchannel_logout_uri", "https://app.example.net/front"},
                    {"frontchannel_logout_session_required", true},
                    {"post_logout_redirect_uris", {"https://app.example.net/bye"}}};
  const auto client = scene.enrolled(wanted);
  for (const auto& [name, value] : wanted.items()) EXPECT_EQ(client[name], value) << name;
}

TEST(RegistrationEndpoint, RegistersOfTheScopesThoseThatThereAre) {  // RFC 7591, 2
  RegistrationScene scene;
  EXPECT_EQ(scene.enrolled({{"scope", "openid email admin"}})["scope"], "openid email");
}

TEST(RegistrationEndpoint, LetsAnybodyHaveTokensForPeopleOnly) {
  RegistrationScene scene;
  const Json wanted{{"grant_types", {"authorization_code", "client_credentials"}}};
  auto document = RegistrationScene::metadata();
  document.merge_patch(wanted);
  const auto refused = scene.enroll(document);
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(member(refused, "error"), "invalid_client_metadata");
  EXPECT_THAT(member(refused, "error_description"), HasSubstr("grant_types"));
  EXPECT_EQ(scene.enroll(document, scene.initial_token()).status, 201);
}

TEST(RegistrationEndpoint, WithoutATokenIsRefusedUnlessItIsOpen) {  // RFC 7591, 3
  RegistrationScene scene("{}");
  const auto refused = scene.enroll(RegistrationScene::metadata());
  EXPECT_EQ(refused.status, 401);
  EXPECT_EQ(refused.header("WWW-Authenticate"), "Bearer");
  EXPECT_EQ(refused.header("Content-Type"), "application/json");
  EXPECT_EQ(scene.clients(), 1U);
  const auto client = scene.enrolled(Json::object(), scene.initial_token());
  const auto kept =
      *scene.op.store().find_client(model::ClientId(RegistrationScene::text(client, "client_id")));
  EXPECT_TRUE(kept->vetted);
  EXPECT_EQ(kept->origin, model::ClientOrigin::initial_access_token);
  EXPECT_THAT(scene.op.log(),
              HasSubstr("origin=initial_access_token detail=\"initial access token token-1\""));
}

TEST(RegistrationEndpoint, HoldsWhoeverPresentsATokenToIt) {
  for (const auto* registration : {kOpen, "{}"}) {
    RegistrationScene scene(registration);
    const auto token = scene.initial_token();
    EXPECT_EQ(scene.enroll(RegistrationScene::metadata(), token).status, 201);
    for (const auto& wrong : {token, std::string("never-issued"), std::string("another one")}) {
      const auto refused = scene.enroll(RegistrationScene::metadata(), wrong);
      EXPECT_THAT(refused.status, ::testing::AnyOf(400, 401)) << wrong;
      EXPECT_THAT(std::string(refused.header("WWW-Authenticate").value_or("")), HasSubstr("Bearer"));
    }
    EXPECT_EQ(member(scene.enroll(RegistrationScene::metadata(), token), "error"), "invalid_token");
    auto basic_header = a_request("POST", "/registration");
    basic_header.content_type = "application/json";
    basic_header.body = dump_json(RegistrationScene::metadata());
    basic_header.headers = {{"authorization", basic("wiki", scene.op.secret_of(model::ClientId("wiki")))}};
    EXPECT_EQ(scene.op.handle(basic_header).status, 401);
    EXPECT_EQ(scene.clients(), 2U);
  }
}

TEST(RegistrationEndpoint, ATokenThatIsOverOrRevokedIsWorthless) {
  RegistrationScene scene("{}");
  const auto token = scene.initial_token(5);
  scene.op.clock.tick(std::chrono::hours(25));
  EXPECT_EQ(member(scene.enroll(RegistrationScene::metadata(), token), "error"), "invalid_token");
  scene.op.clock.tick(-std::chrono::hours(25));
  EXPECT_EQ(scene.enroll(RegistrationScene::metadata(), token).status, 201);
  ASSERT_TRUE(scene.op.store().revoke_initial_token("token-1", scene.op.clock.now()));
  EXPECT_EQ(member(scene.enroll(RegistrationScene::metadata(), token), "error"), "invalid_token");
}

TEST(RegistrationEndpoint, WrongMetadataSpendsNoToken) {
  RegistrationScene scene("{}");
  const auto token = scene.initial_token();
  EXPECT_EQ(member(scene.enroll({{"redirect_uris", 5}}, token), "error"), "invalid_redirect_uri");
  EXPECT_EQ(scene.enroll(RegistrationScene::metadata(), token).status, 201);
}

TEST(RegistrationEndpoint, IsLimitedForEachNetwork) {
  RegistrationScene scene(R"({"policy": "open", "network_registrations": 2})");
  EXPECT_EQ(scene.enroll(RegistrationScene::metadata()).status, 201);
  scene.address = "192.0.2.8";
  EXPECT_EQ(scene.enroll(RegistrationScene::metadata()).status, 201);
  const auto refused = scene.enroll(RegistrationScene::metadata());
  EXPECT_EQ(refused.status, 429);
  EXPECT_TRUE(refused.header("Retry-After"));
  EXPECT_EQ(scene.clients(), 3U);
  EXPECT_EQ(scene.enroll(RegistrationScene::metadata(), scene.initial_token()).status, 201);
  scene.address = "198.51.100.1";
  EXPECT_EQ(scene.enroll(RegistrationScene::metadata()).status, 201);
  scene.address = "192.0.2.7";
  scene.op.clock.tick(std::chrono::hours(1));
  EXPECT_EQ(scene.enroll(RegistrationScene::metadata()).status, 201);
}

TEST(RegistrationEndpoint, IsFullWhenAsManyAreUnvettedAsMayBe) {
  RegistrationScene scene(R"({"policy": "open", "most_unvetted": 1})");
  EXPECT_EQ(scene.enroll(RegistrationScene::metadata()).status, 201);
  const auto refused = scene.enroll(RegistrationScene::metadata());
  EXPECT_EQ(refused.status, 503);
  EXPECT_TRUE(refused.header("Retry-After"));
  EXPECT_THAT(scene.op.log(), HasSubstr("event=registration.full"));
  EXPECT_EQ(scene.enroll(RegistrationScene::metadata(), scene.initial_token()).status, 201);
}

TEST(RegistrationEndpoint, LetsSecretsExpireWhereThatIsConfigured) {
  RegistrationScene scene(
      R"({"policy": "open", "client_secret_expires": true, "client_secret_expires_in": "1h"})");
  const auto client = scene.enrolled();
  EXPECT_EQ(client["client_secret_expires_at"], scene.op.clock.now().time_since_epoch().count() + 3600);
  const auto in_time =
      location_parameters(scene.browser.sign_in(RegistrationScene::request_of(client)))["code"];
  EXPECT_EQ(scene.exchange(client, in_time).status, 200);
  scene.op.clock.tick(std::chrono::hours(1));
  const auto late = location_parameters(scene.browser.sign_in(RegistrationScene::request_of(client)))["code"];
  const auto refused = scene.exchange(client, late);
  EXPECT_EQ(refused.status, 401);
  EXPECT_EQ(member(refused, "error"), "invalid_client");
}

struct BadRedirect {
  std::string what;
  Json changes;
};
TEST(RegistrationEndpoint, RefusesRedirectUrisThatAreNotForTheKindOfClient) {
  const BadRedirect kCases[] = {
      {"none", {{"redirect_uris", nullptr}}},
      {"an empty list", {{"redirect_uris", Json::array()}}},
      {"no list", {{"redirect_uris", "https://app.example.net/cb"}}},
      {"http", {{"redirect_uris", {"http://app.example.net/cb"}}}},
      {"a fragment", {{"redirect_uris", {"https://app.example.net/cb#x"}}}},
      {"http on localhost", {{"redirect_uris", {"http://localhost/cb"}}}},
      {"https on localhost", {{"redirect_uris", {"https://localhost/cb"}}}},
      {"https on a loopback address", {{"redirect_uris", {"https://127.0.0.1/cb"}}}},
      {"a private scheme", {{"redirect_uris", {"com.example.app:/cb"}}}},
      {"a script", {{"redirect_uris", {"javascript:alert(1)"}}}},
      {"relative", {{"redirect_uris", {"/cb"}}}},
      {"too long", {{"redirect_uris", {"https://a.example/" + std::string(2100, 'a')}}}},
      {"native: http elsewhere",
       {{"application_type", "native"}, {"redirect_uris", {"http://app.example.net/cb"}}}},
      {"native: a scheme without a dot", {{"application_type", "native"}, {"redirect_uris", {"app:/cb"}}}}};
  RegistrationScene scene;
  for (const auto& [what, changes] : kCases) {
    auto document = RegistrationScene::metadata();
    document.merge_patch(changes);
    const auto refused = scene.enroll(document);
    EXPECT_EQ(refused.status, 400) << what;
    EXPECT_EQ(member(refused, "error"), "invalid_redirect_uri") << what << refused.body;
    EXPECT_THAT(member(refused, "error_description"), HasSubstr("redirect_uris")) << what;
    EXPECT_EQ(refused.header("Cache-Control"), "no-store") << what;
  }
  EXPECT_EQ(scene.clients(), 1U);
}

TEST(RegistrationEndpoint, TakesTheRedirectUrisOfInstalledApplications) {  // RFC 8252, 7
  RegistrationScene scene;
  const auto client = scene.enrolled({{"application_type", "native"},
                                      {"token_endpoint_auth_method", "none"},
                                      {"redirect_uris",
                                       {"com.example.app:/cb", "http://127.0.0.1/cb", "http://[::1]/cb",
                                        "http://localhost/cb", "https://app.example.net/claimed"}}});
  EXPECT_EQ(client["redirect_uris"].size(), 5U);
}

TEST(RegistrationEndpoint, LooksIntoTheSectorBeforeItBelievesIt) {
  FakeFetcher network;
  TestOp::Options options;
  options.fetcher = &network;
  RegistrationScene scene(kOpen, "{}", std::move(options));
  const Json sector{{"subject_type", "pairwise"}, {"sector_identifier_uri", "https://sector.example/uris"}};
  auto document = RegistrationScene::metadata();
  document.merge_patch(sector);
  const auto refused = scene.enroll(document);
  EXPECT_EQ(member(refused, "error"), "invalid_client_metadata");
  EXPECT_THAT(member(refused, "error_description"), HasSubstr("sector_identifier_uri"));
  network.serve("https://sector.example/uris", R"(["https://other.example/cb"])");
  EXPECT_EQ(member(scene.enroll(document), "error"), "invalid_client_metadata");
  EXPECT_EQ(scene.clients(), 1U);
  network.serve("https://sector.example/uris", R"(["https://app.example.net/cb"])");
  EXPECT_EQ(scene.enroll(document).status, 201);
}

TEST(RegistrationEndpoint, IsAnsweredOnlyWhereItIsNamed) {
  Scene usual;
  EXPECT_EQ(member(usual.op.handle(a_request("GET", kDiscovery)), "registration_endpoint"), "");
  EXPECT_EQ(usual.op.handle(a_request("POST", "/registration")).status, 404);
  EXPECT_EQ(usual.op.handle(a_request("GET", "/registration_api")).status, 404);
  RegistrationScene on;
  EXPECT_EQ(member(on.op.handle(a_request("GET", kDiscovery)), "registration_endpoint"),
            "https://op.example.org/registration");
  EXPECT_EQ(on.op.handle(a_request("GET", "/registration")).status, 405);
}

TEST(RegistrationEndpoint, WithoutManagementGivesNoTokenForIt) {
  RegistrationScene scene;
  Scene alone(with_settings(R"({"endpoint": {"jwks": {}, "authorization": {}, "token": {},
                                "registration": {"policy": "open"}}})"));
  auto request = a_request("POST", "/registration");
  request.content_type = "application/json";
  request.body = dump_json(RegistrationScene::metadata());
  const auto answer = alone.op.handle(request);
  ASSERT_EQ(answer.status, 201) << answer.body;
  EXPECT_EQ(member(answer, "registration_access_token"), "");
  EXPECT_EQ(member(answer, "registration_client_uri"), "");
}

TEST(RegistrationEndpoint, IsForScriptsOfOtherSitesToo) {
  RegistrationScene scene;
  const auto allowed = scene.op.handle(a_request("OPTIONS", "/registration"));
  EXPECT_EQ(allowed.status, 204);
  EXPECT_EQ(allowed.header("Access-Control-Allow-Methods"), "POST");
  EXPECT_EQ(scene.enroll(RegistrationScene::metadata()).header("Access-Control-Allow-Origin"), "*");
  EXPECT_EQ(scene.op.handle(a_request("OPTIONS", "/registration_api")).header("Access-Control-Allow-Methods"),
            "GET, HEAD, PUT, DELETE");
}

struct Unreadable {
  std::string what, content_type, body;
};
TEST(RegistrationEndpoint, RefusesWhatIsNoDocument) {
  const Unreadable kCases[] = {
      {"nothing", "application/json", ""},
      {"no JSON", "application/json", "redirect_uris=x"},
      {"an array", "application/json", "[]"},
      {"a text", "application/json", "\"x\""},
      {"a member twice", "application/json", R"({"redirect_uris": [], "redirect_uris": []})"},
      {"broken UTF-8", "application/json", "{\"client_name\": \"\xff\"}"},
      {"too deep", "application/json", R"({"jwks": )" + std::string(40, '[') + std::string(40, ']') + "}"},
      {"a form", "application/x-www-form-urlencoded", "redirect_uris=x"},
      {"a JWT", "application/jwt", "a.b.c"},
      {"text", "text/plain", "{}"},
      {"too large", "application/json", R"({"client_name": ")" + std::string(50000, 'a') + "\"}"}};
  RegistrationScene scene;
  for (const auto& [what, content_type, body] : kCases) {
    auto request = a_request("POST", "/registration");
    request.content_type = content_type;
    request.body = body;
    const auto refused = scene.op.handle(request);
    EXPECT_EQ(refused.status, 400) << what << refused.body;
    EXPECT_EQ(member(refused, "error"), "invalid_client_metadata") << what;
    EXPECT_EQ(refused.header("Content-Type"), "application/json") << what;
  }
  EXPECT_EQ(scene.clients(), 1U);
}

}  // namespace
}  // namespace oidcop::testing
