#include "support/test_op.h"

#include <gtest/gtest.h>

#include <utility>

namespace oidcop::testing {
namespace {

/// A provider with these settings, its user and its client.
struct Narrowed {
  explicit Narrowed(std::string settings) : op(options(std::move(settings))) {
    op.add_user();
    op.add_client();
  }
  static TestOp::Options options(std::string settings) {
    TestOp::Options options;
    options.settings = std::move(settings);
    return options;
  }
  std::map<std::string, std::string> authorize(const Fields& request) {
    return location_parameters(browser.sign_in(request));
  }
  http::Response buy(const Fields& request) { return exchange_code(op, authorize(request)["code"]); }

  TestOp op;
  TestBrowser browser{op};
};

TEST(Capabilities, AClaimsParameterThatIsNotSupportedAsksForNothing) {
  Narrowed narrowed(R"({"capabilities": {"claims_parameter_supported": false}})");
  const auto tokens = narrowed.buy(with(
      wiki_request(),
      {{"scope", "openid"}, {"claims", R"({"userinfo": {"email": null}, "id_token": {"email": null}})"}}));
  ASSERT_EQ(tokens.status, 200) << tokens.body << narrowed.op.log();
  const auto told = get_userinfo(narrowed.op, member(tokens, "access_token"));
  EXPECT_EQ(told.status, 200);
  EXPECT_EQ(member(told, "email"), "");
}

TEST(Capabilities, AClaimsParameterThatIsNotSupportedIsNotReadEither) {
  Narrowed narrowed(R"({"capabilities": {"claims_parameter_supported": false}})");
  for (const auto* claims : {"no JSON", R"({"userinfo": 1})",
                             R"({"id_token": {"acr": {"essential": true, "value": "none such"}}})"}) {
    const auto tokens = narrowed.buy(with(wiki_request(), {{"claims", claims}}));
    EXPECT_EQ(tokens.status, 200) << claims << tokens.body << narrowed.op.log();
  }
}

}  // namespace
}  // namespace oidcop::testing
