#include "client/software_statement.h"

#include "base/json.h"
#include "jose/jwt.h"
#include "support/manual_clock.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace oidcop::client {
namespace {

constexpr const char* kIssuer = "https://vouches.example.org";

class SoftwareStatement : public ::testing::Test {
 protected:
  SoftwareStatement() {
    statements_.issuers[kIssuer] = jose::JwkSet({key_});
    claims_ = {{"iss", kIssuer}, {"client_name", "Vouched for"}, {"software_id", "4NRB1-0XZABZI9E6-5SM3R"}};
  }
  std::string signed_by(const jose::Jwk& key, const Json& claims) {
    return *jose::sign_jwt(Message(claims), key, jose::Algorithm::es256);
  }
  Message document(const Json& statement) {
    return Message(Json{
        {"client_name", "Its own words"}, {"contacts", {"a@c.example"}}, {"software_statement", statement}});
  }
  Result<Message, ProtocolError> read(const Json& statement, const std::string& known = {}) {
    return with_statement(document(statement), statements_, known, clock_.now());
  }
  std::string error(const Json& statement) {
    const auto outcome = read(statement);
    return outcome ? "none" : outcome.error().code;
  }
  Json claims_with(const char* name, const Json& value) {
    auto claims = claims_;
    claims[name] = value;
    return claims;
  }
  std::int64_t now() { return clock_.now().time_since_epoch().count(); }

  testing::ManualClock clock_;
  const jose::Jwk key_ = *jose::generate_ec(jose::Curve::p256, {.kid = "k"});
  const jose::Jwk other_ = *jose::generate_ec(jose::Curve::p256, {.kid = "k"});
  SoftwareStatements statements_;
  Json claims_;
};

TEST_F(SoftwareStatement, CountsBeforeWhatStandsBesideIt) {  // RFC 7591, 2.3 and 3.1.1
  const auto statement = signed_by(key_, claims_);
  const auto read_document = read(statement);
  ASSERT_TRUE(read_document) << read_document.error().description;
  EXPECT_EQ(read_document->text("client_name"), "Vouched for");
  EXPECT_EQ(read_document->text("software_id"), "4NRB1-0XZABZI9E6-5SM3R");
  EXPECT_EQ(read_document->words("contacts"), std::vector<std::string>{"a@c.example"});
  EXPECT_EQ(read_document->text("software_statement"), statement) << "returned as it came";
  EXPECT_FALSE(read_document->has("iss"));
}

TEST_F(SoftwareStatement, OfAnotherIssuerIsNotApproved) {
  EXPECT_EQ(error(signed_by(other_, claims_with("iss", "https://anybody.example"))),
            "unapproved_software_statement");
}

TEST_F(SoftwareStatement, ThatIsNoGoodIsInvalid) {
  auto nobody = claims_;
  nobody.erase("iss");
  const Json kCases[] = {
      signed_by(other_, claims_),
      signed_by(key_, nobody),
      signed_by(key_, claims_with("iss", 5)),
      signed_by(key_, claims_with("exp", now() - 120)),
      signed_by(key_, claims_with("nbf", now() + 120)),
      signed_by(key_, claims_with("exp", "tomorrow")),
      signed_by(key_, claims_) + "x",
      "a.b.c",
      "",
      "eyJhbGciOiJub25lIn0." + signed_by(key_, claims_).substr(signed_by(key_, claims_).find('.') + 1),
      5,
      Json::array(),
      Json::object()};
  for (const auto& statement : kCases) EXPECT_EQ(error(statement), "invalid_software_statement") << statement;
}

TEST_F(SoftwareStatement, ThatWasAcceptedOnceMayExpire) {
  const auto statement = signed_by(key_, claims_with("exp", now() + 10));
  ASSERT_TRUE(read(statement));
  clock_.tick(std::chrono::hours(1));
  EXPECT_FALSE(read(statement));
  EXPECT_TRUE(read(statement, statement));
  EXPECT_FALSE(read(statement, signed_by(key_, claims_)));
}

TEST_F(SoftwareStatement, IsIgnoredWhereNobodyIsTrustedWithOne) {  // RFC 7591, 2.3
  statements_.issuers.clear();
  const auto read_document = read("whatever");
  ASSERT_TRUE(read_document);
  EXPECT_FALSE(read_document->has("software_statement"));
  EXPECT_EQ(read_document->text("client_name"), "Its own words");
}

TEST_F(SoftwareStatement, IsDemandedWhereThatIsConfigured) {
  statements_.required = true;
  EXPECT_EQ(error(nullptr), "invalid_software_statement");
  EXPECT_EQ(error(signed_by(key_, claims_)), "none");
}

}  // namespace
}  // namespace oidcop::client
