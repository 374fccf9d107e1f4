#include "support/test_op.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace oidcop::testing {
namespace {

using ::testing::HasSubstr;

TEST(LoginFlow, TakesAPersonFromTheRequestToTheirClaims) {
  TestOp op;
  op.add_user();
  const auto wiki = op.add_client();
  TestBrowser browser(op);

  auto page = browser.get("/authorization", wiki_request());
  ASSERT_EQ(page.status, 200) << op.log();
  EXPECT_THAT(page.body, HasSubstr("id=\"login-form\""));
  page = browser.submit({{"username", "alice"}, {"password", "wonderland"}, {"decision", "login"}});
  ASSERT_EQ(page.status, 200) << op.log();
  EXPECT_THAT(page.body, HasSubstr("id=\"consent-allow\""));
  const auto redirect = browser.submit({{"decision", "allow"}, {"scope", "profile"}, {"scope", "email"}});
  ASSERT_EQ(redirect.status, 303) << op.log() << redirect.body;
  auto answer = location_parameters(redirect);
  EXPECT_EQ(answer["state"], "af0ifjsldkj");
  EXPECT_EQ(answer["iss"], "https://op.example.org");
  ASSERT_FALSE(answer["code"].empty());

  http::Request request = a_request("POST", "/token");
  request.content_type = "application/x-www-form-urlencoded";
  request.headers = {{"authorization", basic("wiki", op.secret_of(wiki.id))}};
  request.body = encoded({{"grant_type", "authorization_code"},
                          {"code", answer["code"]},
                          {"redirect_uri", "https://wiki.example.com/cb"},
                          {"code_verifier", kVerifier}});
  const auto tokens = op.handle(request);
  ASSERT_EQ(tokens.status, 200) << tokens.body << op.log();
  EXPECT_EQ(tokens.header("Cache-Control"), "no-store");
  EXPECT_EQ(member(tokens, "token_type"), "Bearer");
  EXPECT_FALSE(member(tokens, "id_token").empty());

  http::Request userinfo = a_request("GET", "/userinfo");
  userinfo.headers = {{"authorization", "Bearer " + member(tokens, "access_token")}};
  const auto claims = op.handle(userinfo);
  ASSERT_EQ(claims.status, 200) << claims.body;
  EXPECT_EQ(member(claims, "email"), "alice@example.org");
  EXPECT_EQ(member(claims, "email_verified"), "true");
  EXPECT_EQ(member(claims, "name"), "Alice Liddell");
  EXPECT_FALSE(member(claims, "sub").empty());

  EXPECT_EQ(op.handle(request).status, 400);
  EXPECT_EQ(op.handle(userinfo).status, 401) << "a replayed code revokes what it bought";
}

}  // namespace
}  // namespace oidcop::testing
