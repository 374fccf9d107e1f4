#include "endpoint/hook_runner.h"
#include "endpoint/scene.h"
#include "support/recording_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <nlohmann/json.hpp>

namespace oidcop::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

using Step = std::function<Verdict(Message&, const HookContext&)>;

/// What every answer may hold that the protocol relies on (RFC 6749, 4.1.2 and 5.1; OpenID Connect Core 1.0,
/// 2 and 3.3.2.11; RFC 7519, 4.1; RFC 7800; RFC 9207).
class ProtocolMember : public ::testing::TestWithParam<const char*> {
 protected:
  /// Whether the answer stands after a hook at this step did that to it.
  bool stands(Message answer, const Step& step) {
    EndpointHooks before, after;
    before.pre_construct.push_back({"zoo", step});
    after.post_construct.push_back({"zoo", step});
    const HookContext context;
    auto copy = answer;
    const bool early = endpoint::HookRunner(before, log_).pre_construct(copy, {}, context).has_value();
    const bool late = endpoint::HookRunner(after, log_).post_construct(answer, {}, context).has_value();
    EXPECT_EQ(early, late);
    return late;
  }
  RecordingLog log_;
};

TEST_P(ProtocolMember, IsBeyondTheReachOfHooks) {
  const std::string name = GetParam();
  Message answer;
  answer.set(name, "ours");
  answer.set("free", "ours");
  EXPECT_TRUE(stands(answer, [](Message& message, const HookContext&) -> Verdict {
    message.set("free", "theirs");
    message.set("more", "theirs");
    return {};
  }));
  EXPECT_FALSE(stands(answer, [&](Message& message, const HookContext&) -> Verdict {
    message.set(name, "theirs");
    return {};
  })) << "changed";
  EXPECT_FALSE(stands(answer, [&](Message& message, const HookContext&) -> Verdict {
    message.remove(name);
    return {};
  })) << "removed";
  EXPECT_FALSE(stands(answer, [&](Message& message, const HookContext&) -> Verdict {
    message.set_number(name, 1);
    return {};
  })) << "of another type";
  const bool may_be_added = name == "iss";  // RFC 9207 is a hook itself
  EXPECT_EQ(stands(Message(),
                   [&](Message& message, const HookContext&) -> Verdict {
                     message.set(name, "theirs");
                     return {};
                   }),
            may_be_added)
      << "added";
}
INSTANTIATE_TEST_SUITE_P(HookBoundary, ProtocolMember,
                         ::testing::Values("iss", "sub", "aud", "exp", "iat", "nbf", "jti", "nonce",
                                           "at_hash", "c_hash", "s_hash", "code", "state", "cnf", "azp",
                                           "sid", "id_token", "access_token", "refresh_token", "token_type",
                                           "error", "expires_in"),
                         [](const auto& member) { return std::string(member.param); });

TestOp::Options with_hook(const std::string& endpoint, Step post_parse, Step post_construct = {}) {
  TestOp::Options options;
  if (post_parse) {
    EXPECT_TRUE(options.hooks.add_post_parse_request(endpoint, "zoo", std::move(post_parse)));
  }
  if (post_construct) {
    EXPECT_TRUE(options.hooks.add_post_construct(endpoint, "zoo", std::move(post_construct)));
  }
  return options;
}

Step refuses_with(int status) {
  return [=](Message&, const HookContext&) -> Verdict {
    auto error = temporarily_unavailable("a secret reason");
    error.http_status = status;
    return fail(std::move(error));
  };
}

/// A passing fault of ours stays with the person, who can reload the page; where nobody looks at one, the
/// relying party has to know.
TEST(PassingFault, StaysOnAPageUnlessTheRequestIsSilent) {
  for (const int status : {429, 503}) {
    Scene scene(with_hook("authorization", refuses_with(status)));
    const auto page = scene.ask();
    EXPECT_EQ(page.status, status);
    EXPECT_FALSE(page.header("Location"));
    EXPECT_THAT(page.body, HasSubstr("id=\"op-error\""));
    EXPECT_THAT(page.body, Not(HasSubstr("a secret reason")));
    auto answer = location_parameters(scene.ask({{"prompt", "none"}}));
    EXPECT_EQ(answer["error"], "temporarily_unavailable");
    EXPECT_EQ(answer["state"], "af0ifjsldkj");
    EXPECT_EQ(answer["iss"], scene.op.issuer());
  }
}

TEST(PassingFault, OfOtherKindsGoesBackToTheRelyingParty) {
  Scene scene(with_hook("authorization", refuses_with(500)));
  EXPECT_EQ(location_parameters(scene.ask())["error"], "temporarily_unavailable");
}

TEST(PassingFault, AtTheTokenEndpointSaysWhenToTryAgain) {
  Scene scene(with_hook("token", refuses_with(503)));
  const auto refused = exchange_code(scene.op, scene.code());
  EXPECT_EQ(refused.status, 503);
  EXPECT_TRUE(refused.header("Retry-After"));
  EXPECT_EQ(refused.header("Cache-Control"), "no-store");
  EXPECT_EQ(refused.header("X-Content-Type-Options"), "nosniff");
  EXPECT_THAT(refused.body, Not(HasSubstr("a secret reason")));
  EXPECT_THAT(scene.op.log(), HasSubstr("level=error event=request.refused"));
}

/// Pages hold the request as it was received, so that its hooks see the same one each time it comes back.
TEST(HookBoundary, AnEditIsMadeOncePerPassNotOnTopOfTheLast) {
  Scene scene(with_hook("authorization", [](Message& request, const HookContext&) -> Verdict {
    if (request.has("edited")) return fail(access_denied("edited twice"));
    request.set("edited", "yes");
    return {};
  }));
  EXPECT_EQ(scene.buy().status, 200);
  scene.browser.headers = {{"sec-fetch-site", "cross-site"}};
  const auto again = scene.browser.post("/authorization", wiki_request());
  EXPECT_THAT(std::string(again.header("Location").value_or("")), HasSubstr("authorization?"));
  EXPECT_THAT(std::string(again.header("Location").value_or("")), Not(HasSubstr("edited")));
}

TEST(HookBoundary, ResponseHooksKnowTheRequestAndWhetherItFailed) {
  std::string seen;
  Scene scene(with_hook("authorization", {}, [&seen](Message&, const HookContext& context) -> Verdict {
    seen = context.is_error ? "error" : "answer";
    if (context.request != nullptr) seen += ' ' + context.request->text("nonce").value_or("");
    return {};
  }));
  scene.browser.sign_in(wiki_request());
  EXPECT_EQ(seen, "answer n-0S6_WzA2Mj");
  scene.ask({{"max_age", "soon"}});
  EXPECT_EQ(seen, "error n-0S6_WzA2Mj");
}

/// What earlier steps relied on stays as it came: set, changed or removed, the request fails.
TEST(HookBoundary, WhatWasProvenOfARequestCannotBeExchanged) {
  const auto broken = [](const std::string& endpoint, const std::string& name, const std::string& value) {
    Scene scene(with_hook(endpoint, [&](Message& request, const HookContext&) -> Verdict {
      if (value.empty()) {
        request.remove(name);
      } else {
        request.set(name, value);
      }
      return {};
    }));
    if (endpoint == "authorization") {
      auto answer = location_parameters(scene.ask());
      return answer["error"] == "server_error" && answer["state"] == "af0ifjsldkj";
    }
    const auto refused = post_token(scene.op, {{"grant_type", "refresh_token"}, {"refresh_token", "x"}},
                                    basic("wiki", scene.op.secret_of(model::ClientId("wiki"))));
    return refused.status == 500 && member(refused, "error") == "server_error";
  };
  for (const auto* name : {"client_id", "redirect_uri", "state"}) {
    EXPECT_TRUE(broken("authorization", name, "other")) << name;
    EXPECT_TRUE(broken("authorization", name, "")) << name;
  }
  EXPECT_TRUE(broken("authorization", "response_mode", "fragment"));
  for (const auto* name : {"client_id", "grant_type", "refresh_token"}) {
    EXPECT_TRUE(broken("token", name, "other")) << name;
    EXPECT_TRUE(broken("token", name, "")) << name;
  }
  EXPECT_TRUE(broken("token", "code", "other"));
}

TEST(HookBoundary, WhoAuthenticatedIsTheClientOfTheRequest) {
  std::string seen;
  Scene scene(with_hook("token", [&seen](Message& request, const HookContext&) -> Verdict {
    seen = request.text("client_id").value_or("nobody");
    return {};
  }));
  EXPECT_EQ(scene.buy().status, 200);
  EXPECT_EQ(seen, "wiki") << "though the header alone said so";
}

TEST(HookBoundary, RequestHooksKnowTheClientAndNoSecret) {
  std::string client;
  std::string secrets;
  const auto look = [&](Message& request, const HookContext& context) -> Verdict {
    if (context.client != nullptr)
      client = context.client->client_id + (context.client->is_public ? " public" : " confidential");
    for (const auto* name : {"client_secret", "client_assertion", "client_assertion_type"}) {
      if (request.has(name)) secrets += name;
    }
    client += ' ' + request.text("client_id").value_or("");
    return {};
  };
  for (const auto* endpoint : {"authorization", "token", "userinfo"}) {
    Scene scene(with_hook(endpoint, look));
    scene.op.add_client([](model::Client& wiki) {
      wiki.token_endpoint_auth_method = model::ClientAuthMethod::client_secret_post;
    });
    const auto code = location_parameters(scene.browser.sign_in(wiki_request()))["code"];
    const auto tokens = post_token(scene.op, {{"grant_type", "authorization_code"},
                                              {"client_id", "wiki"},
                                              {"client_secret", scene.op.secret_of(model::ClientId("wiki"))},
                                              {"code", code},
                                              {"redirect_uri", "https://wiki.example.com/cb"},
                                              {"code_verifier", kVerifier}});
    ASSERT_EQ(tokens.status, 200) << tokens.body;
    get_userinfo(scene.op, member(tokens, "access_token"));
    EXPECT_THAT(client, HasSubstr("wiki confidential")) << endpoint;
    EXPECT_EQ(secrets, "") << endpoint;
    client.clear();
  }
}

}  // namespace
}  // namespace oidcop::testing
