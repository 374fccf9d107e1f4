#include "base/file.h"
#include "base/json.h"
#include "endpoint/scene.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace oidcop::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const Fields kLogin{{"username", "alice"}, {"password", "wonderland"}, {"decision", "login"}};
const Fields kAllow{{"decision", "allow"}, {"scope", "profile"}, {"scope", "email"}};

void add_bob(TestOp& op) {
  op.add_user([](model::User& user) {
    user.id = model::UserId("user-bob");
    user.username = "bob";
  });
}

std::string code_of(const http::Response& response) {
  return location_parameters(response)["code"];
}

std::string seal_in(const http::Response& page) {
  const auto at = page.body.find("value=\"", page.body.find("name=\"seal\"")) + 7;
  return page.body.substr(at, page.body.find('"', at) - at);
}

// --- from page to page ------------------------------------------------------------------------------------

TEST(Interaction, ALoginForThisVeryRequestCountsUntilItsEnd) {
  Scene scene;
  scene.browser.sign_in(wiki_request());
  scene.ask({{"prompt", "login consent"}, {"max_age", "0"}});
  EXPECT_THAT(scene.browser.submit(kLogin).body, HasSubstr("consent-allow"));
  EXPECT_NE(code_of(scene.browser.submit(kAllow)), "");
}

TEST(Interaction, AConsentPageThatIsTooOldNeitherGrantsNorKeepsItsLogin) {
  Scene scene(with_settings(R"({"session_params": {"interaction_lifetime": "10m"}})"));
  scene.ask({{"prompt", "login consent"}});
  scene.browser.submit(kLogin);
  scene.op.clock.tick(Seconds(601));
  const auto again = scene.browser.submit(kAllow);
  EXPECT_EQ(again.status, 200) << again.body;
  EXPECT_THAT(again.body, HasSubstr("login-form")) << "the login belonged to what has expired";

  scene.browser.sign_in(wiki_request());
  EXPECT_EQ(scene.silent_error(), "");
  scene.ask({{"prompt", "consent"}});
  scene.op.clock.tick(Seconds(601));
  EXPECT_THAT(scene.browser.submit(kAllow).body, HasSubstr("consent-allow"));
}

TEST(Interaction, OnlyAYesIsAYes) {
  Scene scene;
  scene.ask();
  scene.browser.submit(kLogin);
  for (const auto& decision : {Fields{}, Fields{{"decision", ""}}, Fields{{"decision", "Allow"}}}) {
    EXPECT_THAT(scene.browser.submit(decision).body, HasSubstr("consent-allow"));
  }
  EXPECT_NE(code_of(scene.browser.submit(kAllow)), "");
}

TEST(Interaction, AConsentIsOfTheSessionItWasShownTo) {
  Scene scene;
  scene.ask();
  scene.browser.submit(kLogin);
  TestBrowser other_tab = scene.browser;
  other_tab.get("/authorization", with(wiki_request(), {{"prompt", "login"}}));
  other_tab.submit(kLogin);
  scene.browser.cookies = other_tab.cookies;
  EXPECT_THAT(scene.browser.submit(kAllow).body, HasSubstr("consent-allow")) << "shown again, not granted";
  EXPECT_NE(code_of(scene.browser.submit(kAllow)), "");
}

TEST(Interaction, AConsentOfOnePersonIsNotAnothers) {
  Scene scene;
  add_bob(scene.op);
  scene.ask();
  scene.browser.submit(kLogin);
  TestBrowser other_tab = scene.browser;
  other_tab.get("/authorization", with(wiki_request(), {{"prompt", "login"}}));
  other_tab.submit(with(kLogin, {{"username", "bob"}}));
  scene.browser.cookies = other_tab.cookies;
  const auto page = scene.browser.submit(kAllow);
  EXPECT_EQ(code_of(page), "");
  EXPECT_THAT(page.body, HasSubstr("consent-allow"));
}

TEST(Interaction, AConsentGivenTooLateForTheLoginAsksForALogin) {
  Scene scene(with_settings(R"({"authentication": {"password": {"expires_in": "10m"}}})"));
  scene.ask();
  scene.browser.submit(kLogin);
  scene.op.clock.tick(Seconds(600));
  EXPECT_THAT(scene.browser.submit(kAllow).body, HasSubstr("login-form"));
}

TEST(Interaction, AConsentNobodyIsSignedInForAnyMoreAsksForALogin) {
  Scene scene;
  scene.ask();
  scene.browser.submit(kLogin);
  scene.op.clock.tick(Seconds(9 * 3600));
  EXPECT_THAT(scene.browser.submit(kAllow).body, HasSubstr("login-form"));
}

TEST(Interaction, AConsentIsForWhatWasShown) {
  Scene scene;
  scene.ask();
  scene.browser.submit(kLogin);
  const auto file = scene.op.folder() / "oidcop.json";
  auto settings = parse_json(read_file(file).value()).value();
  settings["capabilities"]["scopes_supported"] = {"openid", "profile"};
  ASSERT_TRUE(write_file_atomically(file, dump_json(settings), FileMode::published));
  ASSERT_TRUE(scene.op.provider().reload());
  const auto page = scene.browser.submit(kAllow);
  EXPECT_THAT(page.body, HasSubstr("consent-allow")) << "another set of scopes is another question";
  EXPECT_THAT(page.body, Not(HasSubstr("alice@example.org")));
}

TEST(Interaction, ASealIsTakenFromABodyOnly) {
  Scene scene;
  const auto seal = seal_in(scene.ask());
  const auto refused = scene.browser.get(
      "/authorization/login",
      {{"seal", seal}, {"username", "alice"}, {"password", "wonderland"}, {"decision", "login"}});
  EXPECT_EQ(refused.status, 400);
  EXPECT_THAT(refused.body, HasSubstr("interaction_lost"));
  EXPECT_EQ(scene.silent_error(), "login_required");
}

TEST(Interaction, AConsentSealDoesNotServeAsLogin) {
  Scene scene;
  scene.ask();
  const auto seal = seal_in(scene.browser.submit(kLogin));
  auto form = kLogin;
  form.emplace_back("seal", seal);
  EXPECT_EQ(scene.browser.post("/authorization/login", form).status, 400);
}

TEST(Interaction, ANeighbouringSiteIsAnotherSite) {
  for (const auto* site : {"same-site", "cross-site", "nonsense"}) {
    Scene scene;
    scene.ask();
    scene.browser.headers = {{"sec-fetch-site", site}};
    EXPECT_EQ(scene.browser.submit(kLogin).status, 400) << site;
  }
}

TEST(Interaction, ARepeatedFieldIsRefused) {
  Scene scene;
  scene.ask();
  auto form = kLogin;
  form.emplace_back("username", "bob");
  const auto refused = scene.browser.submit(form);
  EXPECT_EQ(refused.status, 400);
  EXPECT_FALSE(refused.header("Location"));
}

TEST(Interaction, PagesHaveTheirMethods) {
  Scene scene;
  for (const auto* path : {"/authorization", "/authorization/login", "/authorization/consent"}) {
    for (const auto* method : {"PUT", "DELETE", "PATCH", "OPTIONS"}) {
      const auto refused = scene.op.handle(a_request(method, path));
      EXPECT_EQ(refused.status, 405) << method << ' ' << path;
      const bool may_issue = std::string_view(path) == "/authorization";
      EXPECT_EQ(refused.header("Allow"), may_issue ? "GET, POST" : "GET, HEAD, POST")
          << method << ' ' << path;
    }
  }
}

// RFC 9110, 9.2.1: a HEAD changes nothing, and the answer to an authorization request may be a new code.
TEST(Interaction, AHeadRequestNeverIssuesACode) {
  Scene scene;
  scene.browser.sign_in(wiki_request());
  auto request = a_request("HEAD", "/authorization", encoded(wiki_request()));
  std::string cookies;
  for (const auto& [name, value] : scene.browser.cookies)
    cookies += (cookies.empty() ? "" : "; ") + name + "=" + value;
  request.headers.push_back({"cookie", cookies});
  const auto refused = scene.op.handle(request);
  EXPECT_EQ(refused.status, 405);
  EXPECT_FALSE(refused.header("Location"));
  request.method = "GET";
  EXPECT_TRUE(scene.op.handle(request).header("Location")) << "the same as a GET gets its code";
}

// --- the login page ---------------------------------------------------------------------------------------

TEST(LoginPage, RemembersTheNameThatWasTyped) {
  Scene scene;
  scene.ask();
  const auto page = scene.browser.submit(with(kLogin, {{"password", "wrong"}}));
  EXPECT_THAT(page.body, HasSubstr("value=\"alice\""));
  EXPECT_THAT(page.body, Not(HasSubstr("wrong")));
}

TEST(LoginPage, NamesNobodyWhoseSessionIsOver) {
  Scene scene;
  scene.browser.sign_in(wiki_request());
  EXPECT_THAT(scene.ask({{"prompt", "login"}}).body, HasSubstr("alice"));
  scene.op.clock.tick(Seconds(9 * 3600));
  EXPECT_THAT(scene.ask().body, Not(HasSubstr("alice")));
}

TEST(LoginPage, NothingTypedIsNoAttempt) {
  for (const auto* left_out : {"username", "password"}) {
    Scene scene;
    scene.ask();
    for (int i = 0; i < 12; ++i) {
      EXPECT_EQ(scene.browser.submit(with(kLogin, {{left_out, ""}})).status, 200) << left_out;
    }
    EXPECT_THAT(scene.browser.submit(kLogin).body, HasSubstr("consent-allow")) << left_out;
  }
}

TEST(LoginPage, SuccessesAreNoAttempts) {
  Scene scene;
  for (int i = 0; i < 12; ++i) {
    scene.ask({{"prompt", "login"}});
    EXPECT_EQ(scene.browser.submit(kLogin).status, i == 0 ? 200 : 303) << i;
    if (i == 0) scene.browser.submit(kAllow);
  }
}

TEST(LoginPage, StrangersDoNotLockOutABrowserThatWasThereBefore) {
  Scene scene;
  scene.browser.sign_in(wiki_request());
  for (int i = 0; i < 12; ++i) {
    TestBrowser stranger(scene.op);
    stranger.get("/authorization", wiki_request());
    stranger.submit(with(kLogin, {{"password", "guess"}}));
  }
  TestBrowser stranger(scene.op);
  stranger.get("/authorization", wiki_request());
  EXPECT_EQ(stranger.submit(kLogin).status, 429);
  scene.ask({{"prompt", "login"}});
  EXPECT_NE(code_of(scene.browser.submit(kLogin)), "");
}

// --- sessions and cookies ---------------------------------------------------------------------------------

TEST(Session, EndsWhenItLiesIdleAndAtItsAbsoluteEnd) {
  const auto settings = R"({"session_params": {"sso_idle_lifetime": "10m", "sso_lifetime": "15m"}})";
  Scene idle(with_settings(settings));
  idle.ask();
  idle.browser.submit(kLogin);
  idle.op.clock.tick(Seconds(599));
  EXPECT_EQ(idle.silent_error(), "consent_required");
  idle.op.clock.tick(Seconds(1));
  EXPECT_EQ(idle.silent_error(), "login_required");

  Scene busy(with_settings(settings));
  busy.browser.sign_in(wiki_request());
  busy.op.clock.tick(Seconds(450));
  EXPECT_EQ(busy.silent_error(), "");
  busy.op.clock.tick(Seconds(449));
  EXPECT_EQ(busy.silent_error(), "");
  busy.op.clock.tick(Seconds(1));
  EXPECT_EQ(busy.silent_error(), "login_required");
}

TEST(Session, TheBrowsersCookieIsSetOnce) {
  Scene scene;
  EXPECT_TRUE(scene.ask().header("Set-Cookie"));
  EXPECT_FALSE(scene.ask().header("Set-Cookie"));
}

TEST(Session, NoCookieIsSetInAFrame) {
  Scene scene;
  scene.browser.headers = {{"sec-fetch-dest", "iframe"}, {"sec-fetch-site", "cross-site"}};
  EXPECT_FALSE(scene.ask().header("Set-Cookie"));
}

}  // namespace
}  // namespace oidcop::testing
