#include "client/authentication/client_authenticator.h"

#include "core/client/authentication/authentication_data.h"

namespace oidcop::client {
namespace {

using testing::ClientAuthMethod;
using testing::Desk;
using testing::expect_invalid_client;
using testing::expect_invalid_request;

TEST(ClientAuthenticator, KnowsAClientByItsSecretInTheHeader) {
  Desk desk;
  const auto secret = desk.issue(desk.add("rp", ClientAuthMethod::client_secret_basic));
  const auto answer = desk.ask_basic("rp", secret.reveal());
  ASSERT_TRUE(answer) << answer.error().detail;
  EXPECT_EQ(answer->client->id.text(), "rp");
  EXPECT_EQ(answer->method, ClientAuthMethod::client_secret_basic);
  EXPECT_EQ(answer->method_name, "client_secret_basic");
  EXPECT_FALSE(answer->pending_jti);
}

TEST(ClientAuthenticator, KnowsAClientByItsSecretInTheForm) {
  Desk desk;
  const auto secret = desk.issue(desk.add("rp", ClientAuthMethod::client_secret_post));
  const auto answer = desk.ask_post("rp", secret.reveal());
  ASSERT_TRUE(answer) << answer.error().detail;
  EXPECT_EQ(answer->method, ClientAuthMethod::client_secret_post);
}

TEST(ClientAuthenticator, LetsAPublicClientGoWithoutACredential) {
  Desk desk;
  desk.add("app", ClientAuthMethod::none);
  const auto answer = desk.ask(Desk::members({{"client_id", "app"}}));
  ASSERT_TRUE(answer) << answer.error().detail;
  EXPECT_EQ(answer->method, ClientAuthMethod::none);
  EXPECT_EQ(answer->client->id.text(), "app");
}

// reference defect B01: `none` among an endpoint's methods let anyone act as any client, confidential ones
// included.
TEST(ClientAuthenticator, NeverLetsAConfidentialClientGoWithoutACredential) {
  Desk desk;
  for (const auto method : {ClientAuthMethod::client_secret_basic, ClientAuthMethod::client_secret_post,
                            ClientAuthMethod::client_secret_jwt, ClientAuthMethod::private_key_jwt,
                            ClientAuthMethod::extension}) {
    desk.add("rp", method);
    expect_invalid_client(desk.ask(Desk::members({{"client_id", "rp"}})));
  }
}

// reference defect B01: a wrong secret fell through to `none` and ended as a success.
TEST(ClientAuthenticator, AWrongCredentialNeverFallsThroughToNone) {
  Desk desk;
  desk.issue(desk.add("rp", ClientAuthMethod::client_secret_basic));
  expect_invalid_client(desk.ask_basic("rp", "wrong"), "wrong secret");
  expect_invalid_client(desk.ask(Desk::members({{"client_id", "rp"}}), "Basic !!!"), "broken header");
  desk.add("app", ClientAuthMethod::none);
  expect_invalid_client(desk.ask_basic("app", "wrong"), "public client, secret in the header");
  expect_invalid_client(desk.ask_post("app", "wrong"), "public client, secret in the form");
  expect_invalid_client(desk.ask_basic("app", ""), "public client, empty secret in the header");
  expect_invalid_client(desk.ask(Desk::members({{"client_id", "app"}, {"client_assertion", "x.y.z"}})),
                        "public client, assertion");
  expect_invalid_client(desk.ask(Desk::members({{"client_id", "app"}}), "Bearer abc"), "another scheme");
}

// reference defect B02: the registered method was not enforced; any listed one worked for any client.
TEST(ClientAuthenticator, AcceptsTheRegisteredMethodOnly) {
  Desk desk;
  const auto basic = desk.issue(desk.add("basic", ClientAuthMethod::client_secret_basic));
  const auto post = desk.issue(desk.add("post", ClientAuthMethod::client_secret_post));
  const auto jwt = desk.issue(desk.add("jwt", ClientAuthMethod::client_secret_jwt));
  expect_invalid_client(desk.ask_post("basic", basic.reveal()));
  expect_invalid_client(desk.ask_basic("post", post.reveal()));
  expect_invalid_client(desk.ask_basic("jwt", jwt.reveal()));
  expect_invalid_client(desk.ask_post("jwt", jwt.reveal()));
}

TEST(ClientAuthenticator, AcceptsTheEndpointsMethodsOnly) {
  Desk desk;
  const auto secret = desk.issue(desk.add("rp", ClientAuthMethod::client_secret_basic));
  desk.add("app", ClientAuthMethod::none);
  desk.allowed = {ClientAuthMethod::client_secret_post};
  expect_invalid_client(desk.ask_basic("rp", secret.reveal()));
  expect_invalid_client(desk.ask(Desk::members({{"client_id", "app"}})));
}

TEST(ClientAuthenticator, RefusesTwoMechanismsAtOnce) {
  Desk desk;
  const auto secret = desk.issue(desk.add("rp", ClientAuthMethod::client_secret_basic));
  const auto header = "Basic " + base64_encode("rp:" + std::string(secret.reveal()));
  expect_invalid_request(
      desk.ask(Desk::members({{"client_id", "rp"}, {"client_secret", secret.reveal()}}), header));
  expect_invalid_request(desk.ask(Desk::members({{"client_assertion", "x.y.z"}}), header));
  expect_invalid_request(desk.ask(Desk::members({{"client_assertion_type", "x"}}), header));
  expect_invalid_request(desk.ask(Desk::members({{"client_secret", "x"}, {"client_assertion", "x.y.z"}})));
}

TEST(ClientAuthenticator, ASecretWithoutValueIsNoSecret) {
  Desk desk;
  desk.add("app", ClientAuthMethod::none);
  desk.issue(desk.add("rp", ClientAuthMethod::client_secret_post));
  EXPECT_TRUE(desk.ask_post("app", "")) << "RFC 6749, 3.1: left out";
  expect_invalid_client(desk.ask_post("rp", ""));
}

// reference defect B08: a client_id in the body was trusted over the one that had been proved.
TEST(ClientAuthenticator, TheBodyCannotNameAnotherClientThanTheHeader) {
  Desk desk;
  const auto secret = desk.issue(desk.add("rp", ClientAuthMethod::client_secret_basic));
  desk.add("victim", ClientAuthMethod::none);
  const auto header = "Basic " + base64_encode("rp:" + std::string(secret.reveal()));
  const auto answer = desk.ask(Desk::members({{"client_id", "victim"}}), header);
  ASSERT_FALSE(answer) << "authenticated as " << answer->client->id.text();
  expect_invalid_request(answer);
  EXPECT_EQ(answer.error().parameter, "client_id");
  const auto same = desk.ask(Desk::members({{"client_id", "rp"}}), header);
  ASSERT_TRUE(same);
  EXPECT_EQ(same->client->id.text(), "rp");
}

// reference defect B10: a failure was answered with 400 invalid_request, without WWW-Authenticate and with
// the text of an exception.
TEST(ClientAuthenticator, EveryFailureLooksAlike) {
  Desk desk;
  desk.issue(desk.add("rp", ClientAuthMethod::client_secret_basic));
  desk.issue(desk.add("off", ClientAuthMethod::client_secret_basic));
  desk.clients.clients[model::ClientId("off")].enabled = false;
  const auto wrong = desk.ask_basic("rp", std::string(43, 'w'));
  for (const auto& answer :
       {desk.ask_basic("nobody", std::string(43, 'w')), desk.ask_basic("off", std::string(43, 'w')),
        desk.ask_basic("rp", "short"), desk.ask_basic("", ""), desk.ask(Message())}) {
    expect_invalid_client(answer);
    EXPECT_EQ(answer.error().description, wrong.error().description);
    EXPECT_EQ(answer.error().www_authenticate, wrong.error().www_authenticate);
    EXPECT_EQ(answer.error().parameter, wrong.error().parameter);
    EXPECT_EQ(answer.error().retry_after, wrong.error().retry_after);
  }
}

TEST(ClientAuthenticator, RefusesADisabledClientEvenWithTheRightCredential) {
  Desk desk;
  auto& rp = desk.add("rp", ClientAuthMethod::client_secret_basic);
  const auto secret = desk.issue(rp);
  rp.enabled = false;
  expect_invalid_client(desk.ask_basic("rp", secret.reveal()));
  desk.add("app", ClientAuthMethod::none).enabled = false;
  expect_invalid_client(desk.ask(Desk::members({{"client_id", "app"}})));
}

TEST(ClientAuthenticator, RefusesAnExpiredSecret) {
  Desk desk;
  auto& rp = desk.add("rp", ClientAuthMethod::client_secret_basic);
  const auto secret = desk.issue(rp, desk.clock.now() + Seconds(60));
  EXPECT_TRUE(desk.ask_basic("rp", secret.reveal()));
  desk.clock.tick(Seconds(60));
  expect_invalid_client(desk.ask_basic("rp", secret.reveal()));
}

// reference defect B07: a ":" inside the secret made Basic fail.
TEST(ClientAuthenticator, ReadsBasicFormDecodedFirstAndRawWhenThatIsClear) {
  Desk desk;
  auto& rp = desk.add("rp", ClientAuthMethod::client_secret_basic);
  desk.give(rp, "a colon: percent% and plus+ in one long secret");
  EXPECT_TRUE(desk.ask_basic("rp", "a+colon%3A+percent%25+and+plus%2B+in+one+long+secret"));
  EXPECT_EQ(desk.log.last("client.basic_credential")->field("reading"), "form-decoded");
  EXPECT_TRUE(desk.ask_basic("rp", "a colon: percent% and plus+ in one long secret"));
  EXPECT_EQ(desk.log.last("client.basic_credential")->field("reading"), "raw");
  EXPECT_FALSE(desk.log.mentions("percent"));
}

TEST(ClientAuthenticator, ReadsARawClientIdUnlessItMeansTwoClients) {
  Desk desk;
  const auto plus = desk.issue(desk.add("my+rp", ClientAuthMethod::client_secret_basic));
  const auto answer = desk.ask_basic("my+rp", plus.reveal());
  ASSERT_TRUE(answer) << "only the raw reading names a client";
  EXPECT_EQ(answer->client->id.text(), "my+rp");
  const auto space = desk.issue(desk.add("my rp", ClientAuthMethod::client_secret_basic));
  EXPECT_EQ(desk.ask_basic("my+rp", space.reveal())->client->id.text(), "my rp") << "as specified";
  expect_invalid_client(desk.ask_basic("my+rp", plus.reveal()), "now it is ambiguous");
  EXPECT_EQ(desk.ask_basic("my%2Brp", plus.reveal())->client->id.text(), "my+rp");
}

TEST(ClientAuthenticator, RefusesParametersThatAreNoText) {
  Desk desk;
  for (const auto* name : {"client_id", "client_secret", "client_assertion", "client_assertion_type"}) {
    Message parameters;
    parameters.set(name, Json::array({"rp"}));
    const auto answer = desk.ask(parameters);
    expect_invalid_request(answer, name);
    EXPECT_EQ(answer.error().parameter, name);
  }
}

TEST(ClientAuthenticator, SaysWhenTheStoreIsBusy) {
  Desk desk;
  desk.clients.fail_with = Error{Errc::unavailable, "locked"};
  for (const auto& answer : {desk.ask_basic("rp", "x"), desk.ask_post("rp", "x"),
                             desk.ask(Desk::members({{"client_id", "rp"}}))}) {
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().http_status, 503);
    EXPECT_GT(answer.error().retry_after, 0);
  }
}

TEST(ClientAuthenticator, AdmitsAClientThatAHookIdentified) {
  const std::vector<std::string> kBadge{"company_badge"};
  Desk desk;
  desk.add("rp", ClientAuthMethod::extension).metadata.set("token_endpoint_auth_method", "company_badge");
  const auto authenticator = desk.authenticator();
  const auto answer = authenticator.admit_extension(model::ClientId("rp"), "company_badge", kBadge);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->method, ClientAuthMethod::extension);
  EXPECT_EQ(answer->method_name, "company_badge");

  expect_invalid_client(authenticator.admit_extension(model::ClientId("rp"), "other", kBadge));
  expect_invalid_client(authenticator.admit_extension(model::ClientId("nobody"), "company_badge", kBadge));
  expect_invalid_client(
      authenticator.admit_extension(model::ClientId("rp"), "company_badge", {"company_stamp"}));
  desk.issue(desk.add("basic", ClientAuthMethod::client_secret_basic));
  expect_invalid_client(authenticator.admit_extension(model::ClientId("basic"), "client_secret_basic",
                                                      {"client_secret_basic"}));
  desk.clients.clients[model::ClientId("rp")].enabled = false;
  expect_invalid_client(authenticator.admit_extension(model::ClientId("rp"), "company_badge", kBadge));
}

TEST(ClientAuthenticator, SeesWhichRequestsPresentACredential) {
  EXPECT_TRUE(presents_credential(Message(), "Basic abc"));
  EXPECT_TRUE(presents_credential(Desk::members({{"client_secret", "x"}}), std::nullopt));
  EXPECT_TRUE(presents_credential(Desk::members({{"client_assertion", "x"}}), std::nullopt));
  EXPECT_FALSE(
      presents_credential(Desk::members({{"client_id", "rp"}, {"client_secret", ""}}), std::nullopt));
  EXPECT_FALSE(presents_credential(Message(), "Badge 4711")) << "may be a hook's own scheme";
}

}  // namespace
}  // namespace oidcop::client
