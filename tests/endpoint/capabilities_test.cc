#include "support/test_op.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>

namespace oidcop::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const Fields kOffline = with(wiki_request(), {{"scope", "openid offline_access"}, {"prompt", "consent"}});
constexpr const char* kDiscovery = "/.well-known/openid-configuration";

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

TEST(Capabilities, WithoutTheRefreshTokenGrantThereAreNoRefreshTokens) {
  Narrowed narrowed(R"({"capabilities": {"grant_types_supported": ["authorization_code"]},
                        "authz": {"refresh": {"require_offline_access": false}}})");
  const auto tokens = narrowed.buy(kOffline);
  ASSERT_EQ(tokens.status, 200) << tokens.body << narrowed.op.log();
  EXPECT_EQ(member(tokens, "refresh_token"), "");
  EXPECT_EQ(member(tokens, "scope"), "openid");
  const auto refused = post_token(narrowed.op, {{"grant_type", "refresh_token"}, {"refresh_token", "x"}},
                                  basic("wiki", narrowed.op.secret_of(model::ClientId("wiki"))));
  EXPECT_EQ(member(refused, "error"), "unsupported_grant_type");
  const auto metadata = narrowed.op.handle(a_request("GET", kDiscovery)).body;
  EXPECT_THAT(metadata, Not(HasSubstr("refresh_token")));
  EXPECT_THAT(metadata, Not(HasSubstr("offline_access")));
}

TEST(Capabilities, AResponseModeThatIsNotOfferedIsRefused) {
  Narrowed narrowed(R"({"capabilities": {"response_modes_supported": ["query"]}})");
  const auto answer =
      narrowed.browser.get("/authorization", with(wiki_request(), {{"response_mode", "fragment"}}));
  EXPECT_EQ(location_parameters(answer)["error"], "invalid_request") << narrowed.op.log();
  EXPECT_NE(narrowed.authorize(wiki_request())["code"], "");
}

// What the person is not asked about must not go out.
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

TEST(Capabilities, ATokenIsTakenOnlyTheWayThatIsConfigured) {
  for (const bool header_only : {true, false}) {
    const std::string way = header_only ? "bearer_header" : "bearer_body";
    Narrowed narrowed(R"({"endpoint": {"authorization": {}, "token": {}, "jwks": {}, "provider_info": {},
                          "userinfo": {"client_authn_method": [")" +
                      way + R"("]}}})");
    const auto token = member(narrowed.buy(wiki_request()), "access_token");
    auto by_body = a_request("POST", "/userinfo");
    by_body.content_type = "application/x-www-form-urlencoded";
    by_body.body = encoded({{"access_token", token}});
    const auto in_body = narrowed.op.handle(by_body);
    const auto in_header = get_userinfo(narrowed.op, token);
    EXPECT_EQ(in_header.status, header_only ? 200 : 400);
    EXPECT_EQ(in_body.status, header_only ? 400 : 200);
    const auto& refused = header_only ? in_body : in_header;
    EXPECT_EQ(member(refused, "error"), "invalid_request");
    EXPECT_THAT(std::string(refused.header("WWW-Authenticate").value_or("")), HasSubstr("Bearer"));
  }
}

TEST(Capabilities, PagesAreInTheLanguagesThatAreOffered) {
  const Fields in_french = with(wiki_request(), {{"ui_locales", "fr de"}});
  Narrowed all("{}");
  EXPECT_THAT(all.browser.get("/authorization", in_french).body, HasSubstr("lang=\"fr\""));
  Narrowed narrowed(R"({"capabilities": {"ui_locales_supported": ["en", "de"]}})");
  EXPECT_THAT(narrowed.browser.get("/authorization", in_french).body, HasSubstr("lang=\"de\""));
}

TEST(Capabilities, DocumentsAreClosedToScriptsOfOtherSitesWhereConfigured) {
  Narrowed narrowed(R"({"endpoint": {"authorization": {}, "token": {}, "jwks": {"cors": "none"},
                                     "provider_info": {"cors": "none"}}})");
  for (const auto* path : {"/jwks.json", kDiscovery}) {
    const auto document = narrowed.op.handle(a_request("GET", path));
    EXPECT_EQ(document.status, 200) << path;
    EXPECT_FALSE(document.header("Access-Control-Allow-Origin")) << path;
    const auto preflight = narrowed.op.handle(a_request("OPTIONS", path));
    EXPECT_EQ(preflight.status, 405) << path;
    EXPECT_EQ(preflight.header("Allow"), "GET, HEAD") << path;
  }
}

}  // namespace
}  // namespace oidcop::testing
