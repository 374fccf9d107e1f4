#pragma once

#include "scene.h"

#include <gtest/gtest.h>

#include <regex>
#include <string>

namespace oidcop::testing {

inline const std::string kDeviceGrant = "urn:ietf:params:oauth:grant-type:device_code";
inline constexpr const char* kDevicesOn = R"({
  "endpoint": {"provider_info": {}, "jwks": {}, "authorization": {}, "token": {}, "userinfo": {}, "revocation": {},
               "introspection": {}, "registration": {"policy": "open"}, "device_authorization": {}},
  "resources": {"https://api.example.org/": {}}})";
inline const Fields kLogin{{"username", "alice"}, {"password", "wonderland"}, {"decision", "login"}};

/// A television: a public client "tv" without a browser; and wiki, which may do the same with its secret.
struct DeviceScene : Scene {
  explicit DeviceScene(TestOp::Options options = with_settings(kDevicesOn)) : Scene(std::move(options)) {
    op.add_client([](model::Client& client) {
      client.id = model::ClientId("tv");
      client.name = "Living room";
      client.token_endpoint_auth_method = model::ClientAuthMethod::none;
      client.secrets.clear();
      client.application_type = model::ApplicationType::native;
      client.redirect_uris.clear();
      client.response_types.clear();
      client.grant_types = {kDeviceGrant, "refresh_token"};
    });
    change_client([](model::Client& client) { client.grant_types.push_back(kDeviceGrant); });
  }
  void change_tv(const std::function<void(model::Client&)>& change) {
    auto tv = *op.store().find_client(model::ClientId("tv")).value();
    change(tv);
    ++tv.version;
    ASSERT_TRUE(op.store().put_client(tv, store::IfExists::replace));
  }

  // --- the device ---
  http::Response post_form(const std::string& path, const std::string& body,
                           const std::string& authorization = {}) {
    auto request = a_request("POST", path);
    request.content_type = "application/x-www-form-urlencoded";
    request.body = body;
    if (!authorization.empty()) request.headers = {{"authorization", authorization}};
    return op.handle(std::move(request));
  }
  http::Response ask_codes(const Fields& changes = {}) {
    return post_form("/device_authorization",
                     encoded(with({{"client_id", "tv"}, {"scope", "openid profile"}}, changes)));
  }
  http::Response codes(const Fields& changes = {}) {
    auto response = ask_codes(changes);
    EXPECT_EQ(response.status, 200) << response.body << op.log();
    return response;
  }
  http::Response poll(const http::Response& codes, const Fields& changes = {}) {
    return post_token(op, with({{"grant_type", kDeviceGrant},
                                {"device_code", member(codes, "device_code")},
                                {"client_id", "tv"}},
                               changes));
  }
  std::string poll_error(const http::Response& codes, const Fields& changes = {}) {
    return member(poll(codes, changes), "error");
  }
  /// The next question, when it is time for it.
  http::Response poll_later(const http::Response& codes, Seconds after = Seconds(60)) {
    op.clock.tick(after);
    return poll(codes);
  }

  // --- the person ---
  http::Response enter(const std::string& user_code) {
    browser.get("/device");
    return browser.submit({{"user_code", user_code}, {"decision", "continue"}});
  }
  /// To the page that asks, signed in.
  http::Response confirm_page(const http::Response& codes) {
    auto page = enter(member(codes, "user_code"));
    return page.body.find("login-form") == std::string::npos ? page : browser.submit(kLogin);
  }
  http::Response answer(const http::Response& codes, const std::string& decision) {
    confirm_page(codes);
    return browser.submit({{"decision", decision}, {"scope", "profile"}, {"scope", "offline_access"}});
  }
  http::Response tokens(const Fields& changes = {}) {
    const auto asked = codes(changes);
    answer(asked, "allow");
    auto bought = poll(asked);
    EXPECT_EQ(bought.status, 200) << bought.body << op.log();
    return bought;
  }
};

inline bool shows(const http::Response& page, const std::string& id) {
  return page.status == 200 && page.body.find("id=\"" + id + '"') != std::string::npos;
}

}  // namespace oidcop::testing
