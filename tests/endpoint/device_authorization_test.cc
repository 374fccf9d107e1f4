#include "device_scene.h"

#include "base/digest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>

namespace oidcop::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;

// --- the codes (RFC 8628, 3.1 and 3.2)
// ----------------------------------------------------------------------

TEST(DeviceAuthorization, IsAnsweredWithTwoCodesAndWhereToGo) {
  DeviceScene scene;
  const auto response = scene.ask_codes();
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(member(response, "device_code").size(), 43U) << "256 bits";
  const auto user_code = member(response, "user_code");
  EXPECT_THAT(user_code, MatchesRegex("[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}"));
  EXPECT_EQ(member(response, "verification_uri"), "https://op.example.org/device");
  EXPECT_EQ(member(response, "verification_uri_complete"),
            "https://op.example.org/device?user_code=" + user_code);
  EXPECT_EQ(member(response, "expires_in"), "600");
  EXPECT_EQ(member(response, "interval"), "5");
  EXPECT_EQ(response.header("Cache-Control"), "no-store");
  EXPECT_EQ(response.header("Content-Type"), "application/json");
  EXPECT_NE(member(scene.ask_codes(), "device_code"), member(response, "device_code"));
}

TEST(DeviceAuthorization, FollowsTheConfiguration) {
  DeviceScene scene(with_settings(R"({"endpoint": {"jwks": {}, "authorization": {}, "token": {},
      "device_authorization": {"path": "oauth/device", "verification_path": "tv", "expires_in": "2m",
                               "interval": 10}}})"));
  const auto response = scene.post_form("/oauth/device", "client_id=tv");
  EXPECT_EQ(member(response, "verification_uri"), "https://op.example.org/tv");
  EXPECT_EQ(member(response, "expires_in"), "120");
  EXPECT_EQ(member(response, "interval"), "10");
  EXPECT_EQ(scene.browser.get("/tv").status, 200);
  EXPECT_EQ(scene.browser.get("/device").status, 404);
  scene.op.clock.tick(Seconds(1));
  EXPECT_EQ(scene.poll_error(response), "authorization_pending");
  scene.op.clock.tick(Seconds(9));
  EXPECT_EQ(scene.poll_error(response), "slow_down");
}

// RFC 8628, 4.
TEST(DeviceAuthorization, IsInTheMetadataWhereItIsOn) {
  DeviceScene scene;
  const auto on = scene.op.handle(a_request("GET", "/.well-known/openid-configuration"));
  EXPECT_EQ(member(on, "device_authorization_endpoint"), "https://op.example.org/device_authorization");
  EXPECT_THAT(on.body, HasSubstr(kDeviceGrant));
  TestOp off;
  const auto without = off.handle(a_request("GET", "/.well-known/openid-configuration"));
  EXPECT_EQ(member(without, "device_authorization_endpoint"), "");
  EXPECT_THAT(without.body, Not(HasSubstr(kDeviceGrant)));
  for (const auto* path : {"/device_authorization", "/device"}) {
    EXPECT_EQ(off.handle(a_request("GET", path)).status, 404) << path;
  }
}

TEST(DeviceAuthorization, AuthenticatesClientsThatHaveASecret) {
  DeviceScene scene;
  EXPECT_EQ(scene.post_form("/device_authorization", "scope=openid", scene.header()).status, 200);
  EXPECT_EQ(scene.post_form("/device_authorization", "scope=openid", basic("wiki", "wrong")).status, 401);
  const auto without = scene.post_form("/device_authorization", "scope=openid&client_id=wiki");
  EXPECT_EQ(member(without, "error"), "invalid_client");
}

TEST(DeviceAuthorization, IsForClientsThatAreRegisteredForIt) {
  DeviceScene scene;
  scene.change_tv([](model::Client& client) { client.grant_types = {"refresh_token"}; });
  const auto response = scene.ask_codes();
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(member(response, "error"), "unauthorized_client");
}

TEST(DeviceAuthorization, WithoutAScopeIsAboutWhoThePersonIs) {
  DeviceScene scene;
  const auto tokens = scene.tokens({{"scope", ""}});
  EXPECT_EQ(member(tokens, "scope"), "openid");
}

TEST(DeviceAuthorization, KeepsNeitherCodeInItsDatabase) {
  DeviceScene scene;
  const auto codes = scene.codes();
  auto plain = member(codes, "user_code");
  plain.erase(4, 1);
  for (const auto& text : {member(codes, "user_code"), plain, member(codes, "device_code")}) {
    EXPECT_FALSE(scene.op.store().find_device_authorization(sha256(text)));
    EXPECT_FALSE(scene.op.store().find_token(sha256(text)));
    EXPECT_THAT(scene.op.log(), Not(HasSubstr(text)));
  }
}

// Rows that anybody can have written are few.
TEST(DeviceAuthorization, PublicClientsAskWithinBounds) {
  DeviceScene scene;
  for (int i = 0; i < 60; ++i) ASSERT_EQ(scene.ask_codes().status, 200);
  const auto refused = scene.ask_codes();
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(member(refused, "error"), "temporarily_unavailable");
  EXPECT_EQ(refused.header("Retry-After"), "60");
  EXPECT_EQ(scene.post_form("/device_authorization", "scope=openid", scene.header()).status, 200)
      << "who has a secret is not anybody";
  scene.op.clock.tick(Seconds(60));
  EXPECT_EQ(scene.ask_codes().status, 200);
}

struct BadRequest {
  const char* what;
  std::string body;
  const char* error;
  const char* named;  ///< in the description
};
void PrintTo(const BadRequest& row, std::ostream* out) {
  *out << row.what;
}
class DeviceRequestRefused : public ::testing::TestWithParam<BadRequest> {};
TEST_P(DeviceRequestRefused, NamingWhatIsWrong) {
  DeviceScene scene;
  const auto response = scene.post_form("/device_authorization", GetParam().body);
  EXPECT_EQ(response.status, std::string(GetParam().error) == "invalid_client" ? 401 : 400) << response.body;
  EXPECT_EQ(member(response, "error"), GetParam().error) << response.body;
  EXPECT_THAT(member(response, "error_description"), HasSubstr(GetParam().named));
  EXPECT_EQ(response.header("Content-Type"), "application/json");
  EXPECT_EQ(response.header("Cache-Control"), "no-store");
  EXPECT_FALSE(response.header("Set-Cookie"));
  EXPECT_EQ(member(response, "device_code"), "");
}
INSTANTIATE_TEST_SUITE_P(
    All, DeviceRequestRefused,
    ::testing::Values(
        BadRequest{"no client", "scope=openid", "invalid_client", ""},
        BadRequest{"an empty client", "client_id=&scope=openid", "invalid_client", ""},
        BadRequest{"an unknown client", "client_id=nobody", "invalid_client", ""},
        BadRequest{"two clients", "client_id=tv&client_id=tv", "invalid_request", "client_id"},
        BadRequest{"a client that is too long", "client_id=" + std::string(20000, 'x'), "invalid_request",
                   ""},
        BadRequest{"no UTF-8", "client_id=tv&scope=%FF", "invalid_request", ""},
        BadRequest{"a broken escape", "client_id=tv&scope=%4", "invalid_request", ""},
        BadRequest{"two scopes", "client_id=tv&scope=openid&scope=profile", "invalid_request", "scope"},
        BadRequest{"a malformed scope", "client_id=tv&scope=open%22id", "invalid_scope", "scope"},
        BadRequest{"unknown scopes alone", "client_id=tv&scope=wings", "invalid_scope", "scope"},
        BadRequest{"a scope that is too long", "client_id=tv&scope=" + std::string(20000, 'x'),
                   "invalid_request", ""},
        BadRequest{"an unknown resource", "client_id=tv&resource=https%3A%2F%2Fother.example%2F",
                   "invalid_target", "resource"},
        BadRequest{"a resource that is none", "client_id=tv&resource=api", "invalid_target", "resource"}),
    [](const auto& row) { return "Case" + std::to_string(row.index); });

TEST(DeviceAuthorization, IsAskedByPostedFormsAlone) {
  DeviceScene scene;
  EXPECT_EQ(scene.op.handle(a_request("GET", "/device_authorization", "client_id=tv")).status, 405);
  auto json = a_request("POST", "/device_authorization");
  json.content_type = "application/json";
  json.body = R"({"client_id": "tv"})";
  EXPECT_EQ(member(scene.op.handle(std::move(json)), "error"), "invalid_request");
  auto query = a_request("POST", "/device_authorization", "client_id=tv");
  query.content_type = "application/x-www-form-urlencoded";
  EXPECT_NE(scene.op.handle(std::move(query)).status, 200);
}

// --- the polls (RFC 8628, 3.4 and 3.5)
// ----------------------------------------------------------------------

TEST(DeviceGrant, WaitsUntilSomebodyHasAnswered) {
  DeviceScene scene;
  const auto codes = scene.codes();
  const auto pending = scene.poll(codes);
  EXPECT_EQ(pending.status, 400);
  EXPECT_EQ(member(pending, "error"), "authorization_pending");
  EXPECT_EQ(pending.header("Cache-Control"), "no-store");
  scene.answer(codes, "allow");
  const auto tokens = scene.poll(codes);
  EXPECT_EQ(tokens.status, 200) << tokens.body;
  EXPECT_EQ(member(tokens, "token_type"), "Bearer");
  EXPECT_EQ(member(tokens, "scope"), "openid profile");
  EXPECT_NE(member(tokens, "id_token"), "");
  EXPECT_EQ(member(tokens, "refresh_token"), "") << "offline_access was not asked for";
  EXPECT_THAT(get_userinfo(scene.op, member(tokens, "access_token")).body, HasSubstr("Alice"));
}

TEST(DeviceGrant, IsToldToSlowDownForGood) {
  DeviceScene scene;
  const auto codes = scene.codes();
  EXPECT_EQ(scene.poll_error(codes), "authorization_pending");
  scene.op.clock.tick(Seconds(4));
  EXPECT_EQ(scene.poll_error(codes), "slow_down");
  scene.op.clock.tick(Seconds(9));
  EXPECT_EQ(scene.poll_error(codes), "slow_down") << "ten seconds by now";
  scene.op.clock.tick(Seconds(15));
  EXPECT_EQ(scene.poll_error(codes), "authorization_pending");
}

TEST(DeviceGrant, LearnsOfANo) {
  DeviceScene scene;
  const auto codes = scene.codes();
  EXPECT_TRUE(shows(scene.answer(codes, "deny"), "device-done"));
  EXPECT_EQ(scene.poll_error(codes), "access_denied");
  EXPECT_EQ(scene.poll_error(codes), "access_denied") << "however often it asks";
}

TEST(DeviceGrant, LearnsThatItIsTooLate) {
  DeviceScene scene;
  const auto codes = scene.codes();
  const auto allowed = scene.codes();
  scene.answer(allowed, "allow");
  scene.op.clock.tick(Seconds(600));
  EXPECT_EQ(scene.poll_error(codes), "expired_token");
  EXPECT_EQ(scene.poll_error(allowed), "expired_token") << "also when somebody said yes";
  EXPECT_TRUE(shows(scene.enter(member(codes, "user_code")), "device-error"));
}

TEST(DeviceGrant, HasARefreshTokenWhereOfflineAccessWasAllowed) {
  DeviceScene scene;
  const auto tokens = scene.tokens({{"scope", "openid offline_access"}});
  ASSERT_NE(member(tokens, "refresh_token"), "");
  const auto refreshed = post_token(scene.op, {{"grant_type", "refresh_token"},
                                               {"refresh_token", member(tokens, "refresh_token")},
                                               {"client_id", "tv"}});
  EXPECT_EQ(refreshed.status, 200) << refreshed.body;
}

TEST(DeviceGrant, HasNoIdTokenWithoutOpenid) {
  DeviceScene scene;
  const auto tokens = scene.tokens({{"scope", "profile"}});
  EXPECT_EQ(member(tokens, "id_token"), "");
  EXPECT_NE(member(tokens, "access_token"), "");
}

// RFC 8707, 2.
TEST(DeviceGrant, TokensAreForTheResourceThatWasAskedFor) {
  DeviceScene scene;
  const auto codes = scene.codes({{"resource", "https://api.example.org/"}});
  scene.answer(codes, "allow");
  EXPECT_EQ(scene.poll_error(codes, {{"resource", "https://other.example/"}}), "invalid_target");
  const auto tokens = scene.poll(codes);
  ASSERT_EQ(tokens.status, 200) << "a refused question does not spend the code: " << tokens.body;
  EXPECT_EQ(get_userinfo(scene.op, member(tokens, "access_token")).status, 401);
}

TEST(DeviceGrant, ACodeThatIsUsedTwiceTakesBackWhatItGave) {
  DeviceScene scene;
  const auto codes = scene.codes();
  scene.answer(codes, "allow");
  const auto tokens = scene.poll(codes);
  ASSERT_EQ(get_userinfo(scene.op, member(tokens, "access_token")).status, 200);
  EXPECT_EQ(scene.poll_error(codes), "invalid_grant");
  EXPECT_EQ(get_userinfo(scene.op, member(tokens, "access_token")).status, 401);
  EXPECT_THAT(scene.op.log(), HasSubstr("code.replayed"));
}

TEST(DeviceGrant, ACodeIsOfTheClientThatGotIt) {
  DeviceScene scene;
  const auto codes = scene.codes();
  const Fields wikis{{"grant_type", kDeviceGrant}, {"device_code", member(codes, "device_code")}};
  EXPECT_EQ(member(post_token(scene.op, wikis, scene.header()), "error"), "invalid_grant");
  EXPECT_EQ(scene.poll_error(codes), "authorization_pending") << "and nobody was slowed down";
  scene.answer(codes, "allow");
  EXPECT_EQ(member(post_token(scene.op, wikis, scene.header()), "error"), "invalid_grant");
  EXPECT_EQ(scene.poll(codes).status, 200) << "nor the code spent";
}

// security.md, 29: no kind of code is taken for another.
TEST(DeviceGrant, ADeviceCodeIsNoAuthorizationCodeAndNoToken) {
  DeviceScene scene;
  const auto codes = scene.codes();
  scene.answer(codes, "allow");
  const auto code = member(codes, "device_code");
  scene.change_tv([](model::Client& client) { client.grant_types.emplace_back("authorization_code"); });
  EXPECT_EQ(member(post_token(scene.op,
                              {{"grant_type", "authorization_code"}, {"code", code}, {"client_id", "tv"}}),
                   "error"),
            "invalid_grant");
  EXPECT_EQ(
      member(post_token(scene.op,
                        {{"grant_type", "refresh_token"}, {"refresh_token", code}, {"client_id", "tv"}}),
             "error"),
      "invalid_grant");
  EXPECT_EQ(get_userinfo(scene.op, code).status, 401);
  const Fields swapped{{"device_code", scene.code()}};
  EXPECT_EQ(
      member(post_token(scene.op, with(swapped, {{"grant_type", kDeviceGrant}}), scene.header()), "error"),
      "invalid_grant");
  EXPECT_EQ(scene.poll(codes).status, 200);
}

TEST(DeviceGrant, EndsWithThePersonsRightToTheClient) {
  DeviceScene scene;
  const auto codes = scene.codes();
  scene.answer(codes, "allow");
  scene.change_tv([](model::Client& client) { client.denied_groups = {"children"}; });
  scene.op.add_user([](model::User& user) { user.groups = {"children"}; });
  EXPECT_EQ(scene.poll_error(codes), "access_denied");
}

TEST(DeviceGrant, IsForClientsThatAreRegisteredForIt) {
  DeviceScene scene;
  const auto codes = scene.codes();
  scene.change_tv([](model::Client& client) { client.grant_types = {"refresh_token"}; });
  EXPECT_EQ(scene.poll_error(codes), "unauthorized_client");
  TestOp off;
  off.add_client();
  const auto unknown = post_token(off, {{"grant_type", kDeviceGrant}, {"device_code", "x"}},
                                  basic("wiki", off.secret_of(model::ClientId("wiki"))));
  EXPECT_EQ(member(unknown, "error"), "unsupported_grant_type");
}

struct BadPoll {
  const char* what;
  std::string more;
  const char* error;
  const char* named;
};
void PrintTo(const BadPoll& row, std::ostream* out) {
  *out << row.what;
}
class DevicePollRefused : public ::testing::TestWithParam<BadPoll> {};
TEST_P(DevicePollRefused, NamingWhatIsWrongAndSpendingNothing) {
  DeviceScene scene;
  const auto codes = scene.codes();
  scene.answer(codes, "allow");
  const auto own = encoded({{"grant_type", kDeviceGrant}, {"client_id", "tv"}});
  const auto response = scene.post_form("/token", own + GetParam().more);
  EXPECT_EQ(response.status, 400) << response.body;
  EXPECT_EQ(member(response, "error"), GetParam().error) << response.body;
  EXPECT_THAT(member(response, "error_description"), HasSubstr(GetParam().named));
  EXPECT_EQ(response.header("Cache-Control"), "no-store");
  EXPECT_EQ(scene.poll(codes).status, 200);
}
INSTANTIATE_TEST_SUITE_P(
    All, DevicePollRefused,
    ::testing::Values(BadPoll{"no code", "", "invalid_request", "device_code"},
                      BadPoll{"an empty code", "&device_code=", "invalid_request", "device_code"},
                      BadPoll{"two codes", "&device_code=a&device_code=b", "invalid_request", "device_code"},
                      BadPoll{"an unknown code", "&device_code=a", "invalid_grant", "device code"},
                      BadPoll{"a code that is too long", "&device_code=" + std::string(20000, 'x'),
                              "invalid_request", ""},
                      BadPoll{"no UTF-8", "&device_code=%FF", "invalid_request", ""}),
    [](const auto& row) { return "Case" + std::to_string(row.index); });

// --- registration
// -------------------------------------------------------------------------------------------

TEST(DeviceGrant, IsNotForClientsThatNobodyHasLookedAt) {
  DeviceScene scene;
  auto request = a_request("POST", "/registration");
  request.content_type = "application/json";
  request.body = R"({"grant_types": [")" + kDeviceGrant + R"("], "token_endpoint_auth_method": "none"})";
  EXPECT_EQ(member(scene.op.handle(std::move(request)), "error"), "invalid_client_metadata");
}

TEST(DeviceAuthorization, APassingFaultIsToldAsOne) {
  auto options = with_settings(kDevicesOn);
  options.watched_store = true;
  DeviceScene scene(std::move(options));
  const auto codes = scene.codes();
  int n = 1;
  for (auto status = 503; status != 200; ++n) {
    scene.op.watched().fail_call(n);
    const auto response = scene.ask_codes();
    status = response.status;
    EXPECT_EQ(member(response, "device_code") == "", status == 503) << n << response.body;
    ASSERT_LT(n, 10);
  }
  EXPECT_GT(n, 3) << "client, quota, row";
  scene.op.watched().fail_none();
  scene.answer(codes, "allow");
  for (n = 1; n < 5; ++n) {
    scene.op.watched().fail_call(n);
    const auto response = scene.poll(codes);
    if (response.status == 200) break;
    EXPECT_EQ(member(response, "error"), "temporarily_unavailable") << n << response.body;
  }
  EXPECT_EQ(n, 4) << "client, code, exchange; and nothing was spent before";
}

}  // namespace
}  // namespace oidcop::testing
