#include "support/test_op.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace oidcop::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

/// The page that asks to sign in, and the one that asks for consent.
struct Asked {
  std::string login, consent;
};

Asked pages_for(const std::function<void(model::Client&)>& change) {
  TestOp op;
  op.add_user();
  op.add_client(change);
  TestBrowser browser(op);
  Asked asked;
  asked.login = browser.get("/authorization", wiki_request()).body;
  asked.consent =
      browser.submit({{"username", "alice"}, {"password", "wonderland"}, {"decision", "login"}}).body;
  EXPECT_THAT(asked.consent, HasSubstr("consent-allow")) << op.log();
  return asked;
}

TEST(ClientOnPages, ShowsLogoPolicyAndTermsUnderTheirIds) {
  const auto asked = pages_for([](model::Client& client) {
    client.logo_uri = "https://wiki.example.com/logo.png";
    client.policy_uri = "https://wiki.example.com/privacy";
    client.tos_uri = "https://wiki.example.com/terms";
  });
  for (const auto& page : {asked.login, asked.consent}) {
    EXPECT_THAT(
        page, ::testing::ContainsRegex("id=\"client-logo\"[^>]* src=\"https://wiki.example.com/logo.png\""));
    EXPECT_THAT(page, HasSubstr("id=\"client-policy\" href=\"https://wiki.example.com/privacy\""));
    EXPECT_THAT(page, HasSubstr("id=\"client-tos\" href=\"https://wiki.example.com/terms\""));
  }
}

TEST(ClientOnPages, LeavesOutWhatWasNotRegistered) {
  const auto asked = pages_for({});
  for (const auto& page : {asked.login, asked.consent}) {
    for (const char* id : {"client-logo", "client-policy", "client-tos"}) {
      EXPECT_THAT(page, Not(HasSubstr("id=\"" + std::string(id)))) << id;
    }
  }
}

TEST(ClientOnPages, NamesAClientWithoutANameByItsId) {
  const auto asked = pages_for([](model::Client& client) { client.name.clear(); });
  EXPECT_THAT(asked.login, HasSubstr("<bdi>wiki</bdi>"));
  EXPECT_THAT(asked.consent, HasSubstr("<bdi>wiki</bdi>"));
}

}  // namespace
}  // namespace oidcop::testing
