#include "hook_scene.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>

namespace oidcop::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

/// The zoo: each hook fails its request with server_error and a log line that names it, and says nothing
/// more.
struct Beast {
  std::string name;
  std::string endpoint;
  Step step;
};
void PrintTo(const Beast& beast, std::ostream* out) {
  *out << beast.endpoint << ": " << beast.name;
}

http::Response answer_of(HookScene& scene, const std::string& endpoint) {
  if (endpoint == "token") return scene.tokens();
  if (endpoint == "refresh_token") return scene.refreshed();
  if (endpoint == "userinfo") return scene.told();
  if (endpoint == "revocation") return scene.given_up();
  if (endpoint == "introspection") return scene.looked_into();
  if (endpoint == "pushed_authorization") return scene.pushed();
  if (endpoint == "device_authorization") return scene.asked_for_codes();
  if (endpoint == "device") return scene.browser.get("/device");
  if (endpoint == "registration") return scene.enrolled();
  if (endpoint == "registration_api") return scene.managed(scene.enrolled());
  if (endpoint == "check_session") return scene.op.handle(a_request("GET", "/check_session"));
  if (endpoint == "webfinger")
    return scene.op.handle(a_request("GET", "/.well-known/webfinger", "resource=a%40op.example.org"));
  if (endpoint == "end_session" || endpoint == "logout") return scene.signed_out();
  return scene.browser.sign_in(wiki_request());  // its forms included
}

void expect_contained(HookScene& scene, const std::string& endpoint) {
  const auto response = answer_of(scene, endpoint);
  if (response.header("Location")) {
    auto answer = location_parameters(response);
    EXPECT_EQ(answer["error"], "server_error");
    EXPECT_EQ(answer["code"], "");
    EXPECT_THAT(std::string(*response.header("Location")),
                ::testing::StartsWith("https://wiki.example.com/cb?"));
  } else {
    EXPECT_EQ(response.status, 500) << response.body;
    EXPECT_EQ(member(response, "access_token"), "");
    EXPECT_EQ(member(response, "sub"), "");
    EXPECT_EQ(member(response, "client_secret"), "");
    EXPECT_EQ(member(response, "device_code"), "");
    EXPECT_EQ(member(response, "registration_access_token"), "");
    EXPECT_EQ(response.header("Cache-Control"), "no-store");
  }
  EXPECT_THAT(response.body, Not(HasSubstr("a secret reason")));
  EXPECT_THAT(scene.op.log(), HasSubstr("hook.failed"));
  EXPECT_THAT(scene.op.log(), HasSubstr("owner=zoo"));
}

std::vector<Beast> anywhere(const std::vector<std::string>& endpoints) {
  std::vector<Beast> beasts;
  for (const auto& endpoint : endpoints) {
    beasts.push_back({"throws an exception", endpoint, throws_exception()});
    beasts.push_back({"throws an int", endpoint, throws_int()});
    beasts.push_back({"refuses with a malformed error", endpoint, refuses_malformed()});
  }
  return beasts;
}

class RequestZoo : public ::testing::TestWithParam<Beast> {};
TEST_P(RequestZoo, IsContained) {
  HookScene scene(post_parse_request(GetParam().endpoint, GetParam().step));
  expect_contained(scene, GetParam().endpoint);
}
INSTANTIATE_TEST_SUITE_P(
    Common, RequestZoo,
    ::testing::ValuesIn(anywhere({"authorization", "login", "consent", "token", "refresh_token", "userinfo",
                                  "revocation", "introspection", "pushed_authorization", "end_session",
                                  "logout", "registration", "registration_api", "webfinger", "check_session",
                                  "device_authorization", "device"})));
INSTANTIATE_TEST_SUITE_P(
    Own, RequestZoo,
    ::testing::Values(
        Beast{"changes the client", "authorization", set("client_id", "other")},
        Beast{"removes the client", "authorization", drop("client_id")},
        Beast{"changes the way back", "authorization", set("redirect_uri", "https://attacker.example/")},
        Beast{"removes the way back", "authorization", drop("redirect_uri")},
        Beast{"changes the state", "authorization", set("state", "other")},
        Beast{"removes the state", "authorization", drop("state")},
        Beast{"changes the response mode", "authorization", set("response_mode", "fragment")},
        Beast{"changes the client", "token", set("client_id", "other")},
        Beast{"removes the client", "token", drop("client_id")},
        Beast{"changes the code", "token", set("code", "other")},
        Beast{"removes the code", "token", drop("code")},
        Beast{"changes the grant type", "token", set("grant_type", "refresh_token")},
        Beast{"changes the client", "refresh_token", set("client_id", "other")},
        Beast{"removes the client", "refresh_token", drop("client_id")},
        Beast{"changes the refresh token", "refresh_token", set("refresh_token", "other")},
        Beast{"removes the refresh token", "refresh_token", drop("refresh_token")},
        Beast{"changes the grant type", "refresh_token", set("grant_type", "authorization_code")},
        Beast{"makes up a client", "userinfo", set("client_id", "other")},
        Beast{"changes the client", "revocation", set("client_id", "other")},
        Beast{"changes the token", "revocation", set("token", "other")},
        Beast{"changes the client", "pushed_authorization", set("client_id", "other")},
        Beast{"changes the way back", "pushed_authorization",
              set("redirect_uri", "https://attacker.example/")},
        Beast{"changes the state", "pushed_authorization", set("state", "other")},
        Beast{"changes the client", "device_authorization", set("client_id", "other")},
        Beast{"removes the client", "device_authorization", drop("client_id")},
        Beast{"makes up a device", "token", set("device_code", "other")},
        Beast{"changes the client", "introspection", set("client_id", "other")},
        Beast{"changes the token", "introspection", set("token", "other")},
        Beast{"changes the client", "registration_api", set("client_id", "other")},
        Beast{"makes up a client", "registration", set("client_id", "other")},
        Beast{"makes up a client", "webfinger", set("client_id", "other")},
        Beast{"makes up a client", "end_session", set("client_id", "other")},
        Beast{"changes the target", "end_session", set("post_logout_redirect_uri", "https://evil.example/")},
        Beast{"changes the state", "end_session", set("state", "other")}));

class ResponseZoo : public ::testing::TestWithParam<Beast> {};
TEST_P(ResponseZoo, IsContained) {
  HookScene scene(post_construct(GetParam().endpoint, GetParam().step));
  expect_contained(scene, GetParam().endpoint);
}
TEST_P(ResponseZoo, IsContainedBeforeTheMembersAreMadeToo) {
  HookScene scene(pre_construct(GetParam().endpoint, GetParam().step));
  expect_contained(scene, GetParam().endpoint);
}
INSTANTIATE_TEST_SUITE_P(Common, ResponseZoo,
                         ::testing::ValuesIn(anywhere({"authorization", "token", "refresh_token", "userinfo",
                                                       "revocation", "introspection", "pushed_authorization",
                                                       "end_session", "registration", "registration_api",
                                                       "device_authorization"})));
INSTANTIATE_TEST_SUITE_P(
    Own, ResponseZoo,
    ::testing::Values(Beast{"changes the device's code", "device_authorization", set("device_code", "other")},
                      Beast{"removes the person's code", "device_authorization", drop("user_code")},
                      Beast{"sends people elsewhere", "device_authorization",
                            set("verification_uri", "https://attacker.example/")},
                      Beast{"links elsewhere", "device_authorization",
                            set("verification_uri_complete", "https://attacker.example/")},
                      Beast{"changes the reference", "pushed_authorization", set("request_uri", "other")},
                      Beast{"changes the code", "authorization", set("code", "other")},
                      Beast{"removes the code", "authorization", drop("code")},
                      Beast{"changes the state", "authorization", set("state", "other")},
                      Beast{"changes the access token", "token", set("access_token", "other")},
                      Beast{"removes the ID Token", "token", drop("id_token")},
                      Beast{"grows the scope", "token", set("scope", "openid profile email phone")},
                      Beast{"changes the access token", "refresh_token", set("access_token", "other")},
                      Beast{"removes the refresh token", "refresh_token", drop("refresh_token")},
                      Beast{"grows the scope", "refresh_token", set("scope", "openid profile email phone")},
                      Beast{"changes the subject", "userinfo", set("sub", "other")},
                      Beast{"removes the subject", "userinfo", drop("sub")},
                      Beast{"changes the subject", "introspection", set("sub", "other")},
                      Beast{"changes whether it is active", "introspection", set("active", "false")},
                      Beast{"changes the client", "introspection", set("client_id", "other")},
                      Beast{"grows the scope", "introspection", set("scope", "openid phone")},
                      Beast{"changes the client", "registration", set("client_id", "other")},
                      Beast{"changes the secret", "registration", set("client_secret", "other")},
                      Beast{"removes the token", "registration", drop("registration_access_token")},
                      Beast{"changes where answers go", "registration", set("redirect_uris", "other")},
                      Beast{"grows the scope", "registration", set("scope", "openid admin")},
                      Beast{"changes the client", "registration_api", set("client_id", "other")},
                      Beast{"changes the token", "registration_api",
                            set("registration_access_token", "other")},
                      Beast{"changes the state", "end_session", set("state", "other")}));

TEST(Hooks, SlipNoRefreshTokenIn) {
  auto options = post_construct("token", set("refresh_token", "other"));
  options.settings = "{}";
  HookScene scene(std::move(options));
  expect_contained(scene, "token");
}

/// At the documents a bad hook keeps the provider from starting: what it would serve would not be so.
class DocumentZoo : public ::testing::TestWithParam<Beast> {};
using Adder = Result<void> (Hooks::*)(std::string, std::string, Step);
void expect_no_start(const Beast& beast, Adder add) {
  TestOp op;
  Hooks hooks;
  ASSERT_TRUE((hooks.*add)(beast.endpoint, "zoo", beast.step));
  const Start start(op, std::move(hooks));
  EXPECT_THAT(start.error, HasSubstr("a hook at " + beast.endpoint + " failed"));
  EXPECT_THAT(start.log, HasSubstr("owner=zoo"));
}
TEST_P(DocumentZoo, KeepsTheProviderFromStartingAtTheRequest) {
  expect_no_start(GetParam(), &Hooks::add_post_parse_request);
}
TEST_P(DocumentZoo, KeepsTheProviderFromStartingBeforeTheMembersAreMade) {
  expect_no_start(GetParam(), &Hooks::add_pre_construct);
}
TEST_P(DocumentZoo, KeepsTheProviderFromStarting) {
  expect_no_start(GetParam(), &Hooks::add_post_construct);
}
INSTANTIATE_TEST_SUITE_P(Common, DocumentZoo, ::testing::ValuesIn(anywhere({"provider_info", "jwks"})));

class DocumentRewriters : public ::testing::TestWithParam<Beast> {};
TEST_P(DocumentRewriters, KeepTheProviderFromStarting) {
  expect_no_start(GetParam(), &Hooks::add_pre_construct);
  expect_no_start(GetParam(), &Hooks::add_post_construct);
}
INSTANTIATE_TEST_SUITE_P(Hooks, DocumentRewriters,
                         ::testing::Values(Beast{"changes the issuer", "provider_info",
                                                 set("issuer", "https://attacker.example")},
                                           Beast{"changes where tokens are", "provider_info",
                                                 set("token_endpoint", "https://attacker.example/t")},
                                           Beast{"removes where keys are", "provider_info", drop("jwks_uri")},
                                           Beast{"claims a method", "provider_info",
                                                 set("token_endpoint_auth_methods_supported", "telepathy")},
                                           Beast{"removes the keys", "jwks", drop("keys")},
                                           Beast{"changes the keys", "jwks", set("keys", "none")}));

TEST(Hooks, AddToTheDocuments) {
  TestOp op;
  Hooks hooks;
  ASSERT_TRUE(hooks.add_post_construct("provider_info", "zoo", set("zoo_endpoint", "https://zoo.example/")));
  ASSERT_TRUE(hooks.add_pre_construct("jwks", "zoo", set("zoo_comment", "two")));
  ASSERT_TRUE(hooks.add_post_construct("jwks", "zoo", set("zoo_comment", "three")));
  const Start start(op, std::move(hooks));
  ASSERT_NE(start.provider, nullptr) << start.error;
  auto ask = [&](const char* path) {
    auto request = a_request("GET", path);
    request.host = "op.example.org";
    return start.provider->handle(request);
  };
  EXPECT_EQ(member(ask("/.well-known/openid-configuration"), "zoo_endpoint"), "https://zoo.example/");
  const auto jwks = ask("/jwks.json");
  EXPECT_EQ(member(jwks, "zoo_comment"), "three") << "what hooks added is theirs to change";
  EXPECT_EQ(member(jwks, "keys"), member(op.handle(a_request("GET", "/jwks.json")), "keys"));
  EXPECT_EQ(jwks.header("Content-Type"), "application/jwk-set+json");
}

TEST(Hooks, ABrokenOneAtADocumentKeepsTheOldState) {
  bool broken = false;
  HookScene scene(post_construct("jwks", [&broken](Message&, const HookContext&) -> Verdict {
    if (broken) throw std::runtime_error("later");
    return {};
  }));
  const auto before = scene.op.handle(a_request("GET", "/jwks.json")).body;
  broken = true;
  EXPECT_FALSE(scene.op.provider().reload());
  EXPECT_EQ(scene.op.handle(a_request("GET", "/jwks.json")).body, before);
  EXPECT_EQ(scene.tokens().status, 200);
}

}  // namespace
}  // namespace oidcop::testing
