#include "support/test_op.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>
#include <stdexcept>

namespace oidcop::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr auto kDiscovery = "/.well-known/openid-configuration";

http::Request get_at(const std::string& host, const std::string& path) {
  auto request = a_request("GET", path);
  request.host = host;
  return request;
}

TestOp::Options with_settings(const std::string& settings) {
  TestOp::Options options;
  options.settings = settings;
  return options;
}

TEST(FrontDoor, SpeaksHttpsOnly) {
  TestOp op;
  for (const auto* path : {"/authorization", "/token", kDiscovery, "/static/no-such-file"}) {
    auto request = a_request("GET", path);
    request.https = false;
    const auto refused = op.handle(request);
    EXPECT_EQ(refused.status, 403) << path;
    EXPECT_FALSE(refused.header("Location")) << "a redirect would hide that a secret went in the clear";
    EXPECT_FALSE(refused.header("Set-Cookie"));
  }
}

TEST(FrontDoor, FilesAreOnlyRead) {
  TestOp op;
  for (const auto* method : {"POST", "PUT", "DELETE", "OPTIONS"}) {
    const auto refused = op.handle(a_request(method, "/static/oidcop.css"));
    EXPECT_EQ(refused.status, 405) << method;
    EXPECT_EQ(refused.header("Allow"), "GET, HEAD") << method;
    EXPECT_EQ(refused.body, "") << method;
  }
}

TEST(FrontDoor, SpeaksForItsOwnHostOnly) {
  TestOp op;
  for (const auto* host : {"attacker.example", "op.example.org.attacker.example", "op.example.org:8443",
                           "op.example.org@attacker.example", "op.example.org,attacker.example"}) {
    const auto refused = op.handle(get_at(host, kDiscovery));
    EXPECT_EQ(refused.status, 421) << host;
    EXPECT_THAT(refused.body, Not(HasSubstr("attacker"))) << host;
  }
}

TEST(FrontDoor, TheHostAsItMayBeWrittenChangesNoByte) {
  TestOp op;
  const auto usual = op.handle(get_at("op.example.org", kDiscovery));
  ASSERT_EQ(usual.status, 200);
  for (const auto* host : {"OP.Example.ORG", "op.example.org:443"}) {
    EXPECT_EQ(op.handle(get_at(host, kDiscovery)).body, usual.body) << host;
  }
  auto forwarded = get_at("op.example.org", kDiscovery);
  forwarded.headers = {{"x-forwarded-host", "attacker.example"}, {"forwarded", "host=attacker.example"}};
  EXPECT_EQ(op.handle(forwarded).body, usual.body);
}

TEST(FrontDoor, AnswersUnknownPathsWithAPageThatRepeatsNothing) {
  TestOp op;
  for (const auto* path : {"/", "/attacker", "/token/attacker", "/TOKEN", "//token", "/authorization/"}) {
    const auto page = op.handle(a_request("GET", path, "q=attacker"));
    EXPECT_EQ(page.status, 404) << path;
    EXPECT_THAT(page.body, HasSubstr("id=\"op-error\"")) << path;
    EXPECT_THAT(page.body, HasSubstr("req-test")) << path;
    EXPECT_THAT(page.body, Not(HasSubstr("attacker"))) << path;
  }
}

class Document : public ::testing::TestWithParam<const char*> {
 protected:
  http::Response ask(const std::string& method, const std::vector<http::Header>& headers = {}) {
    auto request = a_request(method, GetParam());
    request.headers = headers;
    return op_.handle(std::move(request));
  }
  TestOp op_;
};

TEST_P(Document, IsForEverybodyAndMayBeKeptForAWhile) {
  const auto document = ask("GET");
  EXPECT_EQ(document.status, 200);
  EXPECT_EQ(document.header("Access-Control-Allow-Origin"), "*");
  EXPECT_EQ(document.header("Cache-Control"), "public, max-age=3600");
  EXPECT_EQ(document.header("X-Content-Type-Options"), "nosniff");
  EXPECT_THAT(std::string(document.header("Content-Type").value_or("")), HasSubstr("json"));
  EXPECT_FALSE(document.header("Set-Cookie"));
  EXPECT_EQ(ask("GET").body, document.body);
}

TEST_P(Document, IsNotSentTwiceToWhoHasIt) {
  const auto document = ask("GET");
  const std::string etag(document.header("ETag").value_or(""));
  ASSERT_NE(etag, "");
  for (const auto& condition : {etag, "W/" + etag, "\"other\", " + etag, std::string("*")}) {
    const auto unchanged = ask("GET", {{"if-none-match", condition}});
    EXPECT_EQ(unchanged.status, 304) << condition;
    EXPECT_EQ(unchanged.body, "") << condition;
    EXPECT_EQ(unchanged.header("ETag"), etag) << condition;
  }
  EXPECT_EQ(ask("GET", {{"if-none-match", "\"other\""}}).status, 200);
}

TEST_P(Document, KnowsHeadAndPreflight) {
  const auto head = ask("HEAD");
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.header("ETag"), ask("GET").header("ETag"));
  const auto preflight = ask("OPTIONS");
  EXPECT_EQ(preflight.status, 204);
  EXPECT_EQ(preflight.header("Access-Control-Allow-Origin"), "*");
  const auto refused = ask("POST");
  EXPECT_EQ(refused.status, 405);
  EXPECT_EQ(refused.header("Allow"), "GET, HEAD, OPTIONS");
}

INSTANTIATE_TEST_SUITE_P(FrontDoor, Document, ::testing::Values(kDiscovery, "/jwks.json"));

TEST(FrontDoor, PublishesNoPrivateKey) {
  TestOp op;
  const auto keys = op.handle(a_request("GET", "/jwks.json")).body;
  ASSERT_THAT(keys, HasSubstr("\"kty\""));
  for (const auto* member : {"\"d\"", "\"p\"", "\"q\"", "\"dp\"", "\"dq\"", "\"qi\"", "\"k\""}) {
    EXPECT_THAT(keys, Not(HasSubstr(member)));
  }
}

/// reference defect B23: capabilities were advertised as configured, whether there or not.
class Overclaim : public ::testing::TestWithParam<std::pair<const char*, const char*>> {};
TEST_P(Overclaim, DoesNotStart) {
  try {
    TestOp op(with_settings(GetParam().second));
    FAIL() << GetParam().first;
  } catch (const std::runtime_error& e) {
    EXPECT_THAT(e.what(), HasSubstr(GetParam().first));
  }
}
INSTANTIATE_TEST_SUITE_P(
    FrontDoor, Overclaim,
    ::testing::Values(
        std::pair{"response_types_supported",
                  R"({"capabilities": {"response_types_supported": ["code", "token"]}})"},
        std::pair{"grant_types_supported",
                  R"({"capabilities": {"grant_types_supported": ["authorization_code", "password"]}})"},
        std::pair{"response_modes_supported",
                  R"({"capabilities": {"response_modes_supported": ["query", "web_message"]}})"},
        std::pair{"response_modes_supported",
                  R"({"capabilities": {"response_modes_supported": ["fragment"]}})"},
        std::pair{"scopes_supported", R"({"capabilities": {"scopes_supported": ["openid", "payments"]}})"},
        std::pair{"openid", R"({"capabilities": {"scopes_supported": ["profile", "email"]}})"}));

/// Two providers on one host; everything that one issued is presented to the other.
class TwoIssuers : public ::testing::Test {
 protected:
  static TestOp::Options at(const std::string& issuer) {
    TestOp::Options options;
    options.issuer = issuer;
    return options;
  }
  void SetUp() override {
    for (auto* op : {&a_, &b_}) {
      op->add_user();
      op->add_client();
    }
  }
  static http::Response buy(TestOp& op) {
    TestBrowser browser(op);
    const auto request =
        with(wiki_request(), {{"scope", "openid email offline_access"}, {"prompt", "consent"}});
    return exchange_code(op, location_parameters(browser.sign_in(request))["code"]);
  }
  TestOp a_{at("https://op.example.org")};
  TestOp b_{at("https://other.example.org")};
};

TEST_F(TwoIssuers, ACodeOfOneIsWorthlessAtTheOther) {
  TestBrowser browser(a_);
  const auto code = location_parameters(browser.sign_in(wiki_request()))["code"];
  EXPECT_EQ(member(exchange_code(b_, code), "error"), "invalid_grant");
  EXPECT_EQ(exchange_code(a_, code).status, 200);
}

TEST_F(TwoIssuers, TokensOfOneAreWorthlessAtTheOther) {
  const auto tokens = buy(a_);
  ASSERT_EQ(tokens.status, 200) << tokens.body;
  EXPECT_EQ(get_userinfo(b_, member(tokens, "access_token")).status, 401);
  const auto refreshed =
      post_token(b_, {{"grant_type", "refresh_token"}, {"refresh_token", member(tokens, "refresh_token")}},
                 basic("wiki", b_.secret_of(model::ClientId("wiki"))));
  EXPECT_EQ(member(refreshed, "error"), "invalid_grant");
}

TEST_F(TwoIssuers, AHintOfOneIsRefusedAtTheOther) {  // both have the same keys: the issuer decides
  const auto id_token = member(buy(a_), "id_token");
  TestBrowser at_a(a_), at_b(b_);
  const auto silent = with(wiki_request(), {{"prompt", "none"}, {"id_token_hint", id_token}});
  EXPECT_EQ(location_parameters(at_a.get("/authorization", silent))["error"], "login_required");
  EXPECT_EQ(location_parameters(at_b.get("/authorization", silent))["error"], "invalid_request");
}

TEST_F(TwoIssuers, CookiesOfOneSayNothingAtTheOther) {
  TestBrowser at_a(a_), at_b(b_);
  at_a.sign_in(wiki_request());
  const auto silent = with(wiki_request(), {{"prompt", "none"}});
  ASSERT_NE(location_parameters(at_a.get("/authorization", silent))["code"], "");
  at_b.cookies = at_a.cookies;
  EXPECT_EQ(location_parameters(at_b.get("/authorization", silent))["error"], "login_required");
  at_b.cookies.clear();
  at_b.get("/authorization", wiki_request());  // its own names, with the other's values
  ASSERT_FALSE(at_b.cookies.empty());
  for (const auto& [name, value] : at_b.cookies) EXPECT_EQ(at_a.cookies.count(name), 0U) << name;
}

TEST_F(TwoIssuers, APageOfOneIsRefusedAtTheOther) {  // the same secrets: the issuer is part of the seal
  TestBrowser at_a(a_), at_b(b_);
  const std::string page = at_a.get("/authorization", wiki_request()).body;
  at_b.get("/authorization", wiki_request());
  const std::string op_path = "action=\"https://op.example.org";
  const auto from = page.find("value=\"", page.find("name=\"seal\"")) + 7;
  const auto seal = page.substr(from, page.find('"', from) - from);
  ASSERT_GT(seal.size(), 40U);
  const auto action = page.find(op_path) + op_path.size();
  const auto path = page.substr(action, page.find('"', action) - action);
  const Fields login{
      {"seal", seal}, {"username", "alice"}, {"password", "wonderland"}, {"decision", "login"}};
  const auto refused = at_b.post(path, login);
  EXPECT_EQ(refused.status, 400) << refused.body;
  EXPECT_FALSE(refused.header("Location"));
  EXPECT_EQ(at_a.post(path, login).status, 200);
}

}  // namespace
}  // namespace oidcop::testing
