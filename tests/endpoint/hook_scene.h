#pragma once

#include "scene.h"

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <stdexcept>
#include <string>
#include <utility>

namespace oidcop::testing {

/// What hooks of post_parse_request, pre_construct and post_construct have in common.
using Step = std::function<Verdict(Message&, const HookContext&)>;

inline Step set(const std::string& name, const std::string& value) {
  return [=](Message& message, const HookContext&) -> Verdict {
    message.set(name, value);
    return {};
  };
}
inline Step drop(const std::string& name) {
  return [=](Message& message, const HookContext&) -> Verdict {
    message.remove(name);
    return {};
  };
}
inline Step throws_exception() {
  return [](Message&, const HookContext&) -> Verdict { throw std::runtime_error("a secret reason"); };
}
inline Step throws_int() {
  return [](Message&, const HookContext&) -> Verdict { throw 42; };  // NOLINT: that is what is proven
}
inline Step refuses() {
  return [](Message&, const HookContext&) -> Verdict { return fail(access_denied("The hook says no.")); };
}
/// A refusal that would be sent as a success, and with a header of its own making.
inline Step refuses_malformed() {
  return [](Message&, const HookContext&) -> Verdict {
    auto error = access_denied("no");
    error.http_status = 200;
    error.www_authenticate = "Basic\r\nSet-Cookie: a=b";
    return fail(std::move(error));
  };
}

/// Every endpoint on, and a refresh token with each code.
inline constexpr const char* kEverythingOn = R"({
  "endpoint": {"provider_info": {}, "jwks": {}, "authorization": {}, "token": {}, "refresh_token": {}, "userinfo": {},
               "revocation": {}, "introspection": {}, "pushed_authorization": {}, "end_session": {},
               "registration": {"policy": "open"}, "registration_api": {}, "webfinger": {},
               "check_session": {}, "device_authorization": {}},
  "authz": {"refresh": {"require_offline_access": false}}})";

inline TestOp::Options with_hooks(Hooks hooks, const std::string& settings = kEverythingOn) {
  TestOp::Options options;
  options.hooks = std::move(hooks);
  options.settings = settings;
  return options;
}
inline TestOp::Options post_construct(const std::string& endpoint, Step step) {
  Hooks hooks;
  EXPECT_TRUE(hooks.add_post_construct(endpoint, "zoo", std::move(step)));
  return with_hooks(std::move(hooks));
}
inline TestOp::Options pre_construct(const std::string& endpoint, Step step) {
  Hooks hooks;
  EXPECT_TRUE(hooks.add_pre_construct(endpoint, "zoo", std::move(step)));
  return with_hooks(std::move(hooks));
}
inline TestOp::Options post_parse_request(const std::string& endpoint, Step step) {
  Hooks hooks;
  EXPECT_TRUE(hooks.add_post_parse_request(endpoint, "zoo", std::move(step)));
  return with_hooks(std::move(hooks));
}

/// The scene with hooks, and perhaps a client that is not the usual one.
struct HookScene : Scene {
  explicit HookScene(TestOp::Options options, const std::function<void(model::Client&)>& change = {})
      : Scene(std::move(options)) {
    if (change) change_client(change);
  }
  std::map<std::string, std::string> authorize(const Fields& request = wiki_request()) {
    return location_parameters(browser.sign_in(request));
  }
  http::Response tokens() { return exchange_code(op, authorize()["code"]); }
  http::Response told() { return get_userinfo(op, member(tokens(), "access_token")); }
  /// At the refresh_token endpoint, which is one of its own here.
  http::Response refresh_with(const std::string& refresh_token) {
    return post_form("/refresh_token", {{"grant_type", "refresh_token"}, {"refresh_token", refresh_token}},
                     header());
  }
  http::Response given_up() {
    return post_form("/revocation", {{"token", member(tokens(), "access_token")}}, header());
  }
  http::Response pushed() { return post_form("/pushed_authorization", wiki_request(), header()); }
  http::Response asked_for_codes() {
    change_client([](model::Client& wiki) {
      wiki.grant_types.emplace_back("urn:ietf:params:oauth:grant-type:device_code");
    });
    return post_form("/device_authorization", {{"scope", "openid"}}, header());
  }
  http::Response looked_into() {
    return post_form("/introspection", {{"token", member(tokens(), "access_token")}}, header());
  }
  /// The answer to the confirmation of a request to sign out.
  http::Response signed_out() {
    change_client(
        [](model::Client& wiki) { wiki.post_logout_redirect_uris = {"https://wiki.example.com/bye"}; });
    browser.sign_in(wiki_request());
    const auto page = browser.get("/session", {{"client_id", "wiki"},
                                               {"post_logout_redirect_uri", "https://wiki.example.com/bye"},
                                               {"state", "s1"}});
    return page.status == 200 ? browser.submit({{"decision", "logout"}}) : page;
  }
  http::Response enrolled() {
    return send_json("POST", "/registration", "", R"({"redirect_uris": ["https://app.example.net/cb"]})", "");
  }
  /// The update of a registration; `registered` is the answer to it.
  http::Response managed(const http::Response& registered) {
    const auto id = member(registered, "client_id");
    return send_json("PUT", "/registration_api", "client_id=" + id,
                     R"({"client_id": ")" + id + R"(", "redirect_uris": ["https://app.example.net/new"]})",
                     member(registered, "registration_access_token"));
  }
  http::Response send_json(const std::string& method, const std::string& path, const std::string& query,
                           const std::string& body, const std::string& token) {
    auto request = a_request(method, path, query);
    request.content_type = "application/json";
    request.body = body;
    if (!token.empty()) request.headers = {{"authorization", "Bearer " + token}};
    return op.handle(std::move(request));
  }
  http::Response refreshed() { return refresh_with(member(tokens(), "refresh_token")); }
  http::Response post_form(const std::string& path, const Fields& form,
                           const std::string& authorization = {}) {
    auto request = a_request("POST", path);
    request.content_type = "application/x-www-form-urlencoded";
    request.body = encoded(form);
    if (!authorization.empty()) request.headers = {{"authorization", authorization}};
    return op.handle(std::move(request));
  }
};

/// A second provider in the folder of the first, with hooks of its own, and what came of the attempt.
struct Start {
  Start(TestOp& op, Hooks hooks) {
    ProviderOptions options;
    options.configuration = op.folder() / "oidcop.json";
    options.hooks = std::move(hooks);
    options.clock = &op.clock;
    options.log_line = [this](std::string_view line) { log += std::string(line) + '\n'; };
    auto opened = Provider::open(std::move(options));
    if (opened) {
      provider = std::move(*opened);
    } else {
      error = opened.error().detail;
    }
  }
  std::string log;
  std::string error;  ///< empty when it started
  std::unique_ptr<Provider> provider;
};

}  // namespace oidcop::testing
