#include "support/test_op.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace oidcop::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class SignIn : public ::testing::Test {
 protected:
  void SetUp() override {
    op_.add_user();
    op_.add_client();
  }
  std::string error_of(const Fields& request) {
    auto answer = location_parameters(browser_.get("/authorization", request));
    return answer["code"].empty() && answer["error"].empty() ? "no answer" : answer["error"];
  }
  std::string id_token_for_alice() {
    const auto code = location_parameters(browser_.sign_in(wiki_request()))["code"];
    return member(exchange_code(op_, code), "id_token");
  }
  TestOp op_;
  TestBrowser browser_{op_};
  const Fields silent_ = with(wiki_request(), {{"prompt", "none"}});
};

TEST_F(SignIn, IsRememberedSoThatASilentRequestSucceeds) {
  browser_.sign_in(wiki_request());
  const auto response = browser_.get("/authorization", silent_);
  EXPECT_FALSE(location_parameters(response)["code"].empty()) << op_.log();
}

TEST_F(SignIn, NeverShowsAPageToASilentRequest) {  // reference defect B63
  browser_.sign_in(wiki_request());
  op_.clock.tick(Seconds(9 * 3600));
  EXPECT_EQ(error_of(silent_), "login_required");
}

TEST_F(SignIn, ASilentRequestForMoreNeedsConsentFirst) {
  browser_.sign_in(with(wiki_request(), {{"scope", "openid email"}}));
  EXPECT_EQ(error_of(with(silent_, {{"scope", "openid email phone"}})), "consent_required");
}

TEST_F(SignIn, PromptLoginAsksAgainAndTheNewEventCounts) {
  browser_.sign_in(wiki_request());
  op_.clock.tick(Seconds(100));
  auto page = browser_.get("/authorization", with(wiki_request(), {{"prompt", "login"}}));
  EXPECT_THAT(page.body, HasSubstr("login-form"));
  const auto before = browser_.cookies;
  page = browser_.submit({{"username", "alice"}, {"password", "wonderland"}, {"decision", "login"}});
  EXPECT_FALSE(location_parameters(page)["code"].empty()) << page.body;
  EXPECT_NE(browser_.cookies, before) << "the session cookie changes at login";
}

TEST_F(SignIn, PromptLoginIsNotMetByASessionRenewedElsewhere) {
  browser_.sign_in(wiki_request());
  browser_.get("/authorization", with(wiki_request(), {{"prompt", "login"}}));
  TestBrowser other_tab = browser_;
  other_tab.sign_in(with(wiki_request(), {{"prompt", "login"}}));
  browser_.cookies = other_tab.cookies;
  const auto page = browser_.get("/authorization", with(wiki_request(), {{"prompt", "login"}}));
  EXPECT_THAT(page.body, HasSubstr("login-form"));
}

TEST_F(SignIn, MaxAgeCountsFromTheLogin) {  // reference defects B34, B35
  browser_.sign_in(wiki_request());
  op_.clock.tick(Seconds(200));
  EXPECT_EQ(error_of(with(silent_, {{"max_age", "100"}})), "login_required");
  EXPECT_EQ(error_of(with(silent_, {{"max_age", "300"}})), "");
  EXPECT_EQ(error_of(with(silent_, {{"max_age", "0"}})), "login_required");
}

TEST_F(SignIn, AnExpiredHintStillNamesThePerson) {  // reference defect B33
  const auto hint = id_token_for_alice();
  op_.clock.tick(Seconds(2 * 3600));
  EXPECT_EQ(error_of(with(silent_, {{"id_token_hint", hint}})), "");
}

TEST_F(SignIn, AHintForSomebodyElseIsNotAnsweredWithThisPerson) {
  const auto hint = id_token_for_alice();
  op_.add_user([](model::User& user) {
    user.id = model::UserId("user-bob");
    user.username = "bob";
  });
  TestBrowser bobs(op_);
  bobs.sign_in(wiki_request(), "bob");
  const auto response = bobs.get("/authorization", with(silent_, {{"id_token_hint", hint}}));
  EXPECT_EQ(location_parameters(response)["error"], "login_required");
}

TEST_F(SignIn, LoginHintIsPrefilledEscaped) {
  const auto page =
      browser_.get("/authorization", with(wiki_request(), {{"login_hint", "a\"><script>x</script>"}}));
  EXPECT_THAT(page.body, Not(HasSubstr("<script")));
  const auto plain = browser_.get("/authorization", with(wiki_request(), {{"login_hint", "alice"}}));
  EXPECT_THAT(plain.body, HasSubstr("value=\"alice\""));
}

TEST_F(SignIn, SpeaksTheRequestedLanguage) {
  const auto page = browser_.get("/authorization", with(wiki_request(), {{"ui_locales", "xx de"}}));
  EXPECT_THAT(page.body, HasSubstr("lang=\"de\""));
}

TEST_F(SignIn, AnEssentialAcrThatNobodyReachesIsRefused) {  // reference defect B32
  const auto claims = R"({"id_token":{"acr":{"essential":true,"values":["urn:nobody"]}}})";
  EXPECT_EQ(error_of(with(wiki_request(), {{"claims", claims}})), "unmet_authentication_requirements");
}

TEST_F(SignIn, AVoluntaryAcrThatNobodyReachesIsPassedOver) {
  EXPECT_THAT(browser_.get("/authorization", with(wiki_request(), {{"acr_values", "urn:nobody"}})).body,
              HasSubstr("login-form"));
}

TEST_F(SignIn, WrongPasswordsAreToldApartFromNothing) {
  browser_.get("/authorization", wiki_request());
  const auto wrong = browser_.submit({{"username", "alice"}, {"password", "x"}, {"decision", "login"}});
  EXPECT_EQ(wrong.status, 200);
  const auto unknown = browser_.submit({{"username", "nobody"}, {"password", "x"}, {"decision", "login"}});
  EXPECT_EQ(unknown.status, wrong.status);
  EXPECT_THAT(op_.log(), Not(HasSubstr("nobody"))) << "people type passwords into the wrong field";
}

TEST_F(SignIn, TooManyAttemptsEndInA429) {
  browser_.get("/authorization", wiki_request());
  http::Response last;
  for (int i = 0; i < 12; ++i)
    last = browser_.submit({{"username", "alice"}, {"password", "x"}, {"decision", "login"}});
  EXPECT_EQ(last.status, 429);
  EXPECT_TRUE(last.header("Retry-After"));
}

TEST_F(SignIn, CancellingGoesBackAsAccessDenied) {
  browser_.get("/authorization", wiki_request());
  auto answer = location_parameters(browser_.submit({{"decision", "cancel"}}));
  EXPECT_EQ(answer["error"], "access_denied");
  EXPECT_EQ(answer["iss"], "https://op.example.org");
}

TEST_F(SignIn, RefusingConsentGoesBackAsAccessDenied) {
  browser_.get("/authorization", wiki_request());
  browser_.submit({{"username", "alice"}, {"password", "wonderland"}, {"decision", "login"}});
  EXPECT_EQ(location_parameters(browser_.submit({{"decision", "deny"}}))["error"], "access_denied");
}

TEST_F(SignIn, CookiesAreHostBoundSecureAndOutOfScriptsReach) {
  const auto page = browser_.get("/authorization", wiki_request());
  const auto cookie = std::string(*page.header("Set-Cookie"));
  for (const char* part : {"__Host-", "Secure", "HttpOnly", "SameSite=Lax", "Path=/"}) {
    EXPECT_THAT(cookie, HasSubstr(part));
  }
}

// --- pages that come back
// -------------------------------------------------------------------------------------

using SealedPage = SignIn;
const Fields kLogin{{"username", "alice"}, {"password", "wonderland"}, {"decision", "login"}};

TEST_F(SealedPage, IsWorthNothingInAnotherBrowser) {  // reference defect B12
  browser_.get("/authorization", wiki_request());
  TestBrowser without_cookies = browser_;
  without_cookies.cookies.clear();
  const auto response = without_cookies.submit(kLogin);
  EXPECT_EQ(response.status, 400);
  EXPECT_FALSE(response.header("Location"));
  TestBrowser of_somebody_else(op_);
  of_somebody_else.get("/authorization", wiki_request());
  TestBrowser forged = browser_;
  forged.cookies = of_somebody_else.cookies;
  EXPECT_EQ(forged.submit(kLogin).status, 400);
}

TEST_F(SealedPage, IsRefusedWhenAnotherSitePostsIt) {
  browser_.get("/authorization", wiki_request());
  browser_.headers = {{"sec-fetch-site", "cross-site"}};
  const auto response = browser_.submit(kLogin);
  EXPECT_EQ(response.status, 400);
  EXPECT_FALSE(response.header("Set-Cookie"));
}

TEST_F(SealedPage, StartsAgainWhenItIsTooOldAndNeverFinishes) {
  browser_.get("/authorization", wiki_request());
  op_.clock.tick(Seconds(25 * 3600));
  const auto response = browser_.submit(kLogin);
  EXPECT_EQ(response.status, 200) << response.body;
  EXPECT_THAT(response.body, HasSubstr("login-form"));
}

TEST_F(SealedPage, IsCheckedAnewWhenTheClientHasChanged) {
  browser_.get("/authorization", wiki_request());
  op_.add_client([](model::Client& client) { client.redirect_uris = {"https://wiki.example.com/other"}; });
  const auto response = browser_.submit(kLogin);
  EXPECT_EQ(response.status, 400);
  EXPECT_THAT(response.body, HasSubstr("redirect_uri"));
}

TEST_F(SealedPage, AConsentIsAskedAgainWhenTheClientHasChanged) {
  browser_.get("/authorization", wiki_request());
  browser_.submit(kLogin);
  op_.add_client([](model::Client& client) { client.name = "Somebody Else"; });
  const auto response = browser_.submit({{"decision", "allow"}, {"scope", "profile"}});
  EXPECT_EQ(response.status, 200);
  EXPECT_THAT(response.body, HasSubstr("consent-allow"));
}

TEST_F(SealedPage, ALoginSealDoesNotServeAsConsent) {
  const auto page = browser_.get("/authorization", wiki_request());
  const auto seal_at = page.body.find("name=\"seal\"");
  ASSERT_NE(seal_at, std::string::npos);
  const auto value_at = page.body.find("value=\"", seal_at) + 7;
  const auto seal = page.body.substr(value_at, page.body.find('"', value_at) - value_at);
  EXPECT_EQ(browser_.post("/authorization/consent", {{"seal", seal}, {"decision", "allow"}}).status, 400);
}

TEST_F(SealedPage, ForgetsTheOldSessionWhenSomebodyElseLogsIn) {
  browser_.sign_in(wiki_request());
  op_.add_user([](model::User& user) {
    user.id = model::UserId("user-bob");
    user.username = "bob";
  });
  TestBrowser stolen = browser_;
  browser_.sign_in(with(wiki_request(), {{"prompt", "login"}}), "bob");
  EXPECT_EQ(location_parameters(stolen.get("/authorization", silent_))["error"], "login_required");
}

}  // namespace
}  // namespace oidcop::testing
