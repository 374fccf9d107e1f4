#include "base/json.h"
#include "endpoint/endpoint.h"
#include "endpoint/request_decoder.h"
#include "jose/jwk.h"
#include "jose/jwt.h"
#include "support/recording_log.h"
#include "support/test_op.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <ostream>
#include <stdexcept>

namespace oidcop::endpoint {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr TimePoint kNow{Seconds(1'800'000'000)};

const jose::Jwk& key() {
  static const jose::Jwk key = jose::generate_ec(jose::Curve::p256, {}).value();
  return key;
}

RequestRules all_formats() {
  RequestRules rules;
  rules.formats = {RequestFormat::query, RequestFormat::form, RequestFormat::json, RequestFormat::jwt,
                   RequestFormat::message};
  rules.repeatable = {"resource"};
  rules.max_fields = 5;
  rules.max_value_octets = 100;
  RequestRules::JwtRules jwt;
  jwt.keys = [](const Message&) -> Result<jose::JwkSet> {
    return jose::JwkSet::parse(Json{{"keys", Json::array({key().public_json().value()})}});
  };
  jwt.signature.algorithms = jose::AlgorithmSet::asymmetric();
  rules.jwt = std::move(jwt);
  return rules;
}

std::string signed_request(const jose::Jwk& signer, const Json& changes = Json::object()) {
  Json claims{{"greeting", "hello world"}, {"exp", kNow.time_since_epoch().count() + 60}};
  claims.merge_patch(changes);
  return jose::sign_jwt(Message(claims), signer, jose::Algorithm::es256).value();
}

Result<Message, ProtocolError> decoded(RequestFormat format, const std::string& text) {
  return decode_request({format, text, {}}, all_formats(), kNow);
}

TEST(RequestFormats, AllSayTheSame) {
  for (const auto format : {RequestFormat::query, RequestFormat::form}) {
    const auto message = decoded(format, "greeting=hello+world");
    ASSERT_TRUE(message);
    EXPECT_EQ(message->text("greeting"), "hello world");
  }
  EXPECT_EQ(decoded(RequestFormat::json, R"({"greeting": "hello world"})")->text("greeting"), "hello world");
  EXPECT_EQ(decoded(RequestFormat::jwt, signed_request(key()))->text("greeting"), "hello world");
  Message ready;
  ready.set("greeting", "hello world");
  EXPECT_EQ(decode_request({RequestFormat::message, "", ready}, all_formats(), kNow)->text("greeting"),
            "hello world");
}

TEST(RequestFormats, AFormatThatWasNotAskedForIsRefused) {
  for (const auto format : {RequestFormat::query, RequestFormat::form, RequestFormat::json,
                            RequestFormat::jwt, RequestFormat::message}) {
    auto rules = all_formats();
    rules.formats.erase(rules.formats.begin() + static_cast<std::ptrdiff_t>(format));
    const auto refused = decode_request({format, "", {}}, rules, kNow);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, "invalid_request");
  }
}

TEST(RequestFormats, AnEmptyParameterIsAnAbsentOne) {
  const auto message = decoded(RequestFormat::form, "greeting=&name=&resource=");
  ASSERT_TRUE(message);
  EXPECT_FALSE(message->has("greeting"));
  EXPECT_FALSE(message->has("name"));
}

TEST(RequestFormats, ARepeatedParameterIsRefusedByName) {
  for (const auto* text : {"greeting=a&greeting=a", "greeting=&greeting=a", "greeting=a&greeting="}) {
    const auto refused = decoded(RequestFormat::query, text);
    ASSERT_FALSE(refused) << text;
    EXPECT_EQ(refused.error().code, "invalid_request");
    EXPECT_EQ(refused.error().parameter, "greeting");
  }
  const auto hostile = decoded(RequestFormat::query, "%3Cscript%3E=1&%3Cscript%3E=2");
  ASSERT_FALSE(hostile);
  EXPECT_THAT(hostile.error().description, Not(HasSubstr("script")));
}

TEST(RequestFormats, AParameterThatMayBeRepeatedBecomesAnArray) {
  EXPECT_EQ(decoded(RequestFormat::query, "resource=a&resource=b")->words("resource"),
            (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(decoded(RequestFormat::query, "resource=a")->words("resource"), std::vector<std::string>{"a"});
}

struct Bad {
  std::string name;
  RequestFormat format;
  std::string text;
};
void PrintTo(const Bad& bad, std::ostream* out) {
  *out << bad.name;
}
class BadRequest : public ::testing::TestWithParam<Bad> {};
TEST_P(BadRequest, IsRefusedWithoutAnEcho) {
  const auto refused = decoded(GetParam().format, GetParam().text);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "invalid_request");
  EXPECT_EQ(refused.error().http_status, 400);
  EXPECT_THAT(refused.error().description, Not(HasSubstr("attacker")));
}
INSTANTIATE_TEST_SUITE_P(RequestFormats, BadRequest,
                         ::testing::Values(Bad{"half an escape", RequestFormat::form, "attacker=%4"},
                                           Bad{"no escape", RequestFormat::query, "attacker=%zz"},
                                           Bad{"NUL", RequestFormat::form, "attacker=a%00b"},
                                           Bad{"not UTF-8", RequestFormat::form, "attacker=%ff%fe"},
                                           Bad{"overlong UTF-8", RequestFormat::form, "attacker=%c0%af"},
                                           Bad{"too long", RequestFormat::form,
                                               "attacker=" + std::string(101, 'a')},
                                           Bad{"too many", RequestFormat::query, "a=1&b=1&c=1&d=1&e=1&f=1"},
                                           Bad{"a JSON array", RequestFormat::json, "[\"attacker\"]"},
                                           Bad{"half a JSON object", RequestFormat::json, "{\"attacker\":"},
                                           Bad{"text after JSON", RequestFormat::json, "{} attacker"},
                                           Bad{"nothing as JSON", RequestFormat::json, ""}));

void expect_no_request_object(const std::string& text) {
  const auto refused = decoded(RequestFormat::jwt, text);
  ASSERT_FALSE(refused) << text;
  EXPECT_EQ(refused.error().code, "invalid_request_object");
}

TEST(RequestFormats, AJwtOfAStrangerIsRefused) {
  expect_no_request_object(signed_request(jose::generate_ec(jose::Curve::p256, {}).value()));
}

TEST(RequestFormats, AJwtWithoutASignatureIsRefused) {
  expect_no_request_object(jose::make_unsecured(R"({"greeting": "hello", "exp": 1900000000})").value());
  const auto whole = signed_request(key());
  expect_no_request_object(whole.substr(0, whole.rfind('.') + 1));
  expect_no_request_object("not a JWT");
  expect_no_request_object("");
}

TEST(RequestFormats, AJwtThatIsOldOrTimelessIsRefused) {
  const auto now = kNow.time_since_epoch().count();
  expect_no_request_object(signed_request(key(), {{"exp", now}}));
  expect_no_request_object(signed_request(key(), {{"exp", nullptr}}));
  expect_no_request_object(signed_request(key(), {{"nbf", now + 60}}));
}

TEST(RequestFormats, WithoutRulesForItAJwtIsNotSupported) {
  auto rules = all_formats();
  rules.jwt.reset();
  const auto refused = decode_request({RequestFormat::jwt, signed_request(key()), {}}, rules, kNow);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "request_not_supported");
}

/// An endpoint that answers a greeting.
class Greeter final : public TypedEndpoint<std::string> {
 public:
  Greeter(const Hooks& hooks, Log& log) : TypedEndpoint(settings(), hooks, log, nullptr) {}

 protected:
  Result<std::string, ProtocolError> check_request(const Message& request, RequestScope&) const override {
    const auto greeting = request.text("greeting");
    if (!greeting) return fail(invalid_request("greeting is required.", "greeting"));
    if (*greeting == "crash") throw std::runtime_error("a secret reason");
    return *greeting;
  }
  Result<ResponseArgs, ProtocolError> process_request(const std::string& greeting,
                                                      RequestScope&) const override {
    ResponseArgs answer;
    answer.args.set("answer", greeting + " to you");
    return answer;
  }

 private:
  static EndpointSettings settings() {
    EndpointSettings settings;
    settings.name = "greeter";
    settings.issuer = "https://op.example.org";
    settings.rules = all_formats();
    return settings;
  }
};

class AnyEndpoint : public ::testing::Test {
 protected:
  http::Response post(const std::string& content_type, const std::string& body) {
    auto request = testing_request("POST");
    request.content_type = content_type;
    request.body = body;
    return greeter_.handle(request, kNow);
  }
  static http::Request testing_request(const std::string& method) {
    return oidcop::testing::a_request(method, "/greeter");
  }
  static void expect_answer(const http::Response& response) {
    EXPECT_EQ(response.status, 200) << response.body;
    EXPECT_EQ(oidcop::testing::member(response, "answer"), "hello world to you");
    EXPECT_EQ(response.header("Cache-Control"), "no-store");
  }
  Hooks hooks_;
  oidcop::testing::RecordingLog log_;
  Greeter greeter_{hooks_, log_};
};

TEST_F(AnyEndpoint, TakesWhatItSaysItTakes) {
  auto get = testing_request("GET");
  get.query = "greeting=hello%20world";
  expect_answer(greeter_.handle(get, kNow));
  expect_answer(post("application/x-www-form-urlencoded", "greeting=hello+world"));
  expect_answer(post("Application/X-WWW-Form-URLencoded ; charset=UTF-8", "greeting=hello+world"));
  expect_answer(post("application/json", R"({"greeting": "hello world"})"));
  expect_answer(post("application/oauth-authz-req+jwt", signed_request(key())));
  Message ready;
  ready.set("greeting", "hello world");
  const auto http = testing_request("POST");
  RequestScope scope(http, kNow);
  expect_answer(to_http(greeter_.handle_raw({RequestFormat::message, "", ready}, scope)));
}

TEST_F(AnyEndpoint, RefusesOtherContentTypes) {
  for (const auto* type : {"", "text/plain", "multipart/form-data", "application/x-www-form-urlencoded2"}) {
    const auto refused = post(type, "greeting=hello+world");
    EXPECT_EQ(refused.status, 400) << type;
    EXPECT_EQ(oidcop::testing::member(refused, "error"), "invalid_request") << type;
  }
  EXPECT_EQ(post("application/json", "greeting=hello+world").status, 400);
  EXPECT_EQ(post("application/x-www-form-urlencoded", R"({"greeting": "hello world"})").status, 400);
}

TEST_F(AnyEndpoint, DoesNotMixQueryAndBody) {
  auto request = testing_request("POST");
  request.query = "greeting=hello";
  request.content_type = "application/x-www-form-urlencoded";
  EXPECT_EQ(greeter_.handle(request, kNow).status, 400);
}

TEST_F(AnyEndpoint, RefusesOtherMethods) {
  for (const auto* method : {"PUT", "DELETE", "OPTIONS", "TRACE", "get", ""}) {
    const auto refused = greeter_.handle(testing_request(method), kNow);
    EXPECT_EQ(refused.status, 405) << method;
    EXPECT_EQ(refused.header("Allow"), "GET, HEAD, POST") << method;
  }
}

// reference defect B56: exceptions escaped.
TEST_F(AnyEndpoint, AnExceptionIsTheFaultOfOneRequest) {
  auto request = testing_request("GET");
  request.query = "greeting=crash";
  const auto failed = greeter_.handle(request, kNow);
  EXPECT_EQ(failed.status, 500);
  EXPECT_EQ(oidcop::testing::member(failed, "error"), "server_error");
  EXPECT_EQ(failed.header("Cache-Control"), "no-store");
  EXPECT_THAT(failed.body, Not(HasSubstr("a secret reason")));
}

TEST_F(AnyEndpoint, AnswersHeadLikeGet) {
  auto request = testing_request("HEAD");
  request.query = "greeting=hello+world";
  expect_answer(greeter_.handle(request, kNow));
}

TEST_F(AnyEndpoint, AJsonNumberIsNoText) {
  EXPECT_EQ(post("application/json", R"({"greeting": 1})").status, 400);
  EXPECT_EQ(post("application/json", R"({"greeting": ["hello"]})").status, 400);
  EXPECT_EQ(post("application/json", R"({"greeting": null})").status, 400);
}

}  // namespace
}  // namespace oidcop::endpoint
