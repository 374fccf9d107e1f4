#include "base/digest.h"
#include "endpoint/own_keys.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

namespace oidcop::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

struct Pushing : Scene {
  explicit Pushing(TestOp::Options options = {}) : Scene(std::move(options)) {}

  http::Response push(const Fields& form, const std::string& authorization) {
    auto request = a_request("POST", "/pushed_authorization");
    request.content_type = "application/x-www-form-urlencoded";
    request.body = encoded(form);
    if (!authorization.empty()) request.headers = {{"authorization", authorization}};
    return op.handle(std::move(request));
  }
  http::Response push(const Fields& changes = {}) { return push(with(wiki_request(), changes), header()); }
  std::string pushed(const Fields& changes = {}) {
    const auto response = push(changes);
    EXPECT_EQ(response.status, 201) << response.body << op.log();
    return member(response, "request_uri");
  }
  static Fields reference(const std::string& uri, const std::string& client = "wiki") {
    return {{"client_id", client}, {"request_uri", uri}};
  }
  std::string error_page_of(const Fields& request) {
    const auto page = browser.get("/authorization", request);
    EXPECT_EQ(page.status, 400);
    EXPECT_FALSE(page.header("Location"));
    return page.body;
  }
};

// RFC 9126, 2.2.
TEST(PushedAuthorization, IsAnsweredWithAReferenceToUseSoon) {
  Pushing scene;
  const auto response = scene.push();
  EXPECT_EQ(response.status, 201);
  EXPECT_THAT(member(response, "request_uri"), StartsWith("urn:ietf:params:oauth:request_uri:"));
  EXPECT_GE(member(response, "request_uri").size(), 34U + 43U) << "256 bits";
  EXPECT_EQ(member(response, "expires_in"), "90");
  EXPECT_EQ(response.header("Cache-Control"), "no-store");
  EXPECT_EQ(response.header("Content-Type"), "application/json");
}

TEST(PushedAuthorization, LeadsToACodeWithNothingElseInTheUrl) {
  Pushing scene;
  auto answer = location_parameters(scene.browser.sign_in(Pushing::reference(scene.pushed())));
  EXPECT_EQ(answer["state"], "af0ifjsldkj");
  EXPECT_EQ(exchange_code(scene.op, answer["code"]).status, 200);
}

// RFC 9126, 4 and RFC 9101, 5: of the outer parameters client_id alone counts.
TEST(PushedAuthorization, WhatIsBesideTheReferenceCountsForNothing) {
  Pushing scene;
  const auto uri = scene.pushed({{"prompt", "none"}});
  auto answer = location_parameters(scene.browser.get(
      "/authorization",
      with(Pushing::reference(uri),
           {{"prompt", "login"}, {"state", "other"}, {"redirect_uri", "https://attacker.example/"}})));
  EXPECT_EQ(answer["error"], "login_required");
  EXPECT_EQ(answer["state"], "af0ifjsldkj");
}

// --- one use, one client, a short time --------------------------------------------------------------------

// security.md 6: a page may be loaded again; what is issued is issued once.
TEST(PushedAuthorization, MayBeOpenedAgainUntilSomethingWasIssued) {
  Pushing scene;
  const auto uri = scene.pushed();
  EXPECT_EQ(scene.browser.get("/authorization", Pushing::reference(uri)).status, 200);
  EXPECT_EQ(scene.browser.get("/authorization", Pushing::reference(uri)).status, 200);
  EXPECT_FALSE(location_parameters(scene.browser.sign_in(Pushing::reference(uri)))["code"].empty());
  EXPECT_THAT(scene.error_page_of(Pushing::reference(uri)), HasSubstr("invalid_request_uri"));
}

TEST(PushedAuthorization, FinishedInTwoTabsYieldsOneCode) {
  Pushing scene;
  scene.change_client([](model::Client& client) { client.consent = model::ConsentMode::always; });
  const auto uri = scene.pushed();
  TestBrowser first(scene.op), second(scene.op);
  for (auto* tab : {&first, &second}) {
    tab->get("/authorization", Pushing::reference(uri));
    tab->submit({{"username", "alice"}, {"password", "wonderland"}, {"decision", "login"}});
  }
  auto one = location_parameters(first.submit({{"decision", "allow"}}));
  auto two = location_parameters(second.submit({{"decision", "allow"}}));
  EXPECT_FALSE(one["code"].empty());
  EXPECT_EQ(two["code"], "");
  EXPECT_EQ(two["error"], "invalid_request_uri");
}

// reference defect B30: it was not enforced.
TEST(PushedAuthorization, EndsAfterItsTimeForWhoeverHasNotOpenedItYet) {
  Pushing scene;
  const auto uri = scene.pushed();
  scene.op.clock.tick(Seconds(89));
  EXPECT_EQ(scene.browser.get("/authorization", Pushing::reference(uri)).status, 200);
  scene.op.clock.tick(Seconds(600));
  scene.browser.submit({{"username", "alice"}, {"password", "wonderland"}, {"decision", "login"}});
  EXPECT_FALSE(location_parameters(scene.browser.submit({{"decision", "allow"}}))["code"].empty());
  const auto late = scene.pushed();
  scene.op.clock.tick(Seconds(90));
  EXPECT_THAT(scene.error_page_of(Pushing::reference(late)), HasSubstr("invalid_request_uri"));
}

// reference defect B30: another client could use it. RFC 9126, 2.2.
TEST(PushedAuthorization, IsOfTheClientThatPushedIt) {
  Pushing scene;
  scene.op.add_client([](model::Client& client) { client.id = model::ClientId("shop"); });
  EXPECT_THAT(scene.error_page_of(Pushing::reference(scene.pushed(), "shop")),
              HasSubstr("invalid_request_uri"));
  EXPECT_THAT(scene.error_page_of({{"request_uri", scene.pushed()}}), HasSubstr("client_id"));
}

TEST(PushedAuthorization, AnUnknownReferenceIsRefusedOnAPage) {
  Pushing scene;
  for (const auto* handle : {"", "x", "SlTwOHQmE7T5RuWaHaiSeT5dQ2Jh0GGKpBgc2mvcTpg"}) {
    const auto uri = std::string("urn:ietf:params:oauth:request_uri:") + handle;
    EXPECT_THAT(scene.error_page_of(Pushing::reference(uri)), HasSubstr("invalid_request_uri"));
  }
}

TEST(PushedAuthorization, EveryCheckIsMadeAgainWhenItIsOpened) {
  Pushing scene;
  const auto uri = scene.pushed();
  scene.change_client([](model::Client& client) { client.redirect_uris = {"https://wiki.example.com/new"}; });
  EXPECT_THAT(scene.error_page_of(Pushing::reference(uri)), HasSubstr("redirect_uri"));
}

TEST(PushedAuthorization, GoesWithTheClient) {
  Pushing scene;
  const auto uri = scene.pushed();
  ASSERT_TRUE(scene.op.store().delete_client(model::ClientId("wiki")));
  EXPECT_THAT(scene.error_page_of(Pushing::reference(uri)), HasSubstr("invalid_client"));
}

// --- what is refused --------------------------------------------------------------------------------------

struct BadPush {
  const char* what;
  Fields changes;
  const char* error;
};
class PushRefused : public ::testing::TestWithParam<BadPush> {};
// RFC 9126, 2.3: errors are the authorization endpoint's, in JSON.
TEST_P(PushRefused, WithTheErrorThatTheAuthorizationEndpointWouldGive) {
  Pushing scene;
  const auto response = scene.push(GetParam().changes);
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(member(response, "error"), GetParam().error) << GetParam().what << response.body;
  EXPECT_EQ(response.header("Content-Type"), "application/json");
  EXPECT_FALSE(response.header("Location"));
}
INSTANTIATE_TEST_SUITE_P(
    All, PushRefused,
    ::testing::Values(
        BadPush{"a reference", {{"request_uri", "urn:ietf:params:oauth:request_uri:x"}}, "invalid_request"},
        BadPush{"a redirect URI of somebody else",
                {{"redirect_uri", "https://attacker.example/"}},
                "invalid_request"},
        BadPush{"no redirect URI", {{"redirect_uri", ""}}, "invalid_request"},
        BadPush{"no response_type", {{"response_type", ""}}, "invalid_request"},
        BadPush{"an unknown response_type", {{"response_type", "magic"}}, "unsupported_response_type"},
        BadPush{"one that is not registered", {{"response_type", "id_token"}}, "unauthorized_client"},
        BadPush{"no scope", {{"scope", ""}}, "invalid_scope"},
        BadPush{"no PKCE", {{"code_challenge", ""}, {"code_challenge_method", ""}}, "invalid_request"},
        BadPush{"an unknown prompt", {{"prompt", "dance"}}, "invalid_request"},
        BadPush{"a hint that is none", {{"id_token_hint", "x"}}, "invalid_request"},
        BadPush{"a request object that is none", {{"request", "x"}}, "invalid_request_object"},
        BadPush{"another client's id", {{"client_id", "shop"}}, "invalid_request"},
        BadPush{"too much", {{"foo", std::string(20000, 'x')}}, "invalid_request"}),
    [](const auto& row) { return "Case" + std::to_string(row.index); });

TEST(PushedAuthorization, RefusesMalformedRequestsAndOtherMethods) {
  Pushing scene;
  auto repeated = wiki_request();
  repeated.emplace_back("state", "another");
  EXPECT_EQ(member(scene.push(repeated, scene.header()), "error"), "invalid_request");
  auto broken = a_request("POST", "/pushed_authorization");
  broken.content_type = "application/x-www-form-urlencoded";
  broken.headers = {{"authorization", scene.header()}};
  for (const auto* body : {"state=%zz", "state=%ff%fe"}) {
    broken.body = body;
    EXPECT_EQ(member(scene.op.handle(broken), "error"), "invalid_request") << body;
  }
  broken.content_type = "application/json";
  broken.body = "{}";
  EXPECT_EQ(scene.op.handle(broken).status, 400);
  EXPECT_EQ(scene.op.handle(a_request("GET", "/pushed_authorization")).status, 405);
}

TEST(PushedAuthorization, AuthenticatesTheClient) {
  Pushing scene;
  for (const auto& header : {basic("wiki", "wrong"), basic("nobody", "x"), std::string()}) {
    const auto response = scene.push(wiki_request(), header);
    EXPECT_EQ(response.status, 401) << header;
    EXPECT_EQ(member(response, "error"), "invalid_client");
  }
}

// security.md 24: who needs no secret may leave only so much.
TEST(PushedAuthorization, APublicClientMayPushButNotWithoutEnd) {
  Pushing scene;
  scene.change_client([](model::Client& client) {
    client.token_endpoint_auth_method = model::ClientAuthMethod::none;
    client.secrets.clear();
  });
  for (int i = 0; i < 60; ++i) ASSERT_EQ(scene.push(wiki_request(), "").status, 201) << i;
  const auto refused = scene.push(wiki_request(), "");
  EXPECT_EQ(refused.status, 429);
  EXPECT_TRUE(refused.header("Retry-After"));
  scene.op.clock.tick(Seconds(61));
  EXPECT_EQ(scene.push(wiki_request(), "").status, 201);
}

// --- demanded, and switched off ---------------------------------------------------------------------------

// RFC 9126, 5 and 6; security.md 41.
TEST(PushedAuthorization, CanBeDemandedOfOneClientOrOfAll) {
  Pushing one;
  one.change_client(
      [](model::Client& client) { client.metadata.set_bool("require_pushed_authorization_requests", true); });
  EXPECT_EQ(one.answer({})["error"], "invalid_request");
  EXPECT_EQ(one.browser.get("/authorization", Pushing::reference(one.pushed())).status, 200);

  Pushing all(with_settings(R"({"capabilities": {"require_pushed_authorization_requests": true}})"));
  EXPECT_EQ(all.answer({})["error"], "invalid_request");
  EXPECT_FALSE(location_parameters(all.browser.sign_in(Pushing::reference(all.pushed())))["code"].empty());
  const auto metadata = all.op.handle(a_request("GET", "/.well-known/openid-configuration"));
  EXPECT_EQ(member(metadata, "require_pushed_authorization_requests"), "true");
}

TEST(PushedAuthorization, CannotBeDemandedWhereItIsOff) {
  EXPECT_THROW(TestOp(with_settings(R"({"capabilities": {"require_pushed_authorization_requests": true},
      "endpoint": {"provider_info": {}, "jwks": {}, "authorization": {}, "token": {}}})")),
               std::runtime_error);
}

TEST(PushedAuthorization, IsAbsentWhereItIsOff) {
  Pushing scene(with_settings(
      R"({"endpoint": {"provider_info": {}, "jwks": {}, "authorization": {}, "token": {}, "userinfo": {}}})"));
  EXPECT_EQ(scene.push().status, 404);
  const auto metadata = scene.op.handle(a_request("GET", "/.well-known/openid-configuration"));
  EXPECT_EQ(member(metadata, "pushed_authorization_request_endpoint"), "");
}

TEST(PushedAuthorization, LivesAsLongAsConfigured) {
  Pushing scene(
      with_settings(R"({"endpoint": {"provider_info": {}, "jwks": {}, "authorization": {}, "token": {},
      "pushed_authorization": {"path": "par", "expires_in": "60s"}}})"));
  auto request = a_request("POST", "/par");
  request.content_type = "application/x-www-form-urlencoded";
  request.body = encoded(wiki_request());
  request.headers = {{"authorization", scene.header()}};
  EXPECT_EQ(member(scene.op.handle(request), "expires_in"), "60");
}

// --- with a request object --------------------------------------------------------------------------------

// RFC 9126, 3: the object's parameters and no others.
TEST(PushedAuthorization, OfARequestObjectTakesItsParametersAlone) {
  Pushing scene;
  OwnKeys keys;
  scene.change_client([&](model::Client& client) {
    keys.give_to(client);
    client.metadata.set_bool("require_signed_request_object", true);
  });
  const auto object = request_object(keys, request_claims({{"prompt", "none"}}));
  const auto response = scene.push({{"request", object}, {"prompt", "login"}}, scene.header());
  ASSERT_EQ(response.status, 201) << response.body;
  auto answer = location_parameters(
      scene.browser.get("/authorization", Pushing::reference(member(response, "request_uri"))));
  EXPECT_EQ(answer["error"], "login_required") << "and that it was signed is still known";
  EXPECT_EQ(member(scene.push(), "error"), "invalid_request") << "a plain one is refused as everywhere";
}

}  // namespace
}  // namespace oidcop::testing
