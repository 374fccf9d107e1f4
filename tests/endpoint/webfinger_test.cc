#include "base/json.h"
#include "support/test_op.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <ostream>

namespace oidcop::testing {
namespace {

using ::testing::HasSubstr;

constexpr const char* kPath = "/.well-known/webfinger";
constexpr const char* kRelation = "http://openid.net/specs/connect/1.0/issuer";

TestOp::Options webfinger(const std::string& settings = "{}",
                          const std::string& issuer = "https://op.example.org") {
  TestOp::Options options;
  options.issuer = issuer;
  options.settings = R"({"endpoint": {"provider_info": {}, "jwks": {}, "authorization": {}, "token": {},
      "userinfo": {}, "webfinger": )" +
                     settings + "}}";
  return options;
}

http::Response ask(TestOp& op, const Fields& query, const std::string& method = "GET") {
  return op.handle(a_request(method, kPath, encoded(query)));
}

Json found(const http::Response& answer) {
  return parse_json(answer.body).value_or(Json());
}

TEST(Webfinger, NamesTheIssuerForAccountsAddressesAndUrlsOfItsHost) {
  TestOp op(webfinger());
  for (const auto* resource :
       {"acct:alice@op.example.org", "mailto:alice@op.example.org", "alice@op.example.org",
        "https://op.example.org/alice", "https://op.example.org", "https://op.example.org:443/",
        "acct:alice@OP.Example.ORG", "acct:juliet%40capulet.example@op.example.org"}) {
    const auto answer = ask(op, {{"resource", resource}, {"rel", kRelation}});
    ASSERT_EQ(answer.status, 200) << resource << answer.body;
    EXPECT_EQ(answer.header("Content-Type"), "application/jrd+json");
    EXPECT_EQ(answer.header("Access-Control-Allow-Origin"), "*");
    const auto document = found(answer);
    EXPECT_EQ(document["subject"], resource);
    EXPECT_EQ(document["links"], Json::array({{{"rel", kRelation}, {"href", "https://op.example.org"}}}));
    EXPECT_EQ(document.size(), 2U);
  }
}

// RFC 7033, 4.3: rel only filters.
TEST(Webfinger, AnswersWithTheRelationsThatAreWanted) {
  TestOp op(webfinger());
  const Fields resource{{"resource", "acct:alice@op.example.org"}};
  EXPECT_EQ(found(ask(op, resource))["links"].size(), 1U);
  auto others = resource;
  others.emplace_back("rel", "http://webfinger.net/rel/avatar");
  EXPECT_EQ(found(ask(op, others))["links"], Json::array());
  others.emplace_back("rel", kRelation);
  EXPECT_EQ(found(ask(op, others))["links"].size(), 1U);
  EXPECT_EQ(found(ask(op, others))["subject"], "acct:alice@op.example.org");
}

TEST(Webfinger, SaysTheSameOfAccountsThatDoNotExist) {
  TestOp op(webfinger());
  op.add_user();
  auto of = [&](const std::string& name) {
    auto answer = ask(op, {{"resource", "acct:" + name + "@op.example.org"}});
    return std::to_string(answer.status) + found(answer)["links"].dump();
  };
  EXPECT_EQ(of("alice"), of("nobody"));
}

TEST(Webfinger, KnowsNothingOfOtherHostsAndSchemes) {
  TestOp op(webfinger());
  for (const auto* resource :
       {"acct:alice@example.org", "https://example.org/alice", "http://op.example.org/",
        "acct:alice@op.example.org:8443", "https://op.example.org:8443/", "acct:op.example.org",
        "acct:@op.example.org", "urn:alice@op.example.org", "acct:alice@op.example.org@evil.example",
        "https://evil.example/@op.example.org"}) {
    const auto answer = ask(op, {{"resource", resource}});
    EXPECT_EQ(answer.status, 404) << resource;
    EXPECT_EQ(member(answer, "error"), "not_found");
    EXPECT_EQ(answer.header("Access-Control-Allow-Origin"), "*");
  }
}

TEST(Webfinger, AnswersForTheHostsThatAreConfiguredAndNoOther) {
  TestOp op(webfinger(R"({"hosts": ["example.org", "localhost:8443"]})"));
  EXPECT_EQ(ask(op, {{"resource", "acct:alice@example.org"}}).status, 200);
  EXPECT_EQ(ask(op, {{"resource", "acct:alice@localhost:8443"}}).status, 200);
  EXPECT_EQ(ask(op, {{"resource", "https://localhost:8443/alice"}}).status, 200);
  EXPECT_EQ(ask(op, {{"resource", "https://localhost/alice"}}).status, 404);
  EXPECT_EQ(ask(op, {{"resource", "acct:alice@op.example.org"}}).status, 404);
}

TEST(Webfinger, OfAnIssuerWithAPathIsAtTheRootOfTheHost) {
  TestOp op(webfinger("{}", "https://op.example.org/tenant"));
  EXPECT_EQ(found(ask(op, {{"resource", "acct:alice@op.example.org"}}))["links"][0]["href"],
            "https://op.example.org/tenant");
  EXPECT_EQ(op.handle(a_request("GET", "/tenant/.well-known/webfinger", "resource=acct%3Aa%40op.example.org"))
                .status,
            404);
}

TEST(Webfinger, OfAnIssuerWithAPortAnswersForItsHostWithAndWithoutIt) {
  auto options = webfinger("{}", "https://op.example.org:8443");
  TestOp op(options);
  for (const auto* resource :
       {"acct:alice@op.example.org", "acct:alice@op.example.org:8443", "https://op.example.org:8443/alice"}) {
    auto request = a_request("GET", kPath, encoded({{"resource", resource}}));
    request.host = "op.example.org:8443";
    EXPECT_EQ(op.handle(std::move(request)).status, 200) << resource;
  }
}

struct Bad {
  std::string query;
  std::string parameter;
};
void PrintTo(const Bad& bad, std::ostream* out) {
  *out << bad.query;
}

class WebfingerRefuses : public ::testing::TestWithParam<Bad> {};

TEST_P(WebfingerRefuses, WithInvalidRequestThatNamesTheParameter) {
  TestOp op(webfinger());
  const auto answer = op.handle(a_request("GET", kPath, GetParam().query));
  EXPECT_EQ(answer.status, 400) << answer.body;
  EXPECT_EQ(member(answer, "error"), "invalid_request");
  EXPECT_THAT(member(answer, "error_description"), HasSubstr(GetParam().parameter));
  EXPECT_EQ(answer.header("Access-Control-Allow-Origin"), "*");
}

INSTANTIATE_TEST_SUITE_P(
    Table, WebfingerRefuses,
    ::testing::Values(Bad{"", "resource"}, Bad{"rel=x", "resource"}, Bad{"resource=", "resource"},
                      Bad{"resource=a%40op.example.org&resource=b%40op.example.org", "resource"},
                      Bad{"resource=alice", "resource"},
                      Bad{"resource=%20acct%3Aa%40op.example.org", "resource"},
                      Bad{"resource=acct%3Aa%40op.example.org%0A", "resource"},
                      Bad{"resource=https%3A%2F%2Fu%40op.example.org%2F", "resource"},
                      Bad{"resource=" + std::string(3000, 'a'), ""}, Bad{"resource=%ff", ""},
                      Bad{"resource=%zz", ""}));

TEST(Webfinger, TakesNoOtherMethod) {
  TestOp op(webfinger());
  const Fields resource{{"resource", "acct:alice@op.example.org"}};
  for (const auto* method : {"POST", "PUT", "DELETE"}) {
    const auto answer = ask(op, resource, method);
    EXPECT_EQ(answer.status, 405) << method;
  }
  EXPECT_EQ(ask(op, resource, "HEAD").status, 200);
  EXPECT_EQ(ask(op, resource, "OPTIONS").status, 204);
}

TEST(Webfinger, IsOffUnlessItIsConfigured) {
  TestOp op;
  EXPECT_EQ(ask(op, {{"resource", "acct:alice@op.example.org"}}).status, 404);
}

}  // namespace
}  // namespace oidcop::testing
