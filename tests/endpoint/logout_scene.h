#pragma once

#include "scene.h"

#include <optional>
#include <string>

namespace oidcop::testing {

inline const std::string kBye = "https://wiki.example.com/bye";

/// Alice is signed in at wiki, which may send her on to kBye, and holds an ID Token.
struct LogoutScene : Scene {
  explicit LogoutScene(TestOp::Options options = {}) : Scene(std::move(options)) {
    change_client([](model::Client& wiki) { wiki.post_logout_redirect_uris = {kBye, kBye + "?a=b"}; });
    const auto tokens = buy();
    id_token = member(tokens, "id_token");
    access_token = member(tokens, "access_token");
  }
  http::Response leave(const Fields& request) { return browser.get("/session", request); }
  http::Response confirm() { return browser.submit({{"decision", "logout"}}); }
  http::Response cancel() { return browser.submit({{"decision", "cancel"}}); }
  Fields full() const {
    return {{"id_token_hint", id_token}, {"post_logout_redirect_uri", kBye}, {"state", "s1"}};
  }
  /// Whether the browser still has a session that answers without a question.
  bool is_signed_in() { return silent_error() != "login_required"; }
  bool token_works() { return get_userinfo(op, access_token).status == 200; }

  std::string id_token, access_token;
};

inline TestOp::Options unproven_only() {
  return with_settings(R"({"endpoint": {"provider_info": {}, "jwks": {}, "authorization": {}, "token": {},
    "userinfo": {}, "end_session": {"confirmation": "unproven"}}})");
}

inline bool asks(const http::Response& page) {
  return page.status == 200 && page.body.find("id=\"logout-confirm\"") != std::string::npos &&
         page.body.find("id=\"logout-cancel\"") != std::string::npos;
}
inline bool says_done(const http::Response& page) {
  return page.status == 200 && page.body.find("id=\"logout-done\"") != std::string::npos;
}
inline std::string location(const http::Response& response) {
  return std::string(response.header("Location").value_or(""));
}

}  // namespace oidcop::testing
