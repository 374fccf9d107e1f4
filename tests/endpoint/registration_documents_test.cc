#include "jose/jwt.h"
#include "registration_scene.h"
#include "support/fake_fetcher.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace oidcop::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

using Registered = RegistrationScene;

constexpr const char* kIssuer = "https://vouches.example.org";

/// A provider that believes one issuer of software statements, whose key this is.
struct StatementScene {
  explicit StatementScene(const std::string& registration = kOpen) {
    const auto keys = dump_json(Json{{"keys", Json::array({*key.public_json()})}});
    scene = std::make_unique<Registered>(registration, "{}", TestOp::Options(),
                                         Json{{kIssuer, {{"jwks_path", keep(keys)}}}});
  }
  std::string keep(const std::string& text) {
    const auto path = folder.path() / "issuer.json";
    EXPECT_TRUE(write_file_atomically(path, text, FileMode::published));
    return path.string();
  }
  std::string statement(Json claims) {
    claims["iss"] = kIssuer;
    return *jose::sign_jwt(Message(claims), key, jose::Algorithm::es256);
  }
  const jose::Jwk key = *jose::generate_ec(jose::Curve::p256, {.kid = "k"});
  TemporaryDirectory folder;
  std::unique_ptr<Registered> scene;
};

TEST(SoftwareStatements, CountBeforeWhatTheClientSaysItself) {  // RFC 7591, 3.1.1 and 3.2.1
  StatementScene with;
  const auto statement = with.statement({{"client_name", "Vouched for"},
                                         {"redirect_uris", {"https://vouched.example/cb"}},
                                         {"consent", "implicit"},
                                         {"software_id", "s1"}});
  const auto client = with.scene->enrolled({{"software_statement", statement}});
  EXPECT_EQ(client["client_name"], "Vouched for");
  EXPECT_EQ(client["redirect_uris"], Json({"https://vouched.example/cb"}));
  EXPECT_EQ(client["software_id"], "s1");
  EXPECT_EQ(client["software_statement"], statement);
  EXPECT_FALSE(client.contains("consent"));
  with.scene->op.clock.tick(std::chrono::hours(24));
  const auto updated = with.scene->update(client, Registered::updatable(client));
  EXPECT_EQ(updated.status, 200) << updated.body;
  EXPECT_EQ(Registered::body_of(updated)["client_name"], "Vouched for");
}

TEST(SoftwareStatements, ThatAreNoGoodRegisterNothing) {  // RFC 7591, 3.2.2
  StatementScene with;
  const auto expect_refused = [&](const Json& statement, const char* error) {
    auto document = Registered::metadata();
    document["software_statement"] = statement;
    const auto refused = with.scene->enroll(document);
    EXPECT_EQ(refused.status, 400) << statement;
    EXPECT_EQ(member(refused, "error"), error) << statement;
    EXPECT_THAT(member(refused, "error_description"), HasSubstr("software_statement"));
  };
  const auto other = *jose::generate_ec(jose::Curve::p256, {.kid = "k"});
  expect_refused(
      *jose::sign_jwt(Message(Json{{"iss", "https://anybody.example"}}), other, jose::Algorithm::es256),
      "unapproved_software_statement");
  expect_refused(*jose::sign_jwt(Message(Json{{"iss", kIssuer}}), other, jose::Algorithm::es256),
                 "invalid_software_statement");
  expect_refused(with.statement({{"exp", 1}}), "invalid_software_statement");
  expect_refused("no JWT", "invalid_software_statement");
  expect_refused(5, "invalid_software_statement");
  EXPECT_EQ(with.scene->clients(), 1U);
}

TEST(SoftwareStatements, AreDemandedWhereThatIsConfigured) {
  StatementScene with(R"({"policy": "open", "require_software_statement": true})");
  EXPECT_EQ(member(with.scene->enroll(Registered::metadata()), "error"), "invalid_software_statement");
  const auto client = with.scene->enrolled({{"software_statement", with.statement({{"software_id", "s"}})}});
  auto document = Registered::updatable(client);
  document.erase("software_statement");
  EXPECT_EQ(member(with.scene->update(client, document), "error"), "invalid_software_statement");
}

TEST(SoftwareStatements, AreIgnoredWhereNobodyIsBelieved) {
  Registered scene;
  EXPECT_FALSE(scene.enrolled({{"software_statement", "whatever"}}).contains("software_statement"));
}

// OpenID Connect Relying Party Metadata Choices 1.0, 2: lists come in, single values go out.
TEST(RegistrationChoices, AreMadeByTheProviderAndTold) {
  Registered scene;
  const auto client = scene.enrolled({{"id_token_signing_alg_values_supported", {"PS512", "ES256", "RS256"}},
                                      {"token_endpoint_auth_methods_supported", {"client_secret_post"}},
                                      {"subject_types_supported", {"pairwise"}}});
  EXPECT_EQ(client["id_token_signed_response_alg"], "ES256");
  EXPECT_EQ(client["token_endpoint_auth_method"], "client_secret_post");
  EXPECT_EQ(client["subject_type"], "pairwise");
  for (const auto& [name, value] : client.items()) EXPECT_THAT(name, Not(::testing::EndsWith("_supported")));
  auto document = Registered::metadata();
  document["id_token_signing_alg_values_supported"] = {"XX999"};
  EXPECT_EQ(member(scene.enroll(document), "error"), "invalid_client_metadata");
}

struct HostileUrl {
  std::string what;
  std::function<void(FakeFetcher&, const std::string&)> prepare;
};
const HostileUrl kHostileUrls[] = {
    {"an address that is not public, or too much", [](auto& net, const auto& url) { net.forbid(url); }},
    {"a redirect", [](auto& net, const auto& url) { net.serve(url, "{}", 302); }},
    {"an error", [](auto& net, const auto& url) { net.serve(url, "{}", 500); }},
    {"no JSON", [](auto& net, const auto& url) { net.serve(url, "<html>"); }},
    {"other JSON", [](auto& net, const auto& url) { net.serve(url, R"({"keys": 5})"); }}};

TEST(RegistrationUrls, ThatAreHostileRegisterNothing) {
  for (const auto& [what, prepare] : kHostileUrls) {
    for (const auto* name : {"jwks_uri", "sector_identifier_uri"}) {
      FakeFetcher network;
      TestOp::Options options;
      options.fetcher = &network;
      Registered scene(kOpen, "{}", std::move(options));
      const std::string url = "https://hostile.example/document";
      prepare(network, url);
      auto document = Registered::metadata();
      document[name] = url;
      const auto refused = scene.enroll(document);
      EXPECT_EQ(refused.status, 400) << name << ": " << what;
      EXPECT_EQ(member(refused, "error"), "invalid_client_metadata") << name << ": " << what;
      EXPECT_THAT(member(refused, "error_description"), HasSubstr(name)) << what;
      EXPECT_THAT(refused.body, Not(HasSubstr("10.0.0.1"))) << "what is where is not for the peer";
      EXPECT_THAT(scene.op.log(), HasSubstr("event=request.refused")) << what;
      if (what.starts_with("an address")) {
        EXPECT_THAT(scene.op.log(), HasSubstr("is not public"));
      }
      EXPECT_EQ(scene.clients(), 1U) << name << ": " << what;
      const auto client = scene.enrolled();
      auto change = Registered::updatable(client);
      change[name] = url;
      EXPECT_EQ(member(scene.update(client, change), "error"), "invalid_client_metadata") << what;
      EXPECT_EQ(Registered::body_of(scene.read(client)).count(name), 0U) << what;
    }
  }
}

TEST(RegistrationUrls, WhoseHostDoesNotAnswerYetAreFetchedWhenTheyAreNeeded) {
  FakeFetcher network;
  TestOp::Options options;
  options.fetcher = &network;
  Registered scene(kOpen, "{}", std::move(options));
  const auto client = scene.enrolled({{"jwks_uri", "https://later.example/keys"}});
  EXPECT_EQ(client["jwks_uri"], "https://later.example/keys");
  EXPECT_EQ(network.count(), 1U);
}

TEST(RegistrationUrls, AreNotFetchedForWhomNothingIsRegisteredAnyway) {
  FakeFetcher network;
  TestOp::Options options;
  options.fetcher = &network;
  Registered scene(R"({"policy": "open", "network_registrations": 1})", "{}", std::move(options));
  scene.enrolled();
  auto document = Registered::metadata();
  document["jwks_uri"] = "https://app.example.net/keys";
  EXPECT_EQ(scene.enroll(document).status, 429);
  document["redirect_uris"] = Json::array();
  EXPECT_EQ(scene.enroll(document).status, 400);
  EXPECT_EQ(scene.enroll(document, "wrong").status, 401);
  EXPECT_EQ(network.count(), 0U);
}

TEST(RegistrationUrls, AreFetchedForAnUpdateOnlyWhereTheyAreNewAndNotWithoutEnd) {
  FakeFetcher network;
  TestOp::Options options;
  options.fetcher = &network;
  Registered scene(R"({"policy": "open", "network_registrations": 3})", "{}", std::move(options));
  network.serve("https://app.example.net/keys", R"({"keys": []})");
  network.serve("https://app.example.net/other", R"({"keys": []})");
  const auto client = scene.enrolled({{"jwks_uri", "https://app.example.net/keys"}});
  ASSERT_EQ(network.count(), 1U);
  auto document = Registered::updatable(client);
  document["client_name"] = "Renamed";
  EXPECT_EQ(scene.update(client, document).status, 200);
  EXPECT_EQ(network.count(), 1U) << "nothing new is named";
  for (const auto& [uri, status] : {std::pair{"other", 200}, {"keys", 200}, {"other", 429}}) {
    document["jwks_uri"] = std::string("https://app.example.net/") + uri;
    EXPECT_EQ(scene.update(client, document).status, status) << uri;
  }
  EXPECT_EQ(network.count(), 3U);
  EXPECT_EQ(Registered::body_of(scene.read(client))["jwks_uri"], "https://app.example.net/keys");
}

/// Every member with a value of the wrong kind; at both endpoints nothing comes of it.
TEST(RegistrationMembers, ThatAreWrongAreNamedAndChangeNothing) {
  const std::pair<const char*, Json> kWrong[] = {
      {"response_types", "code"},
      {"response_types", {"telepathy"}},
      {"grant_types", 5},
      {"grant_types", {"password"}},
      {"application_type", "desktop"},
      {"application_type", ""},
      {"contacts", "me@example.org"},
      {"client_name", {"x"}},
      {"client_name", "Bank\u202E"},
      {"client_name#fr", 5},
      {"logo_uri", "http://app.example.net/logo.png"},
      {"client_uri", "/relative"},
      {"policy_uri", "data:text/html,x"},
      {"tos_uri#de", "javascript:alert(1)"},
      {"jwks_uri", "http://app.example.net/keys"},
      {"jwks", {{"keys", {{{"kty", "oct"}, {"k", "AAAA"}}}}}},
      {"jwks", Json::array()},
      {"sector_identifier_uri", "http://app.example.net/sector"},
      {"subject_type", "secret"},
      {"id_token_signed_response_alg", "XX999"},
      {"id_token_encrypted_response_alg", "RSA1_5"},
      {"id_token_encrypted_response_enc", "A128GCM"},
      {"userinfo_signed_response_alg", 1},
      {"userinfo_encrypted_response_alg", "RSA1_5"},
      {"request_object_signing_alg", "XX999"},
      {"request_object_encryption_enc", "A128GCM"},
      {"token_endpoint_auth_method", "tls_client_auth"},
      {"token_endpoint_auth_method", "extension"},
      {"default_max_age", -1},
      {"default_max_age", 1e300},
      {"default_max_age", "60"},
      {"require_auth_time", "yes"},
      {"default_acr_values", "urn:a"},
      {"initiate_login_uri", "http://app.example.net/login"},
      {"request_uris", {"http://app.example.net/r"}},
      {"scope", 5},
      {"scope", "open\"id"},
      {"require_signed_request_object", "yes"},
      {"require_pushed_authorization_requests", 1},
      {"post_logout_redirect_uris", {"https://app.example.net/#x"}},
      {"frontchannel_logout_uri", "https://other.example/out"},
      {"frontchannel_logout_session_required", "yes"},
      {"backchannel_logout_uri", "http://app.example.net/out"},
      {"backchannel_logout_session_required", 1},
      {"tls_client_certificate_bound_access_tokens", true},
      {"dpop_bound_access_tokens", "yes"}};
  Registered scene(R"({"policy": "open", "network_registrations": 1})");
  const auto client = scene.enrolled();
  const auto before = Registered::body_of(scene.read(client));
  for (const auto& [name, value] : kWrong) {
    auto document = Registered::metadata();
    document[name] = value;
    auto update = Registered::updatable(client);
    update[name] = value;
    for (const auto& refused : {scene.enroll(document), scene.update(client, update)}) {
      EXPECT_EQ(refused.status, 400) << name << value;
      EXPECT_EQ(member(refused, "error"), "invalid_client_metadata") << name << value;
      EXPECT_THAT(member(refused, "error_description"), HasSubstr(name)) << value;
      EXPECT_EQ(refused.header("Content-Type"), "application/json") << name;
      EXPECT_EQ(refused.header("Cache-Control"), "no-store") << name;
    }
  }
  EXPECT_EQ(scene.clients(), 2U);
  EXPECT_EQ(Registered::body_of(scene.read(client)), before);
}

}  // namespace
}  // namespace oidcop::testing
