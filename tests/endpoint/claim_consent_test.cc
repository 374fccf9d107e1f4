#include "support/test_op.h"

#include <gtest/gtest.h>

namespace oidcop::testing {
namespace {

/// What userinfo tells wiki when alice was asked for these claims and let these scopes stand.
http::Response told_to_wiki(TestOp& op, const std::string& claims, const Fields& ticked) {
  op.add_user();
  const auto wiki = op.add_client();
  TestBrowser browser(op);
  browser.get("/authorization", {{"client_id", "wiki"},
                                 {"response_type", "code"},
                                 {"redirect_uri", "https://wiki.example.com/cb"},
                                 {"scope", "openid profile email"},
                                 {"claims", claims},
                                 {"code_challenge", kChallenge},
                                 {"code_challenge_method", "S256"}});
  browser.submit({{"username", "alice"}, {"password", "wonderland"}, {"decision", "login"}});
  Fields decision{{"decision", "allow"}};
  decision.insert(decision.end(), ticked.begin(), ticked.end());
  auto answer = location_parameters(browser.submit(decision));

  http::Request exchange = a_request("POST", "/token");
  exchange.content_type = "application/x-www-form-urlencoded";
  exchange.headers = {{"authorization", basic("wiki", op.secret_of(wiki.id))}};
  exchange.body = encoded({{"grant_type", "authorization_code"},
                           {"code", answer["code"]},
                           {"redirect_uri", "https://wiki.example.com/cb"},
                           {"code_verifier", kVerifier}});
  http::Request userinfo = a_request("GET", "/userinfo");
  userinfo.headers = {{"authorization", "Bearer " + member(op.handle(exchange), "access_token")}};
  return op.handle(userinfo);
}

TEST(ClaimConsent, WhatWasUntickedDoesNotComeInByTheClaimsParameter) {
  TestOp op;
  const auto told =
      told_to_wiki(op, R"({"userinfo": {"email": {"essential": true}}})", {{"scope", "profile"}});
  ASSERT_EQ(told.status, 200) << told.body << op.log();
  EXPECT_EQ(member(told, "name"), "Alice Liddell");
  EXPECT_EQ(member(told, "email"), "");
}

TEST(ClaimConsent, WhatWasTickedMayAlsoBeAskedForByName) {
  TestOp op;
  const auto told = told_to_wiki(op, R"({"userinfo": {"email": {"essential": true}, "phone_number": null}})",
                                 {{"scope", "profile"}, {"scope", "email"}});
  ASSERT_EQ(told.status, 200) << told.body << op.log();
  EXPECT_EQ(member(told, "email"), "alice@example.org");
  EXPECT_NE(member(told, "phone_number"), "");
}

}  // namespace
}  // namespace oidcop::testing
