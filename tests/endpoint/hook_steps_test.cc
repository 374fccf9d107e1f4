#include "hook_scene.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <thread>
#include <utility>
#include <vector>

namespace oidcop::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// What can be added where; each call of a hook is told to `met`.
using Met =
    std::function<void(const std::string& endpoint, const std::string& step, const std::string& owner)>;

Step tells(const Met& met, const std::string& endpoint, const std::string& step, const std::string& owner) {
  return [=](Message&, const HookContext&) -> Verdict {
    met(endpoint, step, owner);
    return {};
  };
}

constexpr std::array kAnswering{"provider_info", "jwks",     "authorization", "token",
                                "refresh_token", "userinfo", "registration",  "registration_api"};
constexpr std::array kForms{"login", "consent"};
constexpr std::array kWithClients{"token", "refresh_token"};

Result<void> add_client_hook(Hooks& hooks, const std::string& endpoint, const std::string& owner, Met met) {
  return hooks.add_client_authentication(
      endpoint, owner, {"method-of-" + owner},
      [=, met = std::move(met)](const Message&, const http::Request&, const HookContext&)
          -> Result<std::optional<HookAuthentication>, ProtocolError> {
        met(endpoint, "client_authentication", owner);
        return std::optional<HookAuthentication>();
      });
}

/// A hook of this owner at every step of every endpoint. Returns the refusals.
std::vector<std::string> add_everywhere(Hooks& hooks, const std::string& owner, const Met& met) {
  std::vector<std::string> refusals;
  const auto note = [&](const std::string& where, const Result<void>& added) {
    if (!added) refusals.push_back(where + ": " + added.error().detail);
  };
  for (const std::string endpoint : kWithClients) {
    note(endpoint + " client_authentication", add_client_hook(hooks, endpoint, owner, met));
  }
  for (const std::string endpoint : kForms) {
    note(endpoint + " post_parse_request",
         hooks.add_post_parse_request(endpoint, owner, tells(met, endpoint, "post_parse_request", owner)));
  }
  for (const std::string endpoint : kAnswering) {
    note(endpoint + " post_parse_request",
         hooks.add_post_parse_request(endpoint, owner, tells(met, endpoint, "post_parse_request", owner)));
    note(endpoint + " pre_construct",
         hooks.add_pre_construct(endpoint, owner, tells(met, endpoint, "pre_construct", owner)));
    note(endpoint + " post_construct",
         hooks.add_post_construct(endpoint, owner, tells(met, endpoint, "post_construct", owner)));
  }
  return refusals;
}

/// Both owners' methods are accepted; else nobody would ask their hooks.
constexpr const char* kBothAccepted = R"({
  "add_on": {"client_authn_method": ["method-of-cat", "method-of-dog"]},
  "endpoint": {"provider_info": {}, "jwks": {}, "authorization": {}, "userinfo": {},
    "registration": {"policy": "open"}, "registration_api": {},
    "token": {"client_authn_method": ["client_secret_basic", "method-of-cat", "method-of-dog"]},
    "refresh_token": {"client_authn_method": ["client_secret_basic", "method-of-cat", "method-of-dog"]}},
  "authz": {"refresh": {"require_offline_access": false}}})";

using Calls = std::vector<std::string>;

/// Two owners with a hook at every step of every endpoint, and who was called since the last look.
class HookSteps : public ::testing::Test {
 protected:
  HookSteps() : scene_(make(calls_)) {}
  static HookScene make(Calls& calls) {
    Hooks hooks;
    const Met met = [&calls](const std::string& endpoint, const std::string& step, const std::string& owner) {
      calls.push_back(endpoint + ' ' + step + ' ' + owner);
    };
    for (const auto* owner : {"cat", "dog"}) EXPECT_THAT(add_everywhere(hooks, owner, met), IsEmpty());
    return HookScene(with_hooks(std::move(hooks), kBothAccepted));
  }
  Calls seen() { return std::exchange(calls_, {}); }
  static Calls steps(const std::string& endpoint, const std::vector<std::string>& names) {
    Calls calls;
    for (const auto& name : names) {
      for (const auto* owner : {"cat", "dog"}) calls.push_back(endpoint + ' ' + name + ' ' + owner);
    }
    return calls;
  }
  static Calls answering(const std::string& endpoint) {
    return steps(endpoint, {"post_parse_request", "pre_construct", "post_construct"});
  }
  static Calls with_clients(const std::string& endpoint) {
    return steps(endpoint,
                 {"client_authentication", "post_parse_request", "pre_construct", "post_construct"});
  }

  Calls calls_;
  HookScene scene_;
};

Calls operator+(Calls a, const Calls& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

TEST_F(HookSteps, OfTheDocumentsRunOncePerStateAndNotPerRequest) {
  EXPECT_EQ(seen(), answering("provider_info") + answering("jwks"));
  EXPECT_EQ(scene_.op.handle(a_request("GET", "/.well-known/openid-configuration")).status, 200);
  EXPECT_EQ(scene_.op.handle(a_request("GET", "/jwks.json")).status, 200);
  EXPECT_THAT(seen(), IsEmpty());
  ASSERT_TRUE(scene_.op.provider().reload());
  EXPECT_EQ(seen(), answering("provider_info") + answering("jwks"));
}

TEST_F(HookSteps, OfTheAuthorizationEndpointRunOnceEachInTheOrderOfRegistration) {
  scene_.authorize();
  seen();
  EXPECT_NE(scene_.authorize(with(wiki_request(), {{"prompt", "none"}}))["code"], "");
  EXPECT_EQ(seen(), answering("authorization"));
}

TEST_F(HookSteps, OfTheFormsRunOnceForEachForm) {
  scene_.browser.get("/authorization", wiki_request());
  EXPECT_EQ(seen(),
            answering("provider_info") + answering("jwks") + steps("authorization", {"post_parse_request"}))
      << "a page has no members to construct";
  scene_.browser.submit({{"username", "alice"}, {"password", "wonderland"}, {"decision", "login"}});
  EXPECT_EQ(seen(), steps("login", {"post_parse_request"}) + steps("authorization", {"post_parse_request"}))
      << "the sealed request is verified anew";
  const auto answer = scene_.browser.submit({{"decision", "deny"}});
  EXPECT_EQ(location_parameters(answer)["error"], "access_denied");
  EXPECT_EQ(seen(), steps("consent", {"post_parse_request"}) + answering("authorization"));
}

TEST_F(HookSteps, OfTheTokenEndpointsAndUserinfoRunOnceEach) {
  const auto code = scene_.authorize()["code"];
  seen();
  const auto tokens = exchange_code(scene_.op, code);
  EXPECT_EQ(seen(), with_clients("token"));
  EXPECT_EQ(scene_.refresh_with(member(tokens, "refresh_token")).status, 200);
  EXPECT_EQ(seen(), with_clients("refresh_token"));
  EXPECT_EQ(get_userinfo(scene_.op, member(tokens, "access_token")).status, 200);
  EXPECT_EQ(seen(), answering("userinfo"));
}

TEST_F(HookSteps, OfTheRegistrationEndpointsRunOnceEach) {
  seen();
  const auto registered = scene_.enrolled();
  EXPECT_EQ(registered.status, 201) << registered.body;
  EXPECT_EQ(seen(), answering("registration"));
  EXPECT_EQ(scene_.managed(registered).status, 200);
  EXPECT_EQ(seen(), answering("registration_api"));
  for (const auto& [method, status] : {std::pair{"GET", 200}, {"DELETE", 204}}) {
    const auto answer =
        scene_.send_json(method, "/registration_api", "client_id=" + member(registered, "client_id"), "",
                         member(registered, "registration_access_token"));
    EXPECT_EQ(answer.status, status);
    EXPECT_EQ(seen(), answering("registration_api")) << method;
  }
}

TEST_F(HookSteps, OfAnErrorRunOnceEach) {
  scene_.authorize();
  seen();
  EXPECT_EQ(scene_.authorize(with(wiki_request(), {{"response_type", "token"}}))["error"],
            "unsupported_response_type");
  EXPECT_EQ(seen(), answering("authorization"));
  EXPECT_EQ(exchange_code(scene_.op, "no-such-code").status, 400);
  EXPECT_EQ(seen(), with_clients("token"));
  EXPECT_EQ(scene_.refresh_with("no-such-token").status, 400);
  EXPECT_EQ(seen(), with_clients("refresh_token"));
  EXPECT_EQ(get_userinfo(scene_.op, "no-such-token").status, 401);
  EXPECT_EQ(seen(), steps("userinfo", {"pre_construct", "post_construct"})) << "no request came of it";
}

TEST(Hooks, AreRegisteredOnceAtEachStepOfEachEndpoint) {
  Hooks hooks;
  const Met nobody = [](const std::string&, const std::string&, const std::string&) {};
  EXPECT_THAT(add_everywhere(hooks, "cat", nobody), IsEmpty());
  const auto refusals = add_everywhere(hooks, "cat", nobody);
  EXPECT_EQ(refusals.size(), kWithClients.size() + kForms.size() + 3 * kAnswering.size());
  for (const auto& refusal : refusals) EXPECT_THAT(refusal, HasSubstr("cat has a hook at this step already"));
  const auto again = hooks.add_pre_construct("token", "cat", set("a", "b"));
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, Errc::conflict);
  EXPECT_FALSE(hooks.add_post_construct("token", "hollow", nullptr));
}

/// Elsewhere they would be forgotten in silence.
TEST(Hooks, AreRegisteredOnlyWhereTheyCanRun) {
  Hooks hooks;
  const Met nobody = [](const std::string&, const std::string&, const std::string&) {};
  const auto misspelt = hooks.add_post_construct("user_info", "zoo", set("a", "b"));
  ASSERT_FALSE(misspelt);
  EXPECT_EQ(misspelt.error().code, Errc::not_found);
  EXPECT_EQ(misspelt.error().detail,
            "there is no step post_construct at \"user_info\" (did you mean \"userinfo\"?)");
  EXPECT_FALSE(hooks.add_pre_construct("login", "zoo", set("a", "b"))) << "its answers are authorization's";
  EXPECT_FALSE(hooks.add_post_construct("consent", "zoo", set("a", "b")));
  for (const auto* endpoint : {"provider_info", "jwks", "authorization", "login", "consent", "userinfo"}) {
    EXPECT_FALSE(add_client_hook(hooks, endpoint, "zoo", nobody)) << endpoint;
  }
}

/// What is proven is the time itself: each hook takes its time once, and everything goes on.
TEST(Hooks, ASlowOneIsNamedInTheLogWhereverItIs) {
  std::vector<std::string> slept;
  const Met sleeps = [&](const std::string& endpoint, const std::string& step, const std::string&) {
    const auto here = "endpoint=" + endpoint + " step=" + step + " owner=cat";
    if (std::find(slept.begin(), slept.end(), here) != slept.end()) return;
    slept.push_back(here);
    std::this_thread::sleep_for(std::chrono::milliseconds(255));
  };
  Hooks hooks;
  EXPECT_THAT(add_everywhere(hooks, "cat", sleeps), IsEmpty());
  HookScene scene(with_hooks(std::move(hooks), R"({
    "add_on": {"client_authn_method": ["method-of-cat"]},
    "endpoint": {"provider_info": {}, "jwks": {}, "authorization": {}, "userinfo": {},
      "registration": {"policy": "open"}, "registration_api": {},
      "token": {"client_authn_method": ["client_secret_basic", "method-of-cat"]},
      "refresh_token": {"client_authn_method": ["client_secret_basic", "method-of-cat"]}},
    "authz": {"refresh": {"require_offline_access": false}}})"));
  const auto tokens = scene.tokens();
  EXPECT_EQ(scene.refresh_with(member(tokens, "refresh_token")).status, 200);
  EXPECT_EQ(get_userinfo(scene.op, member(tokens, "access_token")).status, 200);
  EXPECT_EQ(scene.managed(scene.enrolled()).status, 200);
  EXPECT_EQ(slept.size(), kWithClients.size() + kForms.size() + 3 * kAnswering.size());
  std::size_t named = 0;
  const auto log = scene.op.log();
  for (auto at = log.find("hook.slow"); at != std::string::npos; at = log.find("hook.slow", at + 1)) ++named;
  EXPECT_EQ(named, slept.size()) << log;
  for (const auto& here : slept) EXPECT_THAT(log, HasSubstr(here));
}

}  // namespace
}  // namespace oidcop::testing
