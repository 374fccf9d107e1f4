#include "token_keeping.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace oidcop::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(Revocation, EndsAnAccessTokenAndNothingElse) {  // RFC 7009, 2
  TokenScene scene;
  const auto tokens = scene.buy();
  const auto token = member(tokens, "access_token");
  ASSERT_EQ(get_userinfo(scene.op, token).status, 200);
  const auto answer = scene.revoke(token);
  EXPECT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.header("Cache-Control"), "no-store");
  EXPECT_EQ(get_userinfo(scene.op, token).status, 401);
  EXPECT_EQ(scene.refresh(tokens).status, 200);
  EXPECT_THAT(scene.op.log(), HasSubstr("event=token.revoked"));
  EXPECT_THAT(scene.op.log(), Not(HasSubstr(token)));
}

TEST(Revocation, OfARefreshTokenEndsEverythingOfItsAuthorization) {  // RFC 7009, 2.1
  TokenScene scene;
  const auto first = scene.buy();
  const auto second = scene.refresh(first);
  const auto other = scene.buy();  // another authorization of the same person and client
  ASSERT_EQ(second.status, 200) << second.body;
  EXPECT_EQ(scene.revoke(member(second, "refresh_token")).status, 200);
  EXPECT_EQ(get_userinfo(scene.op, member(first, "access_token")).status, 401);
  EXPECT_EQ(get_userinfo(scene.op, member(second, "access_token")).status, 401);
  EXPECT_EQ(member(scene.refresh(second), "error"), "invalid_grant");
  EXPECT_EQ(get_userinfo(scene.op, member(other, "access_token")).status, 200);
  EXPECT_EQ(scene.refresh(other).status, 200);
}

TEST(Revocation, OfARefreshTokenThatWasRotatedEndsItsSuccessorsToo) {
  TokenScene scene;
  const auto first = scene.buy();
  const auto second = scene.refresh(first);
  EXPECT_EQ(scene.revoke(member(first, "refresh_token")).status, 200);
  EXPECT_EQ(member(scene.refresh(second), "error"), "invalid_grant");
}

TEST(Revocation, OfWhatIsNoTokenIsNoError) {  // RFC 7009, 2.2
  TokenScene scene;
  const auto token = member(scene.buy(), "access_token");
  EXPECT_EQ(scene.revoke("never-issued").status, 200);
  EXPECT_EQ(scene.revoke(token).status, 200);
  EXPECT_EQ(scene.revoke(token).status, 200) << "revoked already";
  scene.op.clock.tick(std::chrono::hours(2));
  EXPECT_EQ(scene.revoke(token).status, 200) << "expired";
}

TEST(Revocation, DoesNotTakeACodeForAToken) {
  TokenScene scene;
  const auto code = scene.code();
  EXPECT_EQ(scene.revoke(code).status, 200);
  EXPECT_EQ(exchange_code(scene.op, code).status, 200);
}

TEST(Revocation, OfAnotherClientsTokenIsRefusedAndEndsNothing) {  // RFC 7009, 2.1
  TokenScene scene;
  const auto tokens = scene.buy();
  for (const auto* name : {"access_token", "refresh_token"}) {
    const auto refused = scene.revoke(member(tokens, name), "shop");
    EXPECT_EQ(refused.status, 400) << name;
    EXPECT_EQ(member(refused, "error"), "invalid_grant");
  }
  EXPECT_EQ(get_userinfo(scene.op, member(tokens, "access_token")).status, 200);
  EXPECT_EQ(scene.refresh(tokens).status, 200);
}

TEST(Revocation, TakesAnyHintAndIsNotMisledByIt) {  // RFC 7009, 2.1
  TokenScene scene;
  for (const auto* hint : {"access_token", "refresh_token", "id_token", "no such type"}) {
    const auto tokens = scene.buy();
    const auto token = member(tokens, "access_token");
    EXPECT_EQ(scene.revoke(token, "wiki", {{"token_type_hint", hint}}).status, 200) << hint;
    EXPECT_EQ(get_userinfo(scene.op, token).status, 401) << hint;
  }
}

TEST(Revocation, AuthenticatesTheClient) {
  TokenScene scene;
  const auto token = member(scene.buy(), "access_token");
  const auto body = encoded({{"token", token}});
  for (const auto& header : {basic("wiki", "wrong"), basic("nobody", "x")}) {
    const auto refused = scene.post("/revocation", body, header);
    EXPECT_EQ(refused.status, 401);
    EXPECT_EQ(member(refused, "error"), "invalid_client");
    EXPECT_TRUE(refused.header("WWW-Authenticate"));
  }
  EXPECT_EQ(scene.post("/revocation", body + "&client_id=wiki", "").status, 401);
  EXPECT_EQ(get_userinfo(scene.op, token).status, 200);
}

TEST(Revocation, APublicClientGivesUpItsOwn) {
  TokenScene scene;
  scene.change_client([](model::Client& client) {
    client.token_endpoint_auth_method = model::ClientAuthMethod::none;
    client.secrets.clear();
  });
  const auto code = scene.code();
  const auto tokens = post_token(scene.op, {{"grant_type", "authorization_code"},
                                            {"code", code},
                                            {"client_id", "wiki"},
                                            {"redirect_uri", "https://wiki.example.com/cb"},
                                            {"code_verifier", kVerifier}});
  const auto token = member(tokens, "access_token");
  ASSERT_NE(token, "") << tokens.body;
  EXPECT_EQ(scene.post("/revocation", encoded({{"token", token}, {"client_id", "wiki"}}), "").status, 200);
  EXPECT_EQ(get_userinfo(scene.op, token).status, 401);
}

TEST(Revocation, RefusesEveryMalformedRequest) {
  TokenScene scene;
  const auto token = member(scene.buy(), "access_token");
  for (const auto& [what, body] : malformed_token_requests()) {
    const auto refused = scene.post("/revocation", body, scene.header());
    EXPECT_EQ(refused.status, 400) << what << refused.body;
    EXPECT_EQ(member(refused, "error"), "invalid_request") << what;
    EXPECT_EQ(refused.header("Content-Type"), "application/json") << what;
    EXPECT_THAT(member(refused, "error_description"), Not(::testing::IsEmpty())) << what;
  }
  EXPECT_EQ(get_userinfo(scene.op, token).status, 200);
}

TEST(Revocation, IsPostedAndNeverInTheUrl) {
  TokenScene scene;
  const auto token = member(scene.buy(), "access_token");
  auto got = a_request("GET", "/revocation", "token=" + token);
  got.headers = {{"authorization", scene.header()}};
  EXPECT_EQ(scene.op.handle(got).status, 405);
  auto json = a_request("POST", "/revocation");
  json.content_type = "application/json";
  json.body = R"({"token": ")" + token + "\"}";
  json.headers = {{"authorization", scene.header()}};
  EXPECT_EQ(scene.op.handle(json).status, 400);
  EXPECT_EQ(get_userinfo(scene.op, token).status, 200);
}

TEST(Revocation, IsOnByDefaultAndGoneWhenOff) {
  const std::string discovery = "/.well-known/openid-configuration";
  Scene usual;
  EXPECT_EQ(member(usual.op.handle(a_request("GET", discovery)), "revocation_endpoint"),
            "https://op.example.org/revocation");
  Scene off(
      with_settings(R"({"endpoint": {"provider_info": {}, "jwks": {}, "authorization": {}, "token": {}}})"));
  EXPECT_EQ(member(off.op.handle(a_request("GET", discovery)), "revocation_endpoint"), "");
  EXPECT_EQ(off.op.handle(a_request("POST", "/revocation")).status, 404);
}

TEST(Revocation, AllowsOtherOriginsWhereBrowserApplicationsAreClients) {
  TokenScene scene;
  const auto answer = scene.revoke("never-issued");
  EXPECT_EQ(answer.header("Access-Control-Allow-Origin"), "*");
}

}  // namespace
}  // namespace oidcop::testing
