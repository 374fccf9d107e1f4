#include "authn/acr_broker.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace oidcop::authn {
namespace {

constexpr const char* kPwd = "urn:pwd";
constexpr const char* kMfa = "urn:mfa";

AcrBroker two_methods() {
  return AcrBroker(
      {{.id = "form", .acr = kPwd, .amr = {"pwd"}}, {.id = "totp", .acr = kMfa, .amr = {"pwd", "otp"}}},
      {{"email", {kMfa}}});
}

/// The method chosen for this request; "refused: CODE" when there is none.
std::string chosen(const AcrBroker& broker, const Message& request, const model::Client& client = {}) {
  const auto wanted = broker.read(request, client);
  if (!wanted) return "refused: " + wanted.error().code;
  const auto method = broker.choose(*wanted);
  return method ? (*method)->id : "refused: " + method.error().code;
}

Message with(std::string_view name, std::string_view value) {
  Message message;
  message.set(name, value);
  return message;
}

TEST(AcrBroker, TakesTheFirstMethodWhenNothingIsAskedFor) {
  EXPECT_EQ(chosen(two_methods(), Message()), "form");
}

TEST(AcrBroker, TakesTheFirstAcrValueThatIsOffered) {
  EXPECT_EQ(chosen(two_methods(), with("acr_values", "urn:mfa urn:pwd")), "totp");
  EXPECT_EQ(chosen(two_methods(), with("acr_values", "urn:unknown urn:mfa")), "totp");
}

// reference defect B32: a request for what is not there returned an error map that the caller took for a
// method.
TEST(AcrBroker, VoluntaryValuesThatNothingOffersFallBack) {
  EXPECT_EQ(chosen(two_methods(), with("acr_values", "urn:unknown")), "form");
  EXPECT_EQ(chosen(two_methods(), with("claims", R"({"id_token": {"acr": {"value": "urn:unknown"}}})")),
            "form");
}

// reference defect B32: an essential acr that cannot be met was never refused.
TEST(AcrBroker, EssentialValuesThatNothingOffersAreRefused) {
  const auto request =
      with("claims", R"({"id_token": {"acr": {"essential": true, "values": ["urn:x", "urn:y"]}}})");
  EXPECT_EQ(chosen(two_methods(), request), "refused: unmet_authentication_requirements");
}

// reference defect B32: with one method, whatever was asked for was ignored.
TEST(AcrBroker, ASingleMethodIsNoReasonToIgnoreTheRequest) {
  const AcrBroker broker(std::vector<AuthenticationMethod>{{.id = "form", .acr = kPwd, .amr = {"pwd"}}});
  EXPECT_EQ(
      chosen(broker, with("claims", R"({"id_token": {"acr": {"essential": true, "value": "urn:mfa"}}})")),
      "refused: unmet_authentication_requirements");
  EXPECT_EQ(
      chosen(broker, with("claims", R"({"id_token": {"acr": {"essential": true, "value": "urn:pwd"}}})")),
      "form");
}

// reference defect B32: a claims parameter without acr in its id_token part, or with null for it, crashed.
TEST(AcrBroker, ClaimsThatSayNothingOfAcrAskForNothing) {
  for (const auto* claims :
       {"{}", R"({"userinfo": {"email": null}})", R"({"id_token": null})", R"({"id_token": {}})",
        R"({"id_token": {"auth_time": null}})", R"({"id_token": {"acr": null}})",
        R"({"id_token": {"acr": {}}})", R"({"id_token": {"acr": {"essential": true}}})"}) {
    EXPECT_EQ(chosen(two_methods(), with("claims", claims)), "form") << claims;
    auto request = with("claims", claims);
    request.set("acr_values", kMfa);
    EXPECT_EQ(chosen(two_methods(), request), "totp") << claims;
  }
}

TEST(AcrBroker, ClaimsCountMoreThanAcrValues) {
  auto request = with("claims", R"({"id_token": {"acr": {"essential": true, "values": ["urn:pwd"]}}})");
  request.set("acr_values", kMfa);
  EXPECT_EQ(chosen(two_methods(), request), "form");
}

TEST(AcrBroker, ClaimsMayBeAnObjectOfARequestObject) {
  Message request;
  request.set("claims", nlohmann::json{{"id_token", {{"acr", {{"value", kMfa}}}}}});
  EXPECT_EQ(chosen(two_methods(), request), "totp");
}

TEST(AcrBroker, RefusesClaimsThatAreNotWellFormed) {
  for (const auto* claims :
       {"", "x", "[]", "7", R"({"id_token": 7})", R"({"id_token": {"acr": "urn:mfa"}})",
        R"({"id_token": {"acr": {"essential": "yes", "value": "urn:mfa"}}})",
        R"({"id_token": {"acr": {"values": "urn:mfa"}}})", R"({"id_token": {"acr": {"values": [7]}}})",
        R"({"id_token": {"acr": {"value": "a", "values": ["b"]}}})"}) {
    EXPECT_EQ(chosen(two_methods(), with("claims", claims)), "refused: invalid_request") << claims;
  }
}

TEST(AcrBroker, LoginHintsSchemeChooses) {
  EXPECT_EQ(chosen(two_methods(), with("login_hint", "email:alice@example.org")), "totp");
  EXPECT_EQ(chosen(two_methods(), with("login_hint", "tel:+4670")), "form");
  EXPECT_EQ(chosen(two_methods(), with("login_hint", "alice")), "form");
  auto request = with("login_hint", "email:alice@example.org");
  request.set("acr_values", kPwd);
  EXPECT_EQ(chosen(two_methods(), request), "form") << "what is asked for outright comes first";
}

TEST(AcrBroker, TheClientsDefaultsComeLast) {
  model::Client client;
  client.default_acr_values = {kMfa};
  EXPECT_EQ(chosen(two_methods(), Message(), client), "totp");
  EXPECT_EQ(chosen(two_methods(), with("acr_values", kPwd), client), "form");
}

TEST(AcrBroker, SaysWhetherASessionIsGoodEnough) {
  const auto broker = two_methods();
  using Need = AcrRequest::Need;
  EXPECT_TRUE(broker.satisfies({.values = {}, .need = Need::voluntary}, kPwd));
  EXPECT_TRUE(broker.satisfies({.values = {kMfa, kPwd}, .need = Need::voluntary}, kPwd));
  EXPECT_FALSE(broker.satisfies({.values = {kMfa}, .need = Need::voluntary}, kPwd))
      << "it can be done better";
  EXPECT_TRUE(broker.satisfies({.values = {"urn:x"}, .need = Need::voluntary}, kPwd))
      << "it cannot be done better";
  EXPECT_FALSE(broker.satisfies({.values = {"urn:x"}, .need = Need::essential}, kPwd));
  EXPECT_TRUE(broker.satisfies({.values = {"urn:x"}, .need = Need::essential}, "urn:x"));
}

TEST(AcrBroker, ListsWhatItOffers) {
  EXPECT_EQ(two_methods().acr_values_supported(), (std::vector<std::string>{kPwd, kMfa}));
  const AcrBroker same(std::vector<AuthenticationMethod>{{.id = "a", .acr = kPwd, .amr = {}},
                                                         {.id = "b", .acr = kPwd, .amr = {}}});
  EXPECT_EQ(same.acr_values_supported(), std::vector<std::string>{kPwd});
  EXPECT_EQ(two_methods().find("totp")->acr, kMfa);
  EXPECT_EQ(two_methods().find("x"), nullptr);
}

}  // namespace
}  // namespace oidcop::authn
