#include "base/json.h"
#include "jose/jwk_set.h"
#include "jose/jwt.h"
#include "support/test_op.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <set>

namespace oidcop::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Not;

constexpr auto kPath = "/.well-known/openid-configuration";

Json metadata_of(TestOp& op) {
  const auto answer = op.handle(a_request("GET", kPath));
  EXPECT_EQ(answer.status, 200) << op.log();
  return parse_json(answer.body).value_or(Json());
}

std::vector<std::string> words(const Json& metadata, std::string_view name) {
  return json_texts(metadata, name).value_or(std::nullopt).value_or(std::vector<std::string>());
}

std::string text(const Json& metadata, std::string_view name) {
  return json_text(metadata, name).value_or(std::nullopt).value_or("");
}

// reference defect B55: the document had nulls, a version, and members that were not so.
TEST(ProviderInfo, SaysEachThingOnceAndNothingEmpty) {
  TestOp op;
  const Json metadata = metadata_of(op);
  EXPECT_EQ(text(metadata, "issuer"), "https://op.example.org");
  EXPECT_FALSE(metadata.contains("version"));
  for (const auto& [name, value] : metadata.items()) {
    EXPECT_FALSE(value.is_null()) << name;
    if (!value.is_array()) continue;
    EXPECT_FALSE(value.empty()) << name;
    EXPECT_EQ(std::set<Json>(value.begin(), value.end()).size(), value.size())
        << name << ": " << value.dump();
  }
}

// reference defect B23 and reference defect B37: what was advertised did not depend on what was there.
TEST(ProviderInfo, NamesNothingThatIsNotServed) {
  TestOp op;
  const Json metadata = metadata_of(op);
  EXPECT_THAT(words(metadata, "response_types_supported"), Not(Contains("token")));
  EXPECT_THAT(words(metadata, "grant_types_supported"),
              ElementsAre("authorization_code", "refresh_token", "client_credentials", "implicit"));
  EXPECT_EQ(metadata.value("request_parameter_supported", false), true);
  EXPECT_EQ(metadata.value("request_uri_parameter_supported", true), false);
  for (const auto* absent : {"registration_endpoint", "introspection_endpoint",
                             "request_object_encryption_alg_values_supported", "refresh_token_endpoint"}) {
    EXPECT_FALSE(metadata.contains(absent)) << absent;
  }
}

TEST(ProviderInfo, NamesEveryResponseTypeAndModeThatIsOn) {
  TestOp op;
  EXPECT_THAT(words(metadata_of(op), "response_types_supported"),
              ElementsAre("code", "id_token", "id_token token", "code id_token", "code token",
                          "code id_token token", "none"));
  EXPECT_THAT(words(metadata_of(op), "response_modes_supported"),
              ElementsAre("query", "fragment", "form_post"));
  TestOp::Options options;
  options.settings = R"({"capabilities": {"response_types_supported": ["code"]}})";
  TestOp narrow(options);
  EXPECT_THAT(words(metadata_of(narrow), "response_types_supported"), ElementsAre("code"));
  EXPECT_THAT(words(metadata_of(narrow), "grant_types_supported"),
              ElementsAre("authorization_code", "refresh_token", "client_credentials"));
}

TEST(ProviderInfo, LeavesOutAListThatWouldBeEmpty) {
  TestOp::Options options;
  options.settings = R"({"endpoint": {"provider_info": {}, "jwks": {}, "authorization": {}, "userinfo": {},
                                      "token": {"client_authn_method": ["client_secret_basic"]}}})";
  TestOp op(options);
  EXPECT_FALSE(metadata_of(op).contains("token_endpoint_auth_signing_alg_values_supported"));
}

// reference defect B25: the methods were not published.
TEST(ProviderInfo, TellsOfPkceAndOfTheIssuerInAnswers) {
  TestOp op;
  EXPECT_THAT(words(metadata_of(op), "code_challenge_methods_supported"), ElementsAre("S256"));
  EXPECT_EQ(metadata_of(op).value("authorization_response_iss_parameter_supported", false), true);
  TestOp::Options options;
  options.settings = R"({"add_on": {"authorization_response_iss": false}})";
  TestOp without(options);
  EXPECT_FALSE(metadata_of(without).contains("authorization_response_iss_parameter_supported"));
}

TEST(ProviderInfo, EveryEndpointItNamesAnswers) {
  TestOp op;
  const Json metadata = metadata_of(op);
  for (const auto* member : {"authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri"}) {
    const auto url = text(metadata, member);
    ASSERT_EQ(url.rfind(op.issuer() + '/', 0), 0U) << member;
    EXPECT_NE(op.handle(a_request("GET", url.substr(op.issuer().size()))).status, 404) << member;
  }
}

TEST(ProviderInfo, TellsTheLanguagesOfClaimsWhereConfigured) {
  TestOp::Options options;
  options.settings = R"({"capabilities": {"claims_locales_supported": ["en", "ja"]}})";
  TestOp op(std::move(options));
  EXPECT_THAT(words(metadata_of(op), "claims_locales_supported"), ElementsAre("en", "ja"));
  TestOp silent;
  EXPECT_FALSE(metadata_of(silent).contains("claims_locales_supported"));
}

// The usual place of the reference, among the static files.
TEST(ProviderInfo, TheKeysMayBeAmongTheStaticFiles) {
  TestOp::Options options;
  options.settings = R"({"keys": {"uri_path": "static/jwks.json"}})";
  TestOp op(std::move(options));
  const auto keys = op.handle(a_request("GET", "/static/jwks.json"));
  EXPECT_EQ(keys.status, 200);
  EXPECT_EQ(keys.header("Content-Type"), "application/jwk-set+json");
}

TEST(ProviderInfo, AnEndpointThatIsNotConfiguredIsNeitherNamedNorServed) {
  TestOp::Options options;
  options.settings = R"({"endpoint": {"provider_info": {}, "jwks": {}, "authorization": {}, "token": {}}})";
  TestOp op(options);
  EXPECT_FALSE(metadata_of(op).contains("userinfo_endpoint"));
  EXPECT_EQ(op.handle(a_request("GET", "/userinfo")).status, 404);
}

// RFC 8414, 3.1 and 5.
TEST(ProviderInfo, IsAtEveryWellKnownPlaceOfAnIssuerWithAPath) {
  TestOp::Options options;
  options.issuer = "https://op.example.org/tenant";
  TestOp op(options);
  const auto body = op.handle(a_request("GET", "/tenant/.well-known/openid-configuration")).body;
  EXPECT_THAT(body, ::testing::HasSubstr("\"issuer\":\"https://op.example.org/tenant\""));
  for (const auto* path :
       {"/.well-known/oauth-authorization-server/tenant", "/.well-known/openid-configuration/tenant"}) {
    const auto answer = op.handle(a_request("GET", path));
    EXPECT_EQ(answer.status, 200) << path;
    EXPECT_EQ(answer.body, body);
    EXPECT_EQ(answer.header("Content-Type"), "application/json");
    EXPECT_EQ(answer.header("Access-Control-Allow-Origin"), "*");
  }
  for (const auto* path : {"/.well-known/oauth-authorization-server", "/.well-known/openid-configuration",
                           "/.well-known/oauth-authorization-server/other"}) {
    EXPECT_EQ(op.handle(a_request("GET", path)).status, 404) << path;
  }
}

TEST(ProviderInfo, IsAtTheOauthPlaceOfAnIssuerWithoutAPath) {
  TestOp op;
  const auto answer = op.handle(a_request("GET", "/.well-known/oauth-authorization-server"));
  EXPECT_EQ(answer.body, op.handle(a_request("GET", kPath)).body);
  EXPECT_EQ(op.handle(a_request("POST", "/.well-known/oauth-authorization-server")).status, 405);
  TestOp::Options off;
  off.settings = R"({"endpoint": {"jwks": {}, "authorization": {}, "token": {}, "userinfo": {}}})";
  TestOp without(off);
  EXPECT_EQ(without.handle(a_request("GET", "/.well-known/oauth-authorization-server")).status, 404);
}

// RFC 8414, 2.1.
TEST(ProviderInfo, IsSignedWhereThatIsConfigured) {
  TestOp ordinary;
  EXPECT_FALSE(metadata_of(ordinary).contains("signed_metadata"));
  TestOp::Options options;
  options.settings =
      R"({"endpoint": {"provider_info": {"signed_metadata": true}, "jwks": {}, "authorization": {},
                                      "token": {}, "userinfo": {}}})";
  TestOp op(options);
  auto metadata = metadata_of(op);
  const auto keys = jose::JwkSet::parse_text(op.handle(a_request("GET", "/jwks.json")).body);
  const auto verified = jose::verify_jwt(text(metadata, "signed_metadata"), *keys,
                                         {.algorithms = jose::AlgorithmSet::asymmetric()},
                                         {.issuer = op.issuer(), .required = {"iss"}}, op.clock.now());
  ASSERT_TRUE(verified) << verified.error().detail;
  auto signed_members = verified->claims.json();
  signed_members.erase("iss");
  metadata.erase("signed_metadata");
  EXPECT_EQ(signed_members, metadata);
}

TEST(ProviderInfo, TellsWhereDevelopersCanRead) {
  TestOp::Options options;
  options.settings = R"({"ui": {"service_documentation": "https://docs.example.org/op"}})";
  TestOp op(options);
  EXPECT_EQ(text(metadata_of(op), "service_documentation"), "https://docs.example.org/op");
}

}  // namespace
}  // namespace oidcop::testing
