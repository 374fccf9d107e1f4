#include "claims/claims_request.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace oidcop::claims {
namespace {

using Names = std::vector<std::string>;

Result<ClaimsRequest, ProtocolError> parse(const std::string& text) {
  Message request;
  request.set("claims", text);
  return ClaimsRequest::parse(request);
}

// The example of OpenID Connect Core 1.0, 5.5.
constexpr const char* kExample = R"({
  "userinfo": {
    "given_name": {"essential": true}, "nickname": null, "email": {"essential": true},
    "email_verified": {"essential": true}, "picture": null, "http://example.info/claims/groups": null },
  "id_token": {
    "auth_time": {"essential": true},
    "acr": {"values": ["urn:mace:incommon:iap:silver"] } } })";

TEST(ClaimsRequest, ReadsTheStandardsExample) {
  auto request = parse(kExample);
  ASSERT_TRUE(request);
  ASSERT_EQ(request->userinfo.size(), 6U);
  EXPECT_EQ(request->userinfo[0].name, "email");
  EXPECT_TRUE(request->userinfo[0].essential);
  EXPECT_FALSE(request->userinfo[0].accepted);
  EXPECT_EQ(request->voluntary_acrs(), Names{"urn:mace:incommon:iap:silver"});
  EXPECT_TRUE(request->essential_acrs().empty());
}

TEST(ClaimsRequest, IsEmptyWhenAbsent) {
  auto request = ClaimsRequest::parse(Message());
  ASSERT_TRUE(request);
  EXPECT_TRUE(request->empty());
}

TEST(ClaimsRequest, IsReadFromAnObjectToo) {
  Message message;
  message.set("claims", Json{{"id_token", {{"email", nullptr}}}});
  auto request = ClaimsRequest::parse(message);
  ASSERT_TRUE(request);
  EXPECT_EQ(request->names(), Names{"email"});
}

TEST(ClaimsRequest, IgnoresWhatItDoesNotKnow) {
  auto request = parse(R"({"verified_claims": 1, "userinfo": {"email": {"purpose": "to write"}}})");
  ASSERT_TRUE(request);
  EXPECT_EQ(request->userinfo.size(), 1U);
}

TEST(ClaimsRequest, RefusesEveryOtherShape) {
  const std::vector<std::string> shapes{
      "",
      "nonsense",
      "[]",
      "1",
      R"({"userinfo": []})",
      R"({"userinfo": "email"})",
      R"({"userinfo": {"email": true}})",
      R"({"userinfo": {"email": ["x"]}})",
      R"({"userinfo": {"email": {"essential": "true"}}})",
      R"({"userinfo": {"email": {"essential": 1}}})",
      R"({"userinfo": {"email": {"values": "x"}}})",
      R"({"userinfo": {"email": {"values": []}}})",
      R"({"userinfo": {"email": {"value": null}}})",
      R"({"userinfo": {"": null}})",
      R"({"userinfo": {"email": null, "email": null}})",
      R"({"userinfo": {"email": null}} trailing)",
  };
  for (const auto& shape : shapes) {
    auto request = parse(shape);
    ASSERT_FALSE(request) << shape;
    EXPECT_EQ(request.error().code, "invalid_request") << shape;
    EXPECT_EQ(request.error().parameter, "claims") << shape;
  }
}

TEST(ClaimsRequest, IsBounded) {
  auto many = Json::object();
  for (int i = 0; i < 129; ++i) many["claim" + std::to_string(i)] = nullptr;
  EXPECT_FALSE(parse(Json{{"userinfo", many}}.dump()));
  EXPECT_FALSE(parse(R"({"userinfo": {")" + std::string(129, 'x') + R"(": null}})"));
  EXPECT_FALSE(parse(R"({"userinfo": {"email": {"value": ")" + std::string(20000, 'x') + R"("}}})"));
}

TEST(ClaimsRequest, ValueAndValuesHoldTogether) {
  auto request = parse(R"({"userinfo": {
      "a": {"value": "x"}, "b": {"values": ["x", 2]},
      "c": {"value": "x", "values": ["x", "y"]}, "d": {"value": "z", "values": ["x", "y"]}}})");
  ASSERT_TRUE(request);
  EXPECT_TRUE(request->userinfo[0].accepts("x"));
  EXPECT_FALSE(request->userinfo[0].accepts("y"));
  EXPECT_TRUE(request->userinfo[1].accepts(2));
  EXPECT_FALSE(request->userinfo[1].accepts("2"));
  EXPECT_TRUE(request->userinfo[2].accepts("x"));
  EXPECT_FALSE(request->userinfo[2].accepts("y"));
  EXPECT_FALSE(request->userinfo[3].accepts("x"));
  EXPECT_FALSE(request->userinfo[3].accepts("z"));
}

TEST(ClaimsRequest, NamesTheSubjectItMustBeAbout) {
  EXPECT_EQ(parse(R"({"id_token": {"sub": {"value": "248289761001"}}})")->requested_subject(),
            "248289761001");
  EXPECT_EQ(parse(R"({"id_token": {"sub": {"values": ["248289761001"]}}})")->requested_subject(),
            "248289761001");
  EXPECT_FALSE(parse(R"({"id_token": {"sub": {"essential": true}}})")->requested_subject());
  EXPECT_FALSE(parse(R"({"userinfo": {"sub": {"value": "x"}}})")->requested_subject());
}

TEST(ClaimsRequest, SubjectThatCannotBeIsNoSubjectRatherThanAny) {
  EXPECT_EQ(parse(R"({"id_token": {"sub": {"value": 7}}})")->requested_subject(), "");
  EXPECT_EQ(parse(R"({"id_token": {"sub": {"value": "a", "values": ["b"]}}})")->requested_subject(), "");
}

TEST(ClaimsRequest, TellsEssentialFromVoluntaryAcr) {
  auto request = parse(R"({"id_token": {"acr": {"essential": true, "values": ["a", "b"]}}})");
  EXPECT_EQ(request->essential_acrs(), (Names{"a", "b"}));
  EXPECT_TRUE(request->voluntary_acrs().empty());
}

// Null, absent or empty: nothing to be met, and nothing to stumble over (reference defect B32).
TEST(ClaimsRequest, AcrWithoutValuesAsksForNothing) {
  for (const auto* text : {R"({"id_token": {"acr": null}})", R"({"id_token": {}})", R"({"id_token": null})",
                           R"({"id_token": {"acr": {"essential": true}}})"}) {
    auto request = parse(text);
    ASSERT_TRUE(request) << text;
    EXPECT_TRUE(request->essential_acrs().empty()) << text;
    EXPECT_TRUE(request->voluntary_acrs().empty()) << text;
  }
}

TEST(ClaimsRequest, ShowsEachNameOnceAndNoMemberOfTheProtocol) {
  auto request =
      parse(R"({"userinfo": {"email": null, "name": null}, "id_token": {"email": null, "acr": null}})");
  EXPECT_EQ(request->names(), (Names{"email", "name"}));
}

TEST(WithoutClaims, TakesThemOutOfBothPlacesAndEveryLanguage) {
  Message message;
  message.set("nonce", "n");
  message.set(
      "claims",
      R"({"userinfo": {"email": null, "email#de": null, "name": {"essential": true}}, "id_token": {"email": null}})");
  const auto kept = without_claims(message, {"email", "phone_number"});
  EXPECT_EQ(ClaimsRequest::parse(kept)->names(), Names{"name"});
  EXPECT_TRUE(ClaimsRequest::parse(kept)->userinfo.front().essential);
  EXPECT_EQ(kept.text("nonce"), "n");
}

TEST(WithoutClaims, LeavesARequestAloneThatHasNothingToLose) {
  Message message;
  message.set("claims", kExample);
  EXPECT_EQ(without_claims(message, {}), message);
  EXPECT_EQ(without_claims(Message(), {"email"}), Message());
}

TEST(WithoutClaims, LeavesNothingOfWhatItCannotRead) {
  Message message;
  message.set("claims", "nonsense");
  EXPECT_FALSE(without_claims(message, {"email"}).has("claims"));
}

}  // namespace
}  // namespace oidcop::claims
