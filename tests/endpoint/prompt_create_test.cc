#include "base/form.h"
#include "base/url.h"
#include "endpoint/own_keys.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace oidcop::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

const std::string kPage = R"({"ui": {"registration_page": "https://accounts.example.org/new?from=op"}})";

// Initiating User Registration via OpenID Connect 1.0, 4.1.
TEST(PromptCreate, LeadsToTheDeploymentsPageAndFromThereBackToTheRequest) {
  Scene scene(with_settings(kPage));
  const auto redirect = scene.ask({{"prompt", "create"}});
  ASSERT_EQ(redirect.status, 303);
  EXPECT_THAT(std::string(*redirect.header("Location")),
              StartsWith("https://accounts.example.org/new?from=op&"));
  const auto back = Url::parse(location_parameters(redirect)["continue"]).value();
  EXPECT_EQ(back.origin() + back.path(), "https://op.example.org/authorization");
  EXPECT_THAT(*back.query(), Not(HasSubstr("prompt")));
  const auto answer = location_parameters(scene.browser.sign_in(decode_form(*back.query()).value()));
  EXPECT_EQ(answer.at("state"), "af0ifjsldkj");
  EXPECT_EQ(answer.count("code"), 1U);
}

TEST(PromptCreate, OtherPromptsStandWhenThePersonComesBack) {
  Scene scene(with_settings(kPage));
  const auto back = location_parameters(scene.ask({{"prompt", "create consent"}}))["continue"];
  EXPECT_THAT(back, HasSubstr("prompt=consent"));
}

TEST(PromptCreate, IsRefusedWhereThereIsNoSuchPage) {
  Scene scene;
  EXPECT_EQ(scene.answer({{"prompt", "create"}})["error"], "invalid_request");
  const auto metadata = scene.op.handle(a_request("GET", "/.well-known/openid-configuration"));
  EXPECT_THAT(member(metadata, "prompt_values_supported"), Not(HasSubstr("create")));
  Scene with_page(with_settings(kPage));
  EXPECT_THAT(member(with_page.op.handle(a_request("GET", "/.well-known/openid-configuration")),
                     "prompt_values_supported"),
              HasSubstr("create"));
}

TEST(PromptCreate, OfASignedRequestShowsTheLoginPage) {
  Scene scene(with_settings(kPage));
  OwnKeys keys;
  scene.change_client([&](model::Client& client) { keys.give_to(client); });
  const auto page = scene.browser.get(
      "/authorization",
      {{"client_id", "wiki"}, {"request", request_object(keys, request_claims({{"prompt", "create"}}))}});
  EXPECT_THAT(page.body, HasSubstr("id=\"login-form\""));
}

TEST(PromptCreate, NeverLeadsToAPageThatIsNotHttps) {
  EXPECT_THROW(TestOp(with_settings(R"({"ui": {"registration_page": "http://accounts.example.org/new"}})")),
               std::runtime_error);
}

}  // namespace
}  // namespace oidcop::testing
