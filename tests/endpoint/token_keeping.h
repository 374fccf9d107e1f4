#pragma once

#include "scene.h"

#include <string>

namespace oidcop::testing {

/// Everything that is about tokens is on, and each code brings a refresh token.
inline constexpr const char* kTokenKeeping = R"({
  "endpoint": {"provider_info": {}, "jwks": {}, "authorization": {}, "token": {}, "userinfo": {},
               "revocation": {}, "introspection": {"resource_servers": ["gateway"]}},
  "authz": {"refresh": {"require_offline_access": false}}})";

/// wiki with its tokens, "shop", which is another client, and "gateway", which may look into all tokens.
struct TokenScene : Scene {
  explicit TokenScene(const std::string& settings = kTokenKeeping, const std::string& keys = {})
      : Scene(options(settings, keys)) {
    for (const auto* id : {"shop", "gateway"}) {
      op.add_client([&](model::Client& client) { client.id = model::ClientId(id); });
    }
  }
  static TestOp::Options options(const std::string& settings, const std::string& keys) {
    auto options = with_settings(settings);
    options.signing_keys = keys;
    return options;
  }
  std::string header_of(const std::string& id) { return basic(id, op.secret_of(model::ClientId(id))); }

  http::Response post(const std::string& path, const std::string& body, const std::string& authorization,
                      const std::string& accept = {}) {
    auto request = a_request("POST", path);
    request.content_type = "application/x-www-form-urlencoded";
    request.body = body;
    if (!authorization.empty()) request.headers.push_back({"authorization", authorization});
    if (!accept.empty()) request.headers.push_back({"accept", accept});
    return op.handle(std::move(request));
  }
  http::Response revoke(const std::string& token, const std::string& by = "wiki", const Fields& more = {}) {
    return post("/revocation", encoded(with({{"token", token}}, more)), header_of(by));
  }
  http::Response introspect(const std::string& token, const std::string& by = "wiki",
                            const std::string& accept = {}) {
    return post("/introspection", encoded({{"token", token}}), header_of(by), accept);
  }
  bool is_active(const std::string& token) { return member(introspect(token), "active") == "true"; }
};

/// Requests to an endpoint with one parameter `token`, each malformed in its way.
struct MalformedTokenRequest {
  std::string what, body;
};
inline std::vector<MalformedTokenRequest> malformed_token_requests() {
  return {{"missing", ""},
          {"empty", "token="},
          {"repeated", "token=a&token=a"},
          {"with a hint that is repeated", "token=a&token_type_hint=access_token&token_type_hint=x"},
          {"too long", "token=" + std::string(70000, 'a')},
          {"in broken percent encoding", "token=%zz"},
          {"in broken UTF-8", "token=%ff%fe"}};
}

}  // namespace oidcop::testing
