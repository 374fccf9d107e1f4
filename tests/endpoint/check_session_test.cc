#include "base/json.h"
#include "logout_scene.h"
#include "session/browser_state.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace oidcop::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TestOp::Options watched_sessions() {
  return with_settings(R"({"endpoint": {"provider_info": {}, "jwks": {}, "authorization": {}, "token": {},
    "userinfo": {}, "end_session": {}, "check_session": {}}})");
}

/// A person at wiki, whose pages watch the session.
struct WatchedScene : LogoutScene {
  WatchedScene() : LogoutScene(watched_sessions()) {}

  /// The name and value of the state cookie; empty when the browser has none.
  std::string cookie_name() const {
    for (const auto& [name, value] : browser.cookies) {
      if (name.find("_state_") != std::string::npos) return name;
    }
    return {};
  }
  std::string state() const {
    const auto name = cookie_name();
    return name.empty() ? name : browser.cookies.at(name);
  }
  /// What the frame would say to wiki's page about this session_state.
  bool is_unchanged(const std::string& session_state) const {
    const auto salt = session_state.substr(session_state.find('.') + 1);
    return session_state == session::session_state("wiki", "https://wiki.example.com", state(), salt);
  }
  std::string silent_state() {
    auto answer =
        location_parameters(browser.get("/authorization", with(wiki_request(), {{"prompt", "none"}})));
    return answer["session_state"];
  }
};

std::string set_cookie_of(const http::Response& response, const std::string& part) {
  for (const auto& header : response.headers) {
    if (header.name == "Set-Cookie" && header.value.find(part) != std::string::npos) return header.value;
  }
  return {};
}

// OpenID Connect Session Management 1.0, 2.
TEST(CheckSession, EveryAuthorizationResponseTellsTheStateOfTheSession) {
  WatchedScene scene;
  const auto state = scene.silent_state();
  ASSERT_NE(state, "");
  EXPECT_THAT(state, Not(HasSubstr(" ")));
  EXPECT_THAT(state, Not(HasSubstr(scene.state())));
  EXPECT_TRUE(scene.is_unchanged(state));
  const auto again = scene.silent_state();
  EXPECT_NE(again, state) << "the salt is another one";
  EXPECT_TRUE(scene.is_unchanged(again));
  EXPECT_TRUE(scene.is_unchanged(state));
}

TEST(CheckSession, ChangesWhenThePersonSignsOut) {
  WatchedScene scene;
  const auto state = scene.silent_state();
  scene.leave(scene.full());
  EXPECT_TRUE(scene.is_unchanged(state)) << "not before they agreed";
  scene.confirm();
  EXPECT_NE(scene.state(), "");
  EXPECT_FALSE(scene.is_unchanged(state));
}

TEST(CheckSession, ChangesWhenSomebodyElseSignsIn) {
  WatchedScene scene;
  scene.op.add_user([](model::User& bob) {
    bob.id = model::UserId("bob");
    bob.username = "bob";
    bob.subject = "sub-of-bob";
  });
  const auto state = scene.silent_state();
  const auto answer =
      location_parameters(scene.browser.sign_in(with(wiki_request(), {{"prompt", "login"}}), "bob"));
  EXPECT_FALSE(scene.is_unchanged(state));
  EXPECT_TRUE(scene.is_unchanged(answer.at("session_state"))) << "and the answer tells the new state";
}

// Security: the browser-state cookie is worth nothing.
TEST(CheckSession, TheStateIsACookieOfItsOwnThatScriptsMayReadAndThatProvesNothing) {
  Scene scene(watched_sessions());
  const auto response = scene.browser.sign_in(wiki_request());
  std::string cookie;
  for (const auto& [name, value] : scene.browser.cookies) {
    if (name.find("_state_") == std::string::npos) continue;
    cookie = value;
    for (const auto& [other, secret] : scene.browser.cookies) {
      if (other == name) continue;
      EXPECT_NE(secret, value);
    }
  }
  ASSERT_NE(cookie, "");
  TestBrowser thief(scene.op);
  for (const auto& [name, value] : scene.browser.cookies) {
    if (name.find("_browser_") == std::string::npos) thief.cookies[name] = cookie;
  }
  auto answer = location_parameters(thief.get("/authorization", with(wiki_request(), {{"prompt", "none"}})));
  EXPECT_EQ(answer["error"], "login_required");
}

TEST(CheckSession, TheCookieGoesIntoFramesAndOnlyOverHttps) {
  WatchedScene scene;
  scene.browser.cookies.erase(scene.cookie_name());
  const auto response = scene.browser.get("/authorization", with(wiki_request(), {{"prompt", "none"}}));
  const auto cookie = set_cookie_of(response, "_state_");
  EXPECT_THAT(cookie, HasSubstr("; Secure"));
  EXPECT_THAT(cookie, HasSubstr("; SameSite=None"));
  EXPECT_THAT(cookie, Not(HasSubstr("HttpOnly")));
  EXPECT_TRUE(scene.is_unchanged(location_parameters(response).at("session_state")));
}

TEST(CheckSession, IsTheOnlyDocumentThatOthersMayFrame) {
  WatchedScene scene;
  const auto frame = scene.op.handle(a_request("GET", "/check_session"));
  ASSERT_EQ(frame.status, 200);
  EXPECT_THAT(frame.body, HasSubstr("data-cookie=\"" + scene.cookie_name() + "\""));
  EXPECT_THAT(frame.body, HasSubstr("<script src=\"/static/check_session.js?v="));
  EXPECT_THAT(frame.body, Not(HasSubstr(scene.state())));
  EXPECT_FALSE(frame.header("X-Frame-Options"));
  const auto policy = std::string(frame.header("Content-Security-Policy").value_or(""));
  EXPECT_THAT(policy, HasSubstr("frame-ancestors *"));
  EXPECT_THAT(policy, HasSubstr("default-src 'none'"));
  EXPECT_THAT(policy, HasSubstr("script-src 'self'"));
  const auto page = scene.leave(scene.full());
  EXPECT_EQ(page.header("X-Frame-Options"), "DENY");
  EXPECT_THAT(std::string(page.header("Content-Security-Policy").value_or("")),
              HasSubstr("frame-ancestors 'none'"));
}

TEST(CheckSession, AnErrorTellsNoState) {
  WatchedScene scene;
  scene.leave(scene.full());
  scene.confirm();
  auto answer =
      location_parameters(scene.browser.get("/authorization", with(wiki_request(), {{"prompt", "none"}})));
  EXPECT_EQ(answer["error"], "login_required");
  EXPECT_EQ(answer["session_state"], "");
}

TEST(CheckSession, IsInTheMetadataAndOffUnlessItIsConfigured) {
  TestOp on(watched_sessions());
  EXPECT_EQ(member(on.handle(a_request("GET", "/.well-known/openid-configuration")), "check_session_iframe"),
            "https://op.example.org/check_session");
  Scene off;
  auto& op = off.op;
  EXPECT_EQ(member(op.handle(a_request("GET", "/.well-known/openid-configuration")), "check_session_iframe"),
            "");
  EXPECT_EQ(op.handle(a_request("GET", "/check_session")).status, 404);
  EXPECT_EQ(location_parameters(off.browser.sign_in(wiki_request())).count("session_state"), 0U);
  for (const auto& [name, value] : off.browser.cookies) EXPECT_THAT(name, Not(HasSubstr("_state_")));
}

TEST(CheckSession, TakesNoOtherMethod) {
  TestOp op(watched_sessions());
  EXPECT_EQ(op.handle(a_request("POST", "/check_session")).status, 405);
  EXPECT_EQ(op.handle(a_request("HEAD", "/check_session")).status, 200);
}

}  // namespace
}  // namespace oidcop::testing
