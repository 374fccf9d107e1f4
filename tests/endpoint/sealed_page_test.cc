#include "support/test_op.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace oidcop::testing {
namespace {

using ::testing::HasSubstr;

const Fields kLogin{{"username", "alice"}, {"password", "wonderland"}, {"decision", "login"}};
const Fields kAllow{{"decision", "allow"}, {"scope", "profile"}, {"scope", "email"}};
constexpr const char* kConsentPath = "/authorization/consent";
constexpr const char* kLoginPath = "/authorization/login";

enum class Step { login, consent };

/// A page of each step, to be brought back under every circumstance in which it must not count.
class ForeignSeal : public ::testing::TestWithParam<Step> {
 protected:
  void SetUp() override {
    op_.add_user();
    op_.add_user([](model::User& user) {
      user.id = model::UserId("user-bob");
      user.username = "bob";
    });
    op_.add_client();
    bring_up(browser_);
  }
  /// The browser to the page of the step.
  void bring_up(TestBrowser& browser) {
    auto page = browser.get("/authorization", wiki_request());
    if (GetParam() == Step::consent) page = browser.submit(kLogin);
    ASSERT_THAT(page.body, HasSubstr(GetParam() == Step::consent ? "consent-allow" : "login-form"));
  }
  Fields answer() const { return GetParam() == Step::consent ? kAllow : kLogin; }
  std::string path() const { return GetParam() == Step::consent ? kConsentPath : kLoginPath; }
  std::string other_path() const { return GetParam() == Step::consent ? kLoginPath : kConsentPath; }

  static void expect_refused(const http::Response& response) {
    EXPECT_EQ(response.status, 400);
    EXPECT_THAT(response.body, HasSubstr("id=\"op-error\""));
    EXPECT_THAT(response.body, HasSubstr("interaction_lost"));
    EXPECT_FALSE(response.header("Location"));
    EXPECT_FALSE(response.header("Set-Cookie"));
  }
  static void expect_no_code(const http::Response& response) {
    EXPECT_EQ(location_parameters(response)["code"], "");
  }
  TestOp op_{{.settings = R"({"session_params": {"interaction_lifetime": 3600}})"}};
  TestBrowser browser_{op_};
};

INSTANTIATE_TEST_SUITE_P(Step, ForeignSeal, ::testing::Values(Step::login, Step::consent),
                         [](const auto& tested) {
                           return std::string(tested.param == Step::login ? "Login" : "Consent");
                         });

TEST_P(ForeignSeal, IsRefusedAtTheOtherStep) {
  auto form = answer();
  form.emplace_back("seal", browser_.seal());
  expect_refused(browser_.post(other_path(), form));
}

TEST_P(ForeignSeal, IsRefusedFromAnotherBrowser) {
  TestBrowser other(op_);
  bring_up(other);
  auto form = answer();
  form.emplace_back("seal", browser_.seal());
  expect_refused(other.post(path(), form));
}

TEST_P(ForeignSeal, IsRefusedFromABrowserWithoutCookies) {
  TestBrowser naked = browser_;
  naked.cookies.clear();
  expect_refused(naked.submit(answer()));
}

TEST_P(ForeignSeal, IsRefusedInAUrl) {
  auto form = answer();
  form.emplace_back("seal", browser_.seal());
  expect_refused(browser_.get(path(), form));
}

TEST_P(ForeignSeal, IsRefusedWhenOneOctetOfItIsAnother) {
  auto seal = browser_.seal();
  seal[seal.size() / 2] = seal[seal.size() / 2] == 'A' ? 'B' : 'A';
  auto form = answer();
  form.emplace_back("seal", seal);
  expect_refused(browser_.post(path(), form));
}

TEST_P(ForeignSeal, IsRefusedFromAnotherSiteFromASiblingAndInAFrame) {
  const std::vector<http::Header> bad[] = {
      {{"sec-fetch-site", "cross-site"}},
      {{"sec-fetch-site", "same-site"}},
      {{"origin", "https://evil.example"}},
      {{"sec-fetch-site", "same-origin"}, {"sec-fetch-dest", "iframe"}},
  };
  for (const auto& headers : bad) {
    TestBrowser browser = browser_;
    browser.headers = headers;
    expect_refused(browser.submit(answer()));
  }
}

/// Nor when another tab has brought a session and a consent, so that the request itself would be answered at
/// once.
TEST_P(ForeignSeal, StartsAgainWhenItIsTooOldAndNeverFinishes) {
  auto other_tab = browser_;
  ASSERT_NE(location_parameters(other_tab.sign_in(wiki_request()))["code"], "");
  browser_.cookies = other_tab.cookies;
  op_.clock.tick(Seconds(3601));
  ASSERT_NE(location_parameters(other_tab.get("/authorization", wiki_request()))["code"], "");
  const auto response = browser_.submit(answer());
  EXPECT_EQ(response.status, 200) << response.body;
  expect_no_code(response);
}

TEST_P(ForeignSeal, GrantsNothingForAClientThatHasChanged) {
  op_.add_client([](model::Client& client) { client.name = "Somebody Else"; });
  const auto response = browser_.submit(answer());
  EXPECT_EQ(response.status, 200);
  EXPECT_THAT(response.body, HasSubstr("consent-allow")) << "asked, with the new name";
  EXPECT_THAT(response.body, HasSubstr("Somebody Else"));
}

TEST_P(ForeignSeal, LeadsNowhereOnceItsRedirectUriIsGone) {
  op_.add_client([](model::Client& client) { client.redirect_uris = {"https://wiki.example.com/other"}; });
  const auto response = browser_.submit(answer());
  EXPECT_EQ(response.status, 400);
  EXPECT_FALSE(response.header("Location"));
  EXPECT_THAT(response.body, HasSubstr("redirect_uri"));
}

class ConsentSeal : public ForeignSeal {};
INSTANTIATE_TEST_SUITE_P(Step, ConsentSeal, ::testing::Values(Step::consent));

TEST_P(ConsentSeal, GrantsNothingToSomebodyElseWhoHasSignedInMeanwhile) {
  auto other_tab = browser_;
  other_tab.sign_in(with(wiki_request(), {{"prompt", "login"}}), "bob");
  browser_.cookies = other_tab.cookies;
  const auto response = browser_.submit(answer());
  expect_no_code(response);  // though bob has consented: alice's yes is not his
  EXPECT_THAT(response.body, HasSubstr("consent-allow"));
  EXPECT_THAT(response.body, HasSubstr("bob"));
}

TEST_P(ConsentSeal, GrantsNothingWhenNobodySaidYes) {
  for (const char* decision : {"", "login", "Allow"}) {
    TestBrowser browser = browser_;
    const auto response = browser.submit(with(kAllow, {{"decision", decision}}));
    expect_no_code(response);
    EXPECT_THAT(response.body, HasSubstr("consent-allow")) << decision;
  }
}

TEST_P(ConsentSeal, GrantsNothingUnderASessionThatWasRenewedMeanwhile) {
  auto other_tab = browser_;
  other_tab.get("/authorization", with(wiki_request(), {{"prompt", "login"}}));
  other_tab.submit(kLogin);
  browser_.cookies = other_tab.cookies;
  const auto response = browser_.submit(answer());
  expect_no_code(response);
  EXPECT_THAT(response.body, HasSubstr("consent-allow"));
}

TEST_P(ConsentSeal, GrantsNothingWhenThePageWouldNowShowOtherData) {
  op_.add_user([](model::User& user) { user.claims.set("email", "alice@elsewhere.example"); });
  const auto response = browser_.submit(answer());
  expect_no_code(response);
  EXPECT_THAT(response.body, HasSubstr("alice@elsewhere.example"));
}

TEST_P(ConsentSeal, GrantsNothingMoreThanWasShown) {
  const auto response =
      browser_.submit({{"decision", "allow"}, {"scope", "email"}, {"scope", "phone"}, {"scope", "admin"}});
  const auto tokens = exchange_code(op_, location_parameters(response)["code"]);
  EXPECT_EQ(member(tokens, "scope"), "openid email");
}

}  // namespace
}  // namespace oidcop::testing
