#include "hook_scene.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

namespace oidcop::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// reference defect B62: userinfo had a pipeline of its own, without hooks.
TEST(Hooks, AddToTheAnswersOfEveryEndpoint) {
  Hooks hooks;
  for (const auto* endpoint : {"authorization", "token", "userinfo"}) {
    ASSERT_TRUE(hooks.add_pre_construct(endpoint, "zoo", set("from_pre", endpoint)));
    ASSERT_TRUE(hooks.add_post_construct(endpoint, "zoo", set("from_post", endpoint)));
  }
  HookScene scene(with_hooks(std::move(hooks)));
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
  HookScene scene(post_parse_request("authorization", set("scope", "openid email")));
  const auto tokens = scene.tokens();
  EXPECT_EQ(member(tokens, "scope"), "openid email") << tokens.body;
}

TEST(Hooks, WhatTheyWriteIsCheckedLikeAnythingElse) {
  HookScene scene(post_parse_request("authorization", set("response_type", "token")));
  EXPECT_EQ(scene.authorize()["error"], "unsupported_response_type");
}

TEST(Hooks, SeeTheRequestBehindTheCode) {
  std::string seen;
  HookScene scene(post_parse_request("token", [&seen](Message&, const HookContext& context) -> Verdict {
    if (context.authorization_request != nullptr)
      seen = context.authorization_request->text("nonce").value_or("");
    return {};
  }));
  EXPECT_EQ(scene.tokens().status, 200);
  EXPECT_EQ(seen, "n-0S6_WzA2Mj");
}

TEST(Hooks, RefuseInTheirOwnWords) {
  HookScene at_authorization(post_parse_request("authorization", refuses()));
  auto answer = at_authorization.authorize();
  EXPECT_EQ(answer["error"], "access_denied");
  EXPECT_EQ(answer["state"], "af0ifjsldkj");
  EXPECT_EQ(answer["code"], "");

  HookScene at_token(post_parse_request("token", refuses()));
  const auto tokens = at_token.tokens();
  EXPECT_EQ(tokens.status, 400);
  EXPECT_EQ(member(tokens, "error_description"), "The hook says no.");

  HookScene at_refresh_token(post_parse_request("refresh_token", refuses()));
  EXPECT_EQ(member(at_refresh_token.refreshed(), "error_description"), "The hook says no.");

  HookScene at_userinfo(post_parse_request("userinfo", refuses()));
  EXPECT_EQ(member(at_userinfo.told(), "error"), "access_denied");
}

TEST(Hooks, MayMakeTheScopeOfAnAnswerNarrower) {
  HookScene scene(post_construct("token", set("scope", "openid")));
  EXPECT_EQ(member(scene.tokens(), "scope"), "openid");
}

/// The code was spent before the answer was built. Nobody knows the tokens, and nobody can buy them again:
/// the exchange happened once, and the client that asks again is told that its code is worthless.
TEST(Hooks, ABrokenAnswerDoesNotBringASpentCodeBack) {
  bool broken = true;
  std::string lost;
  HookScene scene(post_construct("token", [&](Message& response, const HookContext&) -> Verdict {
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
  HookScene scene(post_parse_request("token", [&](Message&, const HookContext&) -> Verdict {
    if (std::exchange(broken, false)) throw std::runtime_error("once");
    return {};
  }));
  const auto code = scene.authorize()["code"];
  EXPECT_EQ(exchange_code(scene.op, code).status, 500);
  EXPECT_EQ(exchange_code(scene.op, code).status, 200);
}

TEST(Hooks, KnowErrorsFromAnswers) {
  HookScene scene(post_construct("token", [](Message& response, const HookContext& context) -> Verdict {
    response.set_bool("was_error", context.is_error);
    return {};
  }));
  EXPECT_EQ(member(exchange_code(scene.op, "no-such-code"), "was_error"), "true");
  EXPECT_EQ(member(scene.tokens(), "was_error"), "false");
}

}  // namespace
}  // namespace oidcop::testing
