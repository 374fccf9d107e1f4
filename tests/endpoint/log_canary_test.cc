#include "support/test_op.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace oidcop::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const std::string kCanary = "canary7k2";

/// People paste tokens and type passwords wherever there is room. Nothing of it comes into the log.
class LogCanary : public ::testing::Test {
 protected:
  void SetUp() override {
    op_.add_user();
    op_.add_client();
  }
  void TearDown() override { EXPECT_NE(op_.log(), "") << "nothing was logged: nothing was proved"; }
  void expect_silence(const std::string& where) { EXPECT_THAT(op_.log(), Not(HasSubstr(kCanary))) << where; }
  TestOp op_;
  TestBrowser browser_{op_};
};

TEST_F(LogCanary, InAnyParameterOfAnAuthorizationRequest) {
  for (const char* name :
       {"client_id",     "response_type", "response_mode", "scope",          "state",
        "nonce",         "prompt",        "display",       "max_age",        "ui_locales",
        "id_token_hint", "login_hint",    "acr_values",    "claims",         "claims_locales",
        "request",       "request_uri",   "registration",  "code_challenge", "code_challenge_method",
        "resource",      "dpop_jkt",      "client_secret", "access_token",   "password",
        "canary7k2"}) {
    (void)browser_.get("/authorization", with(wiki_request(), {{name, kCanary}}));
    expect_silence(name);
    (void)browser_.post("/authorization", with(wiki_request(), {{name, kCanary}}));
    expect_silence(std::string(name) + ", posted");
  }
}

// The administrator must see where the redirect URI points, and may see no more of it.
TEST_F(LogCanary, InARedirectUriThatIsNotRegistered) {
  const std::string uri = "https://wiki.example.com/cb/";
  for (const auto& sent :
       {kCanary, uri + '?' + "code=" + kCanary, uri + "#access_token=" + kCanary,
        "https://alice:" + kCanary + "@wiki.example.com/cb", "//" + kCanary + "/cb",
        "https://wiki.example.com/" + std::string(300, 'x') + kCanary, uri + "\n" + kCanary}) {
    const auto refused = browser_.get("/authorization", with(wiki_request(), {{"redirect_uri", sent}}));
    EXPECT_EQ(refused.status, 400) << sent;
    expect_silence(sent);
  }
}

TEST_F(LogCanary, WhereARedirectUriPointsIsToldBesideTheRegisteredOnes) {
  (void)browser_.get(
      "/authorization",
      with(wiki_request(), {{"redirect_uri", "https://wiki.example.com/cb/?code=" + kCanary}}));
  EXPECT_THAT(op_.log(), HasSubstr("sent: https://wiki.example.com/cb/ with a query; registered: "
                                   "https://wiki.example.com/cb"));
  (void)browser_.get("/authorization", with(wiki_request(), {{"redirect_uri", "com.example.app:/cb"}}));
  EXPECT_THAT(op_.log(), HasSubstr("sent: com.example.app:/cb; registered:"));
}

TEST_F(LogCanary, InAnyFieldOfAForm) {
  for (const char* name : {"seal", "username", "password", "decision", "scope", "canary7k2"}) {
    browser_.get("/authorization", wiki_request());
    const Fields login{{"username", "alice"}, {"password", "wonderland"}, {"decision", "login"}};
    (void)browser_.submit(with(login, {{name, kCanary}}));
    expect_silence(name);
    (void)browser_.post("/authorization/consent", {{name, kCanary}});
    expect_silence(std::string(name) + ", of the consent page");
  }
}

TEST_F(LogCanary, InAnythingAboutADevice) {
  TestOp op(
      {.settings =
           R"({"endpoint": {"jwks": {}, "authorization": {}, "token": {}, "device_authorization": {}}})"});
  op.add_client([](model::Client& client) {
    client.grant_types.emplace_back("urn:ietf:params:oauth:grant-type:device_code");
  });
  TestBrowser browser(op);
  for (const char* name : {"client_id", "scope", "resource", "device_code", "user_code", "seal", "username",
                           "password", "decision", "canary7k2"}) {
    auto request = a_request("POST", "/device_authorization");
    request.content_type = "application/x-www-form-urlencoded";
    request.body = encoded({{name, kCanary}});
    request.headers = {{"authorization", basic("wiki", op.secret_of(model::ClientId("wiki")))}};
    (void)op.handle(std::move(request));
    (void)post_token(
        op, with({{"grant_type", "urn:ietf:params:oauth:grant-type:device_code"}}, {{name, kCanary}}),
        basic("wiki", op.secret_of(model::ClientId("wiki"))));
    (void)browser.get("/device", {{name, kCanary}});
    (void)browser.submit(with({{"decision", "continue"}}, {{name, kCanary}}));
    EXPECT_THAT(op.log(), Not(HasSubstr(kCanary))) << name;
  }
  (void)browser_.get("/authorization");  // for TearDown
}

TEST_F(LogCanary, InAnyParameterOfATokenRequest) {
  for (const char* name : {"client_id", "grant_type", "code", "redirect_uri", "code_verifier",
                           "refresh_token", "client_secret", "client_assertion", "client_assertion_type",
                           "scope", "resource", "username", "password", "canary7k2"}) {
    (void)exchange_code(op_, "x", {{name, kCanary}});
    expect_silence(name);
    (void)post_token(op_, with({{"grant_type", "refresh_token"}, {"client_id", "wiki"}}, {{name, kCanary}}));
    expect_silence(std::string(name) + ", of a refresh");
  }
  (void)exchange_code(op_, kCanary);
  (void)post_token(op_, {{"grant_type", "authorization_code"}}, basic("wiki", kCanary));
  expect_silence("secret in the header");
}

TEST_F(LogCanary, InAnyHeader) {
  for (const char* name : {"authorization", "cookie", "user-agent", "origin", "referer", "accept",
                           "accept-language", "sec-fetch-site", "dpop", "traceparent", "x-forwarded-for"}) {
    for (const char* path : {"/authorization", "/authorization/login", "/token", "/userinfo"}) {
      browser_.headers = {{name, name == std::string("authorization") ? "Bearer " + kCanary : kCanary}};
      (void)browser_.get(path, wiki_request());
      (void)browser_.post(path, wiki_request());
      expect_silence(std::string(name) + " at " + path);
    }
  }
}

TEST_F(LogCanary, InAPathOrAQueryOfNoEndpoint) {
  (void)browser_.get("/" + kCanary, {{kCanary, kCanary}});
  (void)browser_.get("/static/" + kCanary);
  expect_silence("path");
}

}  // namespace
}  // namespace oidcop::testing
