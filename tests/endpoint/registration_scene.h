#pragma once

#include "base/file.h"
#include "base/json.h"
#include "base/system_random.h"
#include "model/initial_access_token.h"
#include "scene.h"

#include <nlohmann/json.hpp>

#include <string>

namespace oidcop::testing {

/// Registration is on; `registration` and `api` are the endpoints' own settings.
inline std::string registration_settings(const std::string& registration, const std::string& api = "{}") {
  return R"({"endpoint": {"provider_info": {}, "jwks": {}, "authorization": {}, "token": {}, "userinfo": {},
             "end_session": {}, "registration": )" +
         registration + R"(, "registration_api": )" + api +
         R"(}, "authz": {"refresh": {"require_offline_access": false}}})";
}
inline const char* const kOpen = R"({"policy": "open"})";

/// A provider where clients register themselves, and one of them.
struct RegistrationScene : Scene {
  explicit RegistrationScene(const std::string& registration = kOpen, const std::string& api = "{}",
                             TestOp::Options options = {}, const Json& statement_issuers = Json::object())
      : Scene(configured(std::move(options), registration_settings(registration, api), statement_issuers)) {}
  static TestOp::Options configured(TestOp::Options options, const std::string& settings,
                                    const Json& statement_issuers) {
    auto all = *parse_json(settings);
    all["software_statement_issuers"] = statement_issuers;
    options.settings = dump_json(all);
    return options;
  }

  static Json metadata() {
    return {{"redirect_uris", {"https://app.example.net/cb"}}, {"client_name", "The App"}};
  }
  http::Response send(const std::string& method, const std::string& path, const std::string& query,
                      const std::string& body, const std::string& token = {}) {
    auto request = a_request(method, path, query);
    request.remote_address = address;
    if (!body.empty()) request.content_type = "application/json";
    request.body = body;
    if (!token.empty()) request.headers.push_back({"authorization", "Bearer " + token});
    return op.handle(std::move(request));
  }
  http::Response enroll(const Json& metadata, const std::string& token = {}) {
    return send("POST", "/registration", "", dump_json(metadata), token);
  }
  /// The document of a client that was registered with these changes.
  Json enrolled(const Json& changes = Json::object(), const std::string& token = {}) {
    auto document = metadata();
    document.merge_patch(changes);
    const auto answer = enroll(document, token);
    EXPECT_EQ(answer.status, 201) << answer.body << op.log();
    return body_of(answer);
  }
  static Json body_of(const http::Response& answer) {
    auto parsed = parse_json(answer.body);
    return parsed ? *parsed : Json::object();
  }
  static std::string text(const Json& document, const char* member) {
    return document.contains(member) && document[member].is_string() ? document[member].get<std::string>()
                                                                     : "";
  }
  http::Response read(const Json& client) { return manage("GET", client, ""); }
  http::Response remove(const Json& client) { return manage("DELETE", client, ""); }
  http::Response update(const Json& client, const Json& metadata) {
    return manage("PUT", client, dump_json(metadata));
  }
  http::Response manage(const std::string& method, const Json& client, const std::string& body) {
    return send(method, "/registration_api", "client_id=" + text(client, "client_id"), body,
                text(client, "registration_access_token"));
  }
  /// What an update may say: everything that was answered but what the provider alone says.
  static Json updatable(Json document) {
    for (const auto* member : {"registration_access_token", "registration_client_uri",
                               "client_secret_expires_at", "client_id_issued_at", "client_secret"}) {
      document.erase(member);
    }
    return document;
  }
  /// An initial access token, as `oidcop client token issue` makes it.
  std::string initial_token(int uses = 1) {
    model::InitialAccessToken token;
    token.id = "token-1";
    token.digest = sha256("initial-access-token");
    token.created_at = op.clock.now();
    token.expires_at = op.clock.now() + std::chrono::hours(24);
    token.max_uses = uses;
    EXPECT_TRUE(op.store().put_initial_token(token));
    return "initial-access-token";
  }
  std::size_t clients() { return op.store().list_clients().value().size(); }

  /// An authorization request of that client.
  static Fields request_of(const Json& client) {
    return with(wiki_request(),
                {{"client_id", text(client, "client_id")}, {"redirect_uri", "https://app.example.net/cb"}});
  }
  /// The tokens of a person who signs in to that client.
  http::Response sign_in_to(const Json& client) {
    const auto code = location_parameters(browser.sign_in(request_of(client)))["code"];
    return exchange(client, code);
  }
  http::Response exchange(const Json& client, const std::string& code) {
    return post_token(op,
                      {{"grant_type", "authorization_code"},
                       {"code", code},
                       {"redirect_uri", "https://app.example.net/cb"},
                       {"code_verifier", kVerifier}},
                      basic(text(client, "client_id"), text(client, "client_secret")));
  }

  std::string address = "192.0.2.7";
};

}  // namespace oidcop::testing
