#include "registration_scene.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace oidcop::testing {
namespace {

using ::testing::HasSubstr;

using Registered = RegistrationScene;

TEST(ClientConfiguration, TellsWhatIsRegistered) {  // RFC 7592, 2.1 and 3
  Registered scene;
  const auto client = scene.enrolled({{"client_name#de", "Die Anwendung"}});
  const auto answer = scene.read(client);
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.header("Cache-Control"), "no-store");
  auto expected = client;
  expected.erase("client_secret");  // nobody here knows it
  EXPECT_EQ(Registered::body_of(answer), expected);
}

// A wrong token, somebody else's, and a client that there is not: nothing tells them apart (RFC 7592, 2.1).
TEST(ClientConfiguration, WrongTokenAndUnknownClientLookAlike) {
  Registered scene;
  const auto client = scene.enrolled();
  const auto other = scene.enrolled();
  auto wrong_token = client, foreign_token = client, unknown_client = client;
  wrong_token["registration_access_token"] = "wrong";
  foreign_token["registration_access_token"] = other["registration_access_token"];
  unknown_client["client_id"] = "nobody";
  for (const auto* method : {"GET", "PUT", "DELETE"}) {
    const std::string body = std::string(method) == "PUT" ? dump_json(Registered::updatable(client)) : "";
    const auto expected = scene.manage(method, wrong_token, body);
    EXPECT_EQ(expected.status, 401) << method;
    EXPECT_EQ(member(expected, "error"), "invalid_token") << method;
    EXPECT_THAT(std::string(expected.header("WWW-Authenticate").value_or("")),
                HasSubstr("error=\"invalid_token\""));
    for (const auto& document : {foreign_token, unknown_client}) {
      const auto refused = scene.manage(method, document, body);
      EXPECT_EQ(refused.status, expected.status) << method;
      EXPECT_EQ(refused.body, expected.body) << method;
      EXPECT_EQ(refused.header("WWW-Authenticate"), expected.header("WWW-Authenticate")) << method;
    }
  }
  EXPECT_EQ(scene.read(client).status, 200);
  EXPECT_EQ(scene.read(other).status, 200);
}

TEST(ClientConfiguration, TakesNoOtherCredential) {
  Registered scene;
  const auto client = scene.enrolled();
  const std::string query = "client_id=" + Registered::text(client, "client_id");
  const auto none = scene.send("GET", "/registration_api", query, "");
  EXPECT_EQ(none.status, 401);
  EXPECT_EQ(none.header("WWW-Authenticate"), "Bearer");
  auto with_secret = a_request("GET", "/registration_api", query);
  with_secret.headers = {{"authorization", basic(Registered::text(client, "client_id"),
                                                 Registered::text(client, "client_secret"))}};
  EXPECT_EQ(scene.op.handle(with_secret).status, 401);
  const auto token = member(scene.sign_in_to(client), "access_token");
  ASSERT_NE(token, "");
  EXPECT_EQ(scene.send("GET", "/registration_api", query, "", token).status, 401);
  EXPECT_EQ(scene.send("GET", "/registration_api", query, "", scene.initial_token()).status, 401);
  const auto in_url = query + "&access_token=" + Registered::text(client, "registration_access_token");
  EXPECT_EQ(scene.send("GET", "/registration_api", in_url, "").status, 401);
  // And where other tokens count, this one does not.
  EXPECT_EQ(get_userinfo(scene.op, Registered::text(client, "registration_access_token")).status, 401);
  EXPECT_EQ(
      scene.enroll(Registered::metadata(), Registered::text(client, "registration_access_token")).status,
      401);
}

TEST(ClientConfiguration, NeedsTheClientIdOnceInTheUrl) {
  Registered scene;
  const auto client = scene.enrolled();
  const auto id = Registered::text(client, "client_id");
  const auto token = Registered::text(client, "registration_access_token");
  for (const auto& query :
       {std::string(), std::string("client_id="), "client_id=" + id + "&client_id=" + id}) {
    for (const auto* method : {"GET", "DELETE"}) {
      const auto refused = scene.send(method, "/registration_api", query, "", token);
      EXPECT_EQ(refused.status, 400) << method << ' ' << query;
      EXPECT_EQ(member(refused, "error"), "invalid_request") << method << ' ' << query;
    }
    if (query == "client_id=") continue;
    const auto body = dump_json(Registered::updatable(client));
    const auto refused = scene.send("PUT", "/registration_api", query, body, token);
    EXPECT_EQ(refused.status, 400) << "PUT " << query;
  }
  EXPECT_EQ(scene.read(client).status, 200);
}

TEST(ClientConfiguration, AnUpdateReplacesEverything) {  // RFC 7592, 2.2
  Registered scene;
  const auto client = scene.enrolled({{"client_name#de", "Die Anwendung"},
                                      {"contacts", {"a@example.net"}},
                                      {"scope", "openid email"},
                                      {"default_max_age", 60},
                                      {"grant_types", {"authorization_code", "refresh_token"}}});
  const Json document{{"client_id", client["client_id"]},
                      {"client_secret", client["client_secret"]},
                      {"redirect_uris", {"https://app.example.net/new"}}};
  const auto answer = scene.update(client, document);
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.header("Cache-Control"), "no-store");
  const auto now = Registered::body_of(answer);
  EXPECT_EQ(now["redirect_uris"], Json({"https://app.example.net/new"}));
  for (const auto* gone : {"client_name#de", "contacts", "default_max_age"}) EXPECT_FALSE(now.contains(gone));
  EXPECT_EQ(now["client_name"], now["client_id"]) << "a default again";
  EXPECT_EQ(now["grant_types"], Json({"authorization_code"}));
  EXPECT_THAT(Registered::text(now, "scope"), HasSubstr("profile"));
  EXPECT_EQ(now["client_id_issued_at"], client["client_id_issued_at"]);
  EXPECT_EQ(now["registration_access_token"], client["registration_access_token"]);
  EXPECT_FALSE(now.contains("client_secret")) << "it stays";
  EXPECT_EQ(Registered::body_of(scene.read(client)), now);
  const auto kept = *scene.op.store().find_client(model::ClientId(Registered::text(client, "client_id")));
  EXPECT_EQ(kept->default_max_age, std::nullopt);
  EXPECT_EQ(kept->allowed_scopes, std::nullopt);
}

TEST(ClientConfiguration, WhatWasReadMayBeWrittenBack) {
  Registered scene;
  const auto client = scene.enrolled({{"scope", "openid email"}});
  const auto read = Registered::body_of(scene.read(client));
  const auto answer = scene.update(client, Registered::updatable(read));
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(Registered::body_of(answer), read);
}

TEST(ClientConfiguration, ANullIsAsGoodAsNothing) {  // RFC 7592, 2.2
  Registered scene;
  const auto client = scene.enrolled({{"default_max_age", 60}});
  auto document = Registered::updatable(client);
  document["default_max_age"] = nullptr;
  const auto answer = scene.update(client, document);
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_FALSE(Registered::body_of(answer).contains("default_max_age"));
}

TEST(ClientConfiguration, RefusesEveryWrongUpdateAndChangesNothing) {
  Registered scene;
  const auto client = scene.enrolled();
  const auto before = Registered::body_of(scene.read(client));
  struct Case {
    std::string what;
    Json changes;
    std::string error, named;
  };
  const Case kCases[] = {
      {"no client_id", {{"client_id", nullptr}}, "invalid_client_metadata", "client_id"},
      {"another client_id", {{"client_id", "wiki"}}, "invalid_client_metadata", "client_id"},
      {"a client_id of another type", {{"client_id", 5}}, "invalid_client_metadata", "client_id"},
      {"another secret",
       {{"client_secret", "another-secret-that-is-long-enough-to-be-one"}},
       "invalid_client_metadata",
       "client_secret"},
      {"a secret of another type", {{"client_secret", 5}}, "invalid_client_metadata", "client_secret"},
      {"the registration token",
       {{"registration_access_token", client["registration_access_token"]}},
       "invalid_client_metadata",
       "registration_access_token"},
      {"the URL",
       {{"registration_client_uri", client["registration_client_uri"]}},
       "invalid_client_metadata",
       "registration_client_uri"},
      {"the end of the secret",
       {{"client_secret_expires_at", 0}},
       "invalid_client_metadata",
       "client_secret_expires_at"},
      {"the moment", {{"client_id_issued_at", 1}}, "invalid_client_metadata", "client_id_issued_at"},
      {"wrong redirect URIs",
       {{"redirect_uris", {"http://app.example.net/cb"}}},
       "invalid_redirect_uri",
       "redirect_uris"},
      {"no redirect URIs", {{"redirect_uris", nullptr}}, "invalid_redirect_uri", "redirect_uris"},
      {"tokens without people",
       {{"grant_types", {"authorization_code", "client_credentials"}}},
       "invalid_client_metadata",
       "grant_types"}};
  for (const auto& [what, changes, error, named] : kCases) {
    auto document = Registered::updatable(client);
    document.merge_patch(changes);
    const auto refused = scene.update(client, document);
    EXPECT_EQ(refused.status, 400) << what;
    EXPECT_EQ(member(refused, "error"), error) << what;
    EXPECT_THAT(member(refused, "error_description"), HasSubstr(named)) << what;
    EXPECT_EQ(refused.header("Cache-Control"), "no-store") << what;
  }
  for (const auto* body : {"", "[]", "x"}) {
    const auto refused = scene.manage("PUT", client, body);
    EXPECT_EQ(refused.status, 400) << body;
    EXPECT_EQ(member(refused, "error"), "invalid_client_metadata") << body;
  }
  EXPECT_EQ(Registered::body_of(scene.read(client)), before);
}

TEST(ClientConfiguration, AnUpdateBringsASecretWhereTheOldOneDoesNotFit) {
  Registered scene;
  const auto client = scene.enrolled();
  auto document = Registered::updatable(client);
  document["token_endpoint_auth_method"] = "client_secret_jwt";
  const auto answer = Registered::body_of(scene.update(client, document));
  EXPECT_GE(Registered::text(answer, "client_secret").size(), 43U);
  EXPECT_NE(answer["client_secret"], client["client_secret"]);
  document["token_endpoint_auth_method"] = "none";
  const auto public_now = Registered::body_of(scene.update(client, document));
  EXPECT_FALSE(public_now.contains("client_secret"));
  EXPECT_FALSE(public_now.contains("client_secret_expires_at"));
  const auto kept = *scene.op.store().find_client(model::ClientId(Registered::text(client, "client_id")));
  EXPECT_TRUE(kept->secrets.empty());
}

TEST(ClientConfiguration, AnUpdateRenewsASecretThatSoonExpires) {
  Registered scene(R"({"policy": "open", "client_secret_expires": true, "client_secret_expires_in": "30d"})");
  const auto client = scene.enrolled();
  const auto document = Registered::updatable(client);
  EXPECT_FALSE(Registered::body_of(scene.update(client, document)).contains("client_secret"));
  scene.op.clock.tick(std::chrono::hours(24 * 24));
  const auto renewed = Registered::body_of(scene.update(client, document));
  EXPECT_NE(renewed["client_secret"], client["client_secret"]);
  EXPECT_GT(renewed["client_secret_expires_at"], client["client_secret_expires_at"]);
  auto both = client;
  both["client_secret"] = renewed["client_secret"];
  EXPECT_EQ(scene.sign_in_to(both).status, 200) << scene.op.log();
  const auto code = location_parameters(scene.browser.sign_in(Registered::request_of(client)))["code"];
  EXPECT_EQ(scene.exchange(client, code).status, 401) << "the old one is gone";
}

TEST(ClientConfiguration, RotatesSecretAndTokenWhereThatIsConfigured) {
  Registered scene(kOpen, R"({"rotate_registration_access_token": true, "rotate_client_secret": true})");
  const auto client = scene.enrolled();
  const auto now = Registered::body_of(scene.update(client, Registered::updatable(client)));
  EXPECT_NE(now["registration_access_token"], client["registration_access_token"]);
  EXPECT_NE(now["client_secret"], client["client_secret"]);
  EXPECT_EQ(scene.read(client).status, 401);
  EXPECT_EQ(scene.read(now).status, 200);
}

TEST(ClientConfiguration, DeletingEndsEverythingOfTheClient) {  // RFC 7592, 2.3
  Registered scene;
  const auto client = scene.enrolled({{"grant_types", {"authorization_code", "refresh_token"}}});
  const auto tokens = scene.sign_in_to(client);
  const auto code = location_parameters(scene.browser.sign_in(Registered::request_of(client)))["code"];
  ASSERT_EQ(get_userinfo(scene.op, member(tokens, "access_token")).status, 200);
  const auto answer = scene.remove(client);
  EXPECT_EQ(answer.status, 204);
  EXPECT_EQ(answer.body, "");
  EXPECT_FALSE(answer.header("Content-Type"));
  EXPECT_EQ(answer.header("Cache-Control"), "no-store");
  EXPECT_EQ(answer.header("Pragma"), "no-cache");
  EXPECT_EQ(get_userinfo(scene.op, member(tokens, "access_token")).status, 401);
  EXPECT_EQ(scene.exchange(client, code).status, 401);
  EXPECT_EQ(scene.read(client).status, 401);
  EXPECT_EQ(scene.remove(client).status, 401);
  EXPECT_EQ(scene.clients(), 1U);
  EXPECT_THAT(scene.op.log(), HasSubstr("event=client.deleted"));
}

TEST(ClientConfiguration, IsClosedToAClientThatIsDisabled) {
  Registered scene;
  const auto client = scene.enrolled();
  auto kept = **scene.op.store().find_client(model::ClientId(Registered::text(client, "client_id")));
  kept.enabled = false;
  ASSERT_TRUE(scene.op.store().put_client(kept, store::IfExists::replace));
  EXPECT_EQ(scene.read(client).status, 401);
  EXPECT_EQ(scene.update(client, Registered::updatable(client)).status, 401);
  EXPECT_EQ(scene.remove(client).status, 401);
}

TEST(ClientConfiguration, LeavesWhatTheAdministratorDecided) {
  Registered scene;
  const auto client = scene.enrolled();
  auto kept = **scene.op.store().find_client(model::ClientId(Registered::text(client, "client_id")));
  kept.denied_groups = {"guests"};
  kept.consent = model::ConsentMode::always;
  ASSERT_TRUE(scene.op.store().put_client(kept, store::IfExists::replace));
  ASSERT_EQ(scene.update(client, Registered::updatable(client)).status, 200);
  const auto after = *scene.op.store().find_client(kept.id);
  EXPECT_EQ(after->denied_groups, std::vector<std::string>{"guests"});
  EXPECT_EQ(after->consent, model::ConsentMode::always);
}

TEST(ClientConfiguration, WhatWasVettedIsUnvettedWhenItChanges) {
  Registered scene;
  const auto client = scene.enrolled();
  const model::ClientId id(Registered::text(client, "client_id"));
  auto kept = **scene.op.store().find_client(id);
  kept.vetted = true;
  ASSERT_TRUE(scene.op.store().put_client(kept, store::IfExists::replace));
  ASSERT_EQ(scene.update(client, Registered::updatable(client)).status, 200);
  EXPECT_TRUE((*scene.op.store().find_client(id))->vetted) << "nothing changed";
  auto document = Registered::updatable(client);
  document["redirect_uris"] = {"https://evil.example/cb"};
  ASSERT_EQ(scene.update(client, document).status, 200);
  EXPECT_FALSE((*scene.op.store().find_client(id))->vetted);
  EXPECT_THAT(scene.op.log(), HasSubstr("event=client.unvetted"));
}

TEST(ClientConfiguration, AnAdministratorsClientHasNoPartInIt) {
  Registered scene;
  const auto refused = scene.send("GET", "/registration_api", "client_id=wiki", "", "anything");
  EXPECT_EQ(refused.status, 401);
}

}  // namespace
}  // namespace oidcop::testing
