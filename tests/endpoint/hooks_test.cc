#include "support/test_op.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <ostream>
#include <stdexcept>
#include <thread>
#include <utility>

namespace oidcop::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

using Step = std::function<Verdict(Message&, const HookContext&)>;

TestOp::Options with_hooks(Hooks hooks) {
  TestOp::Options options;
  options.hooks = std::move(hooks);
  return options;
}
TestOp::Options post_construct(const std::string& endpoint, Step step) {
  Hooks hooks;
  EXPECT_TRUE(hooks.add_post_construct(endpoint, "zoo", std::move(step)));
  return with_hooks(std::move(hooks));
}
TestOp::Options post_parse_request(const std::string& endpoint, Step step) {
  Hooks hooks;
  EXPECT_TRUE(hooks.add_post_parse_request(endpoint, "zoo", std::move(step)));
  return with_hooks(std::move(hooks));
}

/// One person, one client, one browser, and the hooks.
struct Scene {
  explicit Scene(TestOp::Options options) : op(std::move(options)) {
    op.add_user();
    op.add_client();
  }
  std::map<std::string, std::string> authorize(const Fields& request = wiki_request()) {
    return location_parameters(browser.sign_in(request));
  }
  http::Response tokens() { return exchange_code(op, authorize()["code"]); }
  http::Response told() { return get_userinfo(op, member(tokens(), "access_token")); }

  TestOp op;
  TestBrowser browser{op};
};

Step set(const std::string& name, const std::string& value) {
  return [=](Message& message, const HookContext&) -> Verdict {
    message.set(name, value);
    return {};
  };
}
Step drop(const std::string& name) {
  return [=](Message& message, const HookContext&) -> Verdict {
    message.remove(name);
    return {};
  };
}
Step throws_exception() {
  return [](Message&, const HookContext&) -> Verdict { throw std::runtime_error("a secret reason"); };
}
Step throws_int() {
  return [](Message&, const HookContext&) -> Verdict { throw 42; };  // NOLINT: that is what is proven
}
Step refuses() {
  return [](Message&, const HookContext&) -> Verdict { return fail(access_denied("The hook says no.")); };
}

// reference defect B62: userinfo had a pipeline of its own, without hooks.
TEST(Hooks, AddToTheAnswersOfEveryEndpoint) {
  Hooks hooks;
  for (const auto* endpoint : {"authorization", "token", "userinfo"}) {
    ASSERT_TRUE(hooks.add_pre_construct(endpoint, "zoo", set("from_pre", endpoint)));
    ASSERT_TRUE(hooks.add_post_construct(endpoint, "zoo", set("from_post", endpoint)));
  }
  Scene scene(with_hooks(std::move(hooks)));
  auto answer = scene.authorize();
  EXPECT_EQ(answer["from_pre"], "authorization");
  EXPECT_EQ(answer["from_post"], "authorization");
  const auto tokens = exchange_code(scene.op, answer["code"]);
  EXPECT_EQ(member(tokens, "from_pre"), "token");
  EXPECT_EQ(member(tokens, "from_post"), "token");
  const auto told = get_userinfo(scene.op, member(tokens, "access_token"));
  EXPECT_EQ(member(told, "from_pre"), "userinfo");
  EXPECT_EQ(member(told, "from_post"), "userinfo");
}

TEST(Hooks, EditRequestsBeforeTheyAreChecked) {
  Scene scene(post_parse_request("authorization", set("scope", "openid email")));
  const auto tokens = scene.tokens();
  EXPECT_EQ(member(tokens, "scope"), "openid email") << tokens.body;
}

TEST(Hooks, WhatTheyWriteIsCheckedLikeAnythingElse) {
  Scene scene(post_parse_request("authorization", set("response_type", "token")));
  EXPECT_EQ(scene.authorize()["error"], "unsupported_response_type");
}

TEST(Hooks, SeeTheRequestBehindTheCode) {
  std::string seen;
  Scene scene(post_parse_request("token", [&seen](Message&, const HookContext& context) -> Verdict {
    if (context.authorization_request != nullptr)
      seen = context.authorization_request->text("nonce").value_or("");
    return {};
  }));
  EXPECT_EQ(scene.tokens().status, 200);
  EXPECT_EQ(seen, "n-0S6_WzA2Mj");
}

TEST(Hooks, RefuseInTheirOwnWords) {
  Scene at_authorization(post_parse_request("authorization", refuses()));
  auto answer = at_authorization.authorize();
  EXPECT_EQ(answer["error"], "access_denied");
  EXPECT_EQ(answer["state"], "af0ifjsldkj");
  EXPECT_EQ(answer["code"], "");

  Scene at_token(post_parse_request("token", refuses()));
  const auto tokens = at_token.tokens();
  EXPECT_EQ(tokens.status, 400);
  EXPECT_EQ(member(tokens, "error_description"), "The hook says no.");

  Scene at_userinfo(post_parse_request("userinfo", refuses()));
  EXPECT_EQ(member(at_userinfo.told(), "error"), "access_denied");
}

TEST(Hooks, AreRegisteredOnceEach) {
  Hooks hooks;
  ASSERT_TRUE(hooks.add_post_construct("token", "zoo", set("a", "b")));
  const auto again = hooks.add_post_construct("token", "zoo", set("a", "c"));
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, Errc::conflict);
  EXPECT_TRUE(hooks.add_post_construct("userinfo", "zoo", set("a", "b")));
  EXPECT_TRUE(hooks.add_pre_construct("token", "zoo", set("a", "b")));
  EXPECT_FALSE(hooks.add_post_construct("token", "hollow", nullptr));
}

/// A hook of another program's making that authenticates by the client's certificate.
TestOp::Options certificate_hooks(bool twice, const std::string& claims_to_be) {
  Hooks hooks;
  const auto hook = [claims_to_be](
                        const Message&, const http::Request& http,
                        const HookContext&) -> Result<std::optional<HookAuthentication>, ProtocolError> {
    if (!http.client_certificate) return std::optional<HookAuthentication>();
    return std::optional(HookAuthentication{claims_to_be, "zoo_certificate"});
  };
  EXPECT_TRUE(hooks.add_client_authentication("token", "zoo", hook));
  if (twice) {
    EXPECT_TRUE(hooks.add_client_authentication("token", "aquarium", hook));
  }
  return with_hooks(std::move(hooks));
}
http::Response exchange_with_certificate(Scene& scene) {
  auto request = a_request("POST", "/token");
  request.content_type = "application/x-www-form-urlencoded";
  request.client_certificate = http::ClientCertificate{"pem"};
  request.body = encoded({{"grant_type", "authorization_code"},
                          {"code", scene.authorize()["code"]},
                          {"redirect_uri", "https://wiki.example.com/cb"},
                          {"code_verifier", kVerifier}});
  return scene.op.handle(std::move(request));
}

TEST(Hooks, AuthenticateNobodyWhoIsNotRegisteredForTheirMethod) {
  Scene scene(certificate_hooks(false, "wiki"));
  const auto refused = exchange_with_certificate(scene);
  EXPECT_EQ(refused.status, 401) << refused.body;
  EXPECT_EQ(member(refused, "error"), "invalid_client");
}

TEST(Hooks, TwoThatAuthenticateAreOneTooMany) {
  Scene scene(certificate_hooks(true, "wiki"));
  EXPECT_EQ(exchange_with_certificate(scene).status, 400);
}

TEST(Hooks, ABrokenAuthenticationLetsNobodyIn) {
  Hooks hooks;
  ASSERT_TRUE(hooks.add_client_authentication(
      "token", "zoo",
      [](const Message&, const http::Request&, const HookContext&)
          -> Result<std::optional<HookAuthentication>, ProtocolError> { throw std::runtime_error("bad"); }));
  Scene scene(with_hooks(std::move(hooks)));
  EXPECT_EQ(exchange_with_certificate(scene).status, 500);
  EXPECT_THAT(scene.op.log(), HasSubstr("zoo"));
  EXPECT_EQ(scene.tokens().status, 200) << "who brings a credential is not the hook's business";
}

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
void expect_contained(Scene& scene, const std::string& endpoint) {
  if (endpoint == "authorization") {
    const auto response = scene.browser.sign_in(wiki_request());
    auto answer = location_parameters(response);
    EXPECT_TRUE(answer["error"] == "server_error" || response.status == 500) << response.body;
    EXPECT_EQ(answer["code"], "");
    EXPECT_THAT(response.body, Not(HasSubstr("a secret reason")));
  } else {
    const auto response = endpoint == "token" ? scene.tokens() : scene.told();
    EXPECT_EQ(response.status, 500) << response.body;
    EXPECT_EQ(member(response, "error"), "server_error");
    EXPECT_EQ(member(response, "access_token"), "");
    EXPECT_EQ(member(response, "sub"), "");
    EXPECT_EQ(response.header("Cache-Control"), "no-store");
    EXPECT_THAT(response.body, Not(HasSubstr("a secret reason")));
  }
  EXPECT_THAT(scene.op.log(), HasSubstr("hook.failed"));
  EXPECT_THAT(scene.op.log(), HasSubstr("owner=zoo"));
}

class RequestZoo : public ::testing::TestWithParam<Beast> {};
TEST_P(RequestZoo, IsContained) {
  Scene scene(post_parse_request(GetParam().endpoint, GetParam().step));
  expect_contained(scene, GetParam().endpoint);
}
INSTANTIATE_TEST_SUITE_P(
    Hooks, RequestZoo,
    ::testing::Values(Beast{"throws an exception", "authorization", throws_exception()},
                      Beast{"throws an int", "authorization", throws_int()},
                      Beast{"changes the client", "authorization", set("client_id", "other")},
                      Beast{"changes the way back", "authorization",
                            set("redirect_uri", "https://attacker.example/")},
                      Beast{"removes the way back", "authorization", drop("redirect_uri")},
                      Beast{"throws an exception", "token", throws_exception()},
                      Beast{"throws an int", "token", throws_int()},
                      Beast{"changes the client", "token", set("client_id", "other")},
                      Beast{"removes the client", "token", drop("client_id")},
                      Beast{"changes the code", "token", set("code", "other")},
                      Beast{"throws an exception", "userinfo", throws_exception()},
                      Beast{"throws an int", "userinfo", throws_int()}));

class ResponseZoo : public ::testing::TestWithParam<Beast> {};
TEST_P(ResponseZoo, IsContained) {
  Scene scene(post_construct(GetParam().endpoint, GetParam().step));
  expect_contained(scene, GetParam().endpoint);
}
TEST_P(ResponseZoo, IsContainedBeforeTheMembersAreMadeToo) {
  Hooks hooks;
  ASSERT_TRUE(hooks.add_pre_construct(GetParam().endpoint, "zoo", GetParam().step));
  Scene scene(with_hooks(std::move(hooks)));
  expect_contained(scene, GetParam().endpoint);
}
INSTANTIATE_TEST_SUITE_P(
    Hooks, ResponseZoo,
    ::testing::Values(Beast{"throws an exception", "authorization", throws_exception()},
                      Beast{"throws an int", "authorization", throws_int()},
                      Beast{"changes the code", "authorization", set("code", "other")},
                      Beast{"removes the code", "authorization", drop("code")},
                      Beast{"changes the state", "authorization", set("state", "other")},
                      Beast{"throws an exception", "token", throws_exception()},
                      Beast{"throws an int", "token", throws_int()},
                      Beast{"changes the access token", "token", set("access_token", "other")},
                      Beast{"removes the ID Token", "token", drop("id_token")},
                      Beast{"slips in a refresh token", "token", set("refresh_token", "other")},
                      Beast{"grows the scope", "token", set("scope", "openid profile email phone")},
                      Beast{"throws an exception", "userinfo", throws_exception()},
                      Beast{"throws an int", "userinfo", throws_int()},
                      Beast{"changes the subject", "userinfo", set("sub", "other")}));

TEST(Hooks, MayMakeTheScopeOfAnAnswerNarrower) {
  Scene scene(post_construct("token", set("scope", "openid")));
  EXPECT_EQ(member(scene.tokens(), "scope"), "openid");
}

/// The code was spent before the answer was built. Nobody knows the tokens, and nobody can buy them again:
/// the exchange happened once, and the client that asks again is told that its code is worthless.
TEST(Hooks, ABrokenAnswerDoesNotBringASpentCodeBack) {
  bool broken = true;
  std::string lost;
  Scene scene(post_construct("token", [&](Message& response, const HookContext&) -> Verdict {
    if (!std::exchange(broken, false)) return {};
    lost = response.text("access_token").value_or("");
    throw std::runtime_error("once");
  }));
  const auto code = scene.authorize()["code"];
  const auto failed = exchange_code(scene.op, code);
  EXPECT_EQ(failed.status, 500);
  EXPECT_THAT(failed.body, Not(HasSubstr(lost)));
  EXPECT_EQ(member(exchange_code(scene.op, code), "error"), "invalid_grant");
  EXPECT_EQ(get_userinfo(scene.op, lost).status, 401) << "the second try revoked what the first one bought";
  EXPECT_EQ(scene.tokens().status, 200) << "the next code works";
}

TEST(Hooks, ABrokenRequestBurnsNoCode) {
  bool broken = true;
  Scene scene(post_parse_request("token", [&](Message&, const HookContext&) -> Verdict {
    if (std::exchange(broken, false)) throw std::runtime_error("once");
    return {};
  }));
  const auto code = scene.authorize()["code"];
  EXPECT_EQ(exchange_code(scene.op, code).status, 500);
  EXPECT_EQ(exchange_code(scene.op, code).status, 200);
}

TEST(Hooks, ASlowOneIsNamedInTheLog) {
  Scene scene(post_construct("userinfo", [](Message&, const HookContext&) -> Verdict {
    std::this_thread::sleep_for(std::chrono::milliseconds(260));  // what is proven is the time itself
    return {};
  }));
  EXPECT_EQ(scene.told().status, 200);
  EXPECT_THAT(scene.op.log(), HasSubstr("hook.slow"));
  EXPECT_THAT(scene.op.log(), HasSubstr("owner=zoo"));
}

TEST(Hooks, KnowErrorsFromAnswers) {
  Scene scene(post_construct("token", [](Message& response, const HookContext& context) -> Verdict {
    response.set_bool("was_error", context.is_error);
    return {};
  }));
  EXPECT_EQ(member(exchange_code(scene.op, "no-such-code"), "was_error"), "true");
  EXPECT_EQ(member(scene.tokens(), "was_error"), "false");
}

// reference defect B27: iss was missing from some answers. It is a hook's work alone.
TEST(Hooks, MakeTheIssuerOfTheAnswerAndNothingElseDoes) {
  TestOp::Options options;
  options.settings = R"({"add_on": {"authorization_response_iss": false}})";
  Scene without(options);
  auto answer = without.authorize();
  EXPECT_NE(answer["code"], "");
  EXPECT_EQ(answer.count("iss"), 0U);
  Scene as_usual{TestOp::Options()};
  EXPECT_EQ(as_usual.authorize(with(wiki_request(), {{"prompt", "none"}}))["iss"], "https://op.example.org");
  EXPECT_EQ(as_usual.authorize()["iss"], "https://op.example.org");
}

}  // namespace
}  // namespace oidcop::testing
