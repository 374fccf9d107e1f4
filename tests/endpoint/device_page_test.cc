#include "device_scene.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace oidcop::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// --- RFC 8628, 3.3
// ------------------------------------------------------------------------------------------

TEST(DevicePage, AsksForTheCodeThenForThePersonThenForTheirYes) {
  DeviceScene scene;
  const auto codes = scene.codes();
  EXPECT_TRUE(shows(scene.browser.get("/device"), "user-code"));
  const auto login =
      scene.browser.submit({{"user_code", member(codes, "user_code")}, {"decision", "continue"}});
  EXPECT_TRUE(shows(login, "login-form"));
  EXPECT_THAT(login.body, HasSubstr("Living room"));
  const auto confirm = scene.browser.submit(kLogin);
  EXPECT_TRUE(shows(confirm, "device-allow"));
  EXPECT_THAT(confirm.body, HasSubstr(member(codes, "user_code")));
  EXPECT_THAT(confirm.body, HasSubstr("Living room"));
  EXPECT_THAT(confirm.body, HasSubstr("alice"));
  EXPECT_EQ(scene.poll_error(codes), "authorization_pending") << "nothing happened so far";
  const auto done = scene.browser.submit({{"decision", "allow"}, {"scope", "profile"}});
  EXPECT_TRUE(shows(done, "device-done"));
  EXPECT_EQ(scene.poll(codes).status, 200);
}

TEST(DevicePage, AsksNobodyToSignInTwice) {
  DeviceScene scene;
  scene.browser.sign_in(wiki_request());
  EXPECT_TRUE(shows(scene.enter(member(scene.codes(), "user_code")), "device-allow"));
}

// RFC 8628, 6.1.
TEST(DevicePage, TakesTheCodeHoweverItIsTyped) {
  DeviceScene scene;
  const auto code = member(scene.codes(), "user_code");
  auto typed = code.substr(0, 4) + code.substr(5);
  EXPECT_TRUE(shows(scene.enter(typed), "login-form"));
  for (auto& c : typed) c = static_cast<char>(c - 'A' + 'a');
  EXPECT_TRUE(shows(scene.enter(typed), "login-form"));
  EXPECT_TRUE(shows(scene.enter("  " + code.substr(0, 4) + " . " + code.substr(5) + "\t"), "login-form"));
}

// RFC 8628, 3.3.1 and 5.4: a link alone connects nothing, and shows what would be connected.
TEST(DevicePage, ALinkWithTheCodeOnlyFillsItIn) {
  DeviceScene scene;
  scene.browser.sign_in(wiki_request());
  const auto codes = scene.codes();
  const auto code = member(codes, "user_code");
  const auto page = scene.browser.get("/device", {{"user_code", code}});
  EXPECT_TRUE(shows(page, "user-code"));
  EXPECT_THAT(page.body, HasSubstr("value=\"" + code + '"'));
  EXPECT_THAT(page.body, Not(HasSubstr("Living room"))) << "a link is no guess that is not counted";
  EXPECT_EQ(scene.poll_error(codes), "authorization_pending");
  const auto confirm = scene.browser.submit({{"user_code", code}, {"decision", "continue"}});
  EXPECT_THAT(confirm.body, HasSubstr("id=\"device-user-code\" dir=\"ltr\">" + code));
}

TEST(DevicePage, FillsInNothingThatIsNoText) {
  DeviceScene scene;
  const auto page = scene.browser.get("/device", {{"user_code", "\"><script>alert(1)</script>"}});
  EXPECT_EQ(page.status, 200);
  EXPECT_THAT(page.body, Not(HasSubstr("<script>")));
}

TEST(DevicePage, LetsScopesBeUnticked) {
  DeviceScene scene;
  const auto codes = scene.codes({{"scope", "openid profile email"}});
  scene.confirm_page(codes);
  scene.browser.submit({{"decision", "allow"}, {"scope", "email"}, {"scope", "phone"}});
  EXPECT_EQ(member(scene.poll(codes), "scope"), "openid email") << "never more than was shown";
}

TEST(DevicePage, SpeaksThePersonsLanguage) {
  DeviceScene scene;
  scene.browser.headers = {{"accept-language", "de"}};
  EXPECT_THAT(scene.browser.get("/device").body, HasSubstr("Ein Gerät verbinden"));
}

TEST(DevicePage, CancellingTheSignInDecidesNothing) {
  DeviceScene scene;
  const auto codes = scene.codes();
  scene.enter(member(codes, "user_code"));
  EXPECT_TRUE(shows(scene.browser.submit({{"decision", "cancel"}}), "user-code"));
  EXPECT_EQ(scene.poll_error(codes), "authorization_pending");
  EXPECT_EQ(scene.answer(codes, "allow").status, 200);
  EXPECT_EQ(scene.poll(codes).status, 200);
}

TEST(DevicePage, AWrongPasswordAsksAgain) {
  DeviceScene scene;
  scene.enter(member(scene.codes(), "user_code"));
  const auto again =
      scene.browser.submit({{"username", "alice"}, {"password", "wrong"}, {"decision", "login"}});
  EXPECT_TRUE(shows(again, "login-error"));
  EXPECT_THAT(again.body, HasSubstr("value=\"alice\""));
  EXPECT_TRUE(shows(scene.browser.submit({{"decision", "login"}}), "login-error")) << "nothing typed";
  EXPECT_TRUE(shows(scene.browser.submit(kLogin), "device-allow"));
}

// --- who may not
// ---------------------------------------------------------------------------------------------

TEST(DevicePage, TellsWhoMayNotUseTheClient) {
  DeviceScene scene;
  scene.change_tv([](model::Client& client) { client.allowed_groups = {"adults"}; });
  const auto codes = scene.codes();
  const auto page = scene.confirm_page(codes);
  EXPECT_EQ(page.status, 403);
  EXPECT_THAT(page.body, HasSubstr("op-error"));
  EXPECT_EQ(scene.poll_error(codes), "authorization_pending") << "somebody else may";
}

TEST(DevicePage, AsksAPersonAnewWhoMayNotAnyMore) {
  DeviceScene scene;
  const auto codes = scene.codes();
  scene.confirm_page(codes);
  scene.op.add_user([](model::User& user) { user.enabled = false; });
  EXPECT_TRUE(shows(scene.browser.submit({{"decision", "allow"}}), "login-form"));
  EXPECT_EQ(scene.poll_error(codes), "authorization_pending");
}

// OpenID Connect Dynamic Client Registration 1.0, 2: default_max_age.
TEST(DevicePage, AsksForAFreshSignInWhereTheClientWantsOne) {
  DeviceScene scene;
  scene.change_tv([](model::Client& client) { client.default_max_age = Seconds(60); });
  scene.browser.sign_in(wiki_request());
  scene.op.clock.tick(Seconds(61));
  const auto codes = scene.codes();
  EXPECT_TRUE(shows(scene.enter(member(codes, "user_code")), "login-form"));
  EXPECT_TRUE(shows(scene.browser.submit(kLogin), "device-allow"));
  scene.op.clock.tick(Seconds(61));
  EXPECT_TRUE(shows(scene.browser.submit({{"decision", "allow"}}), "device-done"))
      << "reading the page does not make it stale";
}

// --- codes that are none (RFC 8628, 5.1)
// --------------------------------------------------------------------

TEST(DevicePage, SaysTheSameOfEveryCodeThatDoesNotWait) {
  DeviceScene scene;
  const auto denied = scene.codes();
  scene.answer(denied, "deny");
  const auto spent = scene.codes();
  scene.answer(spent, "allow");
  const auto gone = scene.codes();
  scene.change_tv([](model::Client& client) { client.enabled = false; });
  for (const auto& code :
       {std::string("BCDF-GHJK"), std::string("x"), std::string(), member(denied, "user_code"),
        member(spent, "user_code"), member(gone, "user_code")}) {
    const auto page = scene.enter(code);
    EXPECT_TRUE(shows(page, "device-error")) << code;
    EXPECT_THAT(page.body, HasSubstr("We do not know this code.")) << code;
  }
}

TEST(DevicePage, StopsWhoeverTriesCodes) {
  DeviceScene scene;
  const auto codes = scene.codes();
  for (int i = 0; i < 10; ++i) EXPECT_EQ(scene.enter("BCDF-GHJK").status, 200);
  const auto stopped = scene.enter(member(codes, "user_code"));
  EXPECT_EQ(stopped.status, 429);
  EXPECT_EQ(stopped.header("Retry-After"), "600");
  EXPECT_THAT(stopped.body, HasSubstr("device-error"));
  EXPECT_THAT(scene.op.log(), HasSubstr("device.throttled"));
  TestBrowser other(scene.op);
  other.get("/device");
  EXPECT_EQ(other.submit({{"user_code", member(codes, "user_code")}, {"decision", "continue"}}).status, 429)
      << "another browser of the network";
  scene.op.clock.tick(Seconds(600));
  EXPECT_TRUE(shows(scene.enter(member(scene.codes(), "user_code")), "login-form"));
}

TEST(DevicePage, APersonIsNotStoppedByTheirNeighbours) {
  DeviceScene scene;
  TestBrowser neighbour(scene.op);
  for (int i = 0; i < 11; ++i) {
    neighbour.get("/device");
    neighbour.submit({{"user_code", "BCDF-GHJK"}, {"decision", "continue"}});
  }
  scene.browser.sign_in(wiki_request());
  EXPECT_TRUE(shows(scene.enter(member(scene.codes(), "user_code")), "device-allow"));
  for (int i = 0; i < 10; ++i) scene.enter("BCDF-GHJK");
  EXPECT_EQ(scene.enter(member(scene.codes(), "user_code")).status, 429) << "but has a budget, too";
}

TEST(DevicePage, RightCodesAreNotCounted) {
  DeviceScene scene;
  const auto codes = scene.codes();
  for (int i = 0; i < 15; ++i) EXPECT_TRUE(shows(scene.enter(member(codes, "user_code")), "login-form"));
}

// --- pages that come back (security.md, 5, 6, 21)
// -----------------------------------------------------------

TEST(DevicePage, APageOfAnotherBrowserCountsForNothing) {
  DeviceScene scene;
  const auto codes = scene.codes();
  scene.confirm_page(codes);
  TestBrowser other(scene.op);
  other.sign_in(wiki_request());
  const auto answer = other.post("/device", {{"seal", scene.browser.seal()}, {"decision", "allow"}});
  EXPECT_TRUE(shows(answer, "device-error"));
  EXPECT_EQ(scene.poll_error(codes), "authorization_pending");
  TestBrowser naked(scene.op);
  EXPECT_TRUE(
      shows(naked.post("/device", {{"seal", scene.browser.seal()}, {"decision", "deny"}}), "device-error"));
  EXPECT_NE(scene.poll_error(codes), "access_denied");
}

TEST(DevicePage, ASealIsForItsStep) {
  DeviceScene scene;
  const auto codes = scene.codes();
  scene.browser.get("/device");
  const auto code_seal = scene.browser.seal();
  scene.enter(member(codes, "user_code"));
  const auto login_seal = scene.browser.seal();
  scene.browser.submit(kLogin);
  const auto confirm_seal = scene.browser.seal();
  scene.browser.get("/authorization", with(wiki_request(), {{"prompt", "consent"}}));
  const auto consent_seal = scene.browser.seal();
  struct Row {
    std::string seal, decision;
  };
  for (const auto& [seal, decision] :
       {Row{login_seal, "continue"}, Row{confirm_seal, "continue"}, Row{consent_seal, "continue"},
        Row{code_seal, "login"}, Row{confirm_seal, "login"}, Row{consent_seal, "login"},
        Row{code_seal, "allow"}, Row{login_seal, "allow"}, Row{consent_seal, "allow"}, Row{code_seal, "deny"},
        Row{login_seal, "deny"}, Row{"", "allow"}, Row{"x", "deny"}}) {
    auto form = with(kLogin, {{"decision", decision}});
    form.emplace_back("seal", seal);
    form.emplace_back("user_code", member(codes, "user_code"));
    EXPECT_TRUE(shows(scene.browser.post("/device", form), "device-error")) << decision;
  }
  EXPECT_EQ(scene.poll_error(codes), "authorization_pending");
  EXPECT_EQ(
      scene.browser.post("/authorization/consent", {{"seal", confirm_seal}, {"decision", "allow"}}).status,
      400);
}

TEST(DevicePage, AFormOfAnotherSiteBecomesTheFirstPage) {
  DeviceScene scene;
  const auto codes = scene.codes();
  scene.confirm_page(codes);
  const auto seal = scene.browser.seal();
  for (const auto& header :
       {http::Header{"sec-fetch-site", "cross-site"}, http::Header{"sec-fetch-site", "same-site"},
        http::Header{"origin", "https://attacker.example"}}) {
    scene.browser.headers = {header};
    const auto answer = scene.browser.post("/device", {{"seal", seal}, {"decision", "allow"}});
    EXPECT_EQ(answer.status, 303) << header.value;
    EXPECT_EQ(answer.header("Location"), "https://op.example.org/device");
    EXPECT_FALSE(answer.header("Set-Cookie"));
  }
  EXPECT_EQ(scene.poll_error(codes), "authorization_pending");
}

TEST(DevicePage, ASealInAUrlCountsForNothing) {
  DeviceScene scene;
  const auto codes = scene.codes();
  scene.confirm_page(codes);
  const auto page = scene.browser.get("/device", {{"seal", scene.browser.seal()}, {"decision", "allow"}});
  EXPECT_TRUE(shows(page, "user-code"));
  EXPECT_EQ(scene.poll_error(codes), "authorization_pending");
}

TEST(DevicePage, AYesCountsOnlyForWhatWasShown) {
  DeviceScene scene;
  const auto codes = scene.codes();
  scene.confirm_page(codes);
  scene.change_tv([](model::Client& client) { client.name = "Somebody else"; });
  const auto again = scene.browser.submit({{"decision", "allow"}});
  EXPECT_TRUE(shows(again, "device-allow"));
  EXPECT_THAT(again.body, HasSubstr("Somebody else"));
  EXPECT_EQ(scene.poll_error(codes), "authorization_pending");
  EXPECT_TRUE(shows(scene.browser.submit({{"decision", "allow"}}), "device-done"));
}

TEST(DevicePage, AYesIsOfThePersonWhoWasAsked) {
  DeviceScene scene;
  scene.op.add_user([](model::User& user) {
    user.id = model::UserId("user-bob");
    user.username = "bob";
  });
  const auto codes = scene.codes();
  scene.confirm_page(codes);
  const auto seal = scene.browser.seal();
  scene.browser.sign_in(with(wiki_request(), {{"prompt", "login"}}), "bob");
  const auto again = scene.browser.post("/device", {{"seal", seal}, {"decision", "allow"}});
  EXPECT_TRUE(shows(again, "device-allow"));
  EXPECT_THAT(again.body, HasSubstr("bob"));
  EXPECT_EQ(scene.poll_error(codes), "authorization_pending");
}

TEST(DevicePage, OneAnswerCounts) {
  DeviceScene scene;
  const auto codes = scene.codes();
  scene.confirm_page(codes);
  const auto seal = scene.browser.seal();
  EXPECT_TRUE(shows(scene.browser.post("/device", {{"seal", seal}, {"decision", "allow"}}), "device-done"));
  EXPECT_TRUE(shows(scene.browser.post("/device", {{"seal", seal}, {"decision", "deny"}}), "device-error"));
  EXPECT_TRUE(shows(scene.browser.post("/device", {{"seal", seal}, {"decision", "allow"}}), "device-error"));
  EXPECT_EQ(scene.poll(codes).status, 200);
}

TEST(DevicePage, AnOldPageStartsAnew) {
  DeviceScene scene(with_settings(R"({"endpoint": {"jwks": {}, "authorization": {}, "token": {},
      "device_authorization": {"expires_in": "1h"}}, "session_params": {"interaction_lifetime": "10m"}})"));
  const auto codes = scene.codes();
  scene.confirm_page(codes);
  scene.op.clock.tick(Seconds(601));
  const auto page = scene.browser.submit({{"decision", "allow"}});
  EXPECT_TRUE(shows(page, "device-error"));
  EXPECT_THAT(page.body, HasSubstr("open for too long"));
  EXPECT_EQ(scene.poll_error(codes), "authorization_pending");
}

// --- bad input
// -----------------------------------------------------------------------------------------------

TEST(DevicePage, RefusesEveryMalformedForm) {
  DeviceScene scene;
  const auto codes = scene.codes();
  struct Row {
    std::string name, value;
    int times;
    int status;
  };
  for (const auto& [name, value, times, status] :
       {Row{"user_code", "BCDF-GHJK", 2, 400}, Row{"user_code", std::string(20000, 'x'), 1, 400},
        Row{"user_code", "\xFF", 1, 400}, Row{"seal", "x", 2, 400},
        Row{"seal", std::string(20000, 'x'), 1, 400}, Row{"decision", "continue", 2, 400},
        Row{"decision", "dance", 1, 400}, Row{"username", "a", 2, 400}, Row{"password", "a", 2, 400},
        Row{"password", std::string(20000, 'x'), 1, 400}, Row{"scope", "a", 3, 200},
        Row{"unknown", "a", 1, 200}}) {
    Fields form;
    for (int i = 0; i < times; ++i) form.emplace_back(name, value);
    const auto page = scene.browser.post("/device", form);
    EXPECT_EQ(page.status, status) << name << times;
    EXPECT_THAT(page.body, HasSubstr(status == 400 ? "op-error" : "user-code")) << name;
    EXPECT_EQ(page.header("Cache-Control"), "no-store") << name;
  }
  EXPECT_EQ(scene.poll_error(codes), "authorization_pending");
}

TEST(DevicePage, HasTheHeadersOfEveryPage) {
  DeviceScene scene;
  const auto page = scene.browser.get("/device");
  EXPECT_EQ(page.header("Cache-Control"), "no-store");
  EXPECT_EQ(page.header("Referrer-Policy"), "same-origin");
  EXPECT_THAT(std::string(page.header("Content-Security-Policy").value_or("")),
              ::testing::AllOf(HasSubstr("form-action 'self'"), HasSubstr("frame-ancestors 'none'")));
  EXPECT_EQ(scene.op.handle(a_request("PUT", "/device")).status, 405);
}

TEST(DevicePage, APassingFaultLosesNothing) {
  auto options = with_settings(kDevicesOn);
  options.watched_store = true;
  DeviceScene scene(std::move(options));
  const auto codes = scene.codes();
  scene.confirm_page(codes);
  const auto seal = scene.browser.seal();
  int n = 1;
  for (;; ++n) {
    scene.op.watched().fail_call(n);
    const auto page = scene.browser.post("/device", {{"seal", seal}, {"decision", "allow"}});
    if (shows(page, "device-done")) break;
    EXPECT_EQ(page.status, 503) << n;
    scene.op.watched().fail_none();
    scene.op.clock.tick(Seconds(5));
    EXPECT_EQ(scene.poll_error(codes), "authorization_pending") << n;
    ASSERT_LT(n, 10);
  }
  EXPECT_EQ(n, 5) << "device, client, session, and the answer";
}

}  // namespace
}  // namespace oidcop::testing
