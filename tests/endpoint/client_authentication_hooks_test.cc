#include "hook_scene.h"

#include "base/digest.h"
#include "base/file.h"
#include "base/json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <ostream>

namespace oidcop::testing {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;
using Found = Result<std::optional<HookAuthentication>, ProtocolError>;

/// Both client endpoints accept the badge; the codes of these tests come with refresh tokens.
constexpr const char* kBadgeAccepted = R"({
  "add_on": {"client_authn_method": ["company_badge", "company_stamp"]},
  "endpoint": {"provider_info": {}, "jwks": {}, "authorization": {}, "userinfo": {},
    "token": {"client_authn_method": ["none", "client_secret_basic", "client_secret_post", "client_secret_jwt",
                                      "company_badge", "company_stamp"]},
    "refresh_token": {"client_authn_method": ["client_secret_basic", "company_badge", "company_stamp"]}},
  "authz": {"refresh": {"require_offline_access": false}}})";

/// The methods of another program's making: a request member names the client, and "forged" is seen through.
ClientAuthenticationHook believes(const std::string& parameter, const std::string& method) {
  return [=](const Message& request, const http::Request&, const HookContext&) -> Found {
    const auto shown = request.text(parameter);
    if (!shown) return std::optional<HookAuthentication>();
    if (*shown == "forged") return fail(invalid_client("a forged " + parameter));
    return std::optional(HookAuthentication{*shown, method});
  };
}

Hooks hooks_with(const ClientAuthenticationHook& badge) {
  Hooks hooks;
  for (const auto* endpoint : {"token", "refresh_token"}) {
    EXPECT_TRUE(hooks.add_client_authentication(endpoint, "zoo", {"company_badge"}, badge));
    EXPECT_TRUE(hooks.add_client_authentication(endpoint, "post_office", {"company_stamp"},
                                                believes("stamp", "company_stamp")));
  }
  return hooks;
}

std::function<void(model::Client&)> registered_for(const std::string& method) {
  return [=](model::Client& client) {
    client.metadata.set("token_endpoint_auth_method", method);
    const auto built_in = model::client_auth_method_named(method);
    client.token_endpoint_auth_method = built_in ? *built_in : model::ClientAuthMethod::extension;
  };
}

class BadgeScene : public HookScene {
 public:
  explicit BadgeScene(const std::string& method = "company_badge",
                      const ClientAuthenticationHook& badge = believes("badge", "company_badge"))
      : HookScene(with_hooks(hooks_with(badge), kBadgeAccepted), registered_for(method)) {}

  /// The exchange of a fresh code with these credentials in the form, and perhaps a header.
  http::Response exchange(const Fields& credentials, const std::string& authorization = {}) {
    return exchange(authorize()["code"], credentials, authorization);
  }
  http::Response exchange(const std::string& code, const Fields& credentials,
                          const std::string& authorization = {}) {
    const Fields form{{"grant_type", "authorization_code"},
                      {"code", code},
                      {"redirect_uri", "https://wiki.example.com/cb"},
                      {"code_verifier", kVerifier}};
    return post_form("/token", with(form, credentials), authorization);
  }
};

void expect_refused(const http::Response& response, int status, const std::string& error) {
  EXPECT_EQ(response.status, status) << response.body;
  EXPECT_EQ(member(response, "error"), error);
  EXPECT_EQ(member(response, "access_token"), "");
  EXPECT_EQ(response.header("Cache-Control"), "no-store");
}

TEST(ClientAuthenticationHooks, LetAClientInByTheMethodItIsRegisteredFor) {
  BadgeScene scene;
  const auto tokens = scene.exchange({{"badge", "wiki"}});
  ASSERT_EQ(tokens.status, 200) << tokens.body << scene.op.log();
  EXPECT_EQ(member(get_userinfo(scene.op, member(tokens, "access_token")), "name"), "Alice Liddell");
  const auto found = scene.op.store().find_token(sha256(member(tokens, "refresh_token")));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->token.authentication, "company_badge");
  EXPECT_EQ(found->client_session.client.text(), "wiki");
}

TEST(ClientAuthenticationHooks, WorkAtTheRefreshTokenEndpointToo) {
  BadgeScene scene;
  const auto tokens = scene.exchange({{"badge", "wiki"}});
  const auto refresh = [&](const char* path, const std::string& token) {
    return scene.post_form(path,
                           {{"grant_type", "refresh_token"}, {"refresh_token", token}, {"badge", "wiki"}});
  };
  const auto second = refresh("/refresh_token", member(tokens, "refresh_token"));
  EXPECT_EQ(second.status, 200) << second.body;
  EXPECT_EQ(refresh("/token", member(second, "refresh_token")).status, 200);
}

TEST(ClientAuthenticationHooks, MeanTheClientThatTheRequestNames) {
  BadgeScene scene;
  scene.op.add_client([](model::Client& client) {
    registered_for("company_badge")(client);
    client.id = model::ClientId("blog");
  });
  const auto code = scene.authorize()["code"];
  expect_refused(scene.exchange(code, {{"badge", "wiki"}, {"client_id", "blog"}}), 400, "invalid_request");
  expect_refused(scene.exchange(code, {{"badge", "blog"}}), 400, "invalid_grant");
  EXPECT_EQ(scene.exchange(code, {{"badge", "wiki"}, {"client_id", "wiki"}}).status, 200)
      << "nothing was burned";
}

TEST(ClientAuthenticationHooks, LetNobodyInByAMethodItIsNotRegisteredFor) {
  for (const auto* method :
       {"client_secret_basic", "client_secret_post", "client_secret_jwt", "none", "company_stamp"}) {
    SCOPED_TRACE(method);
    BadgeScene scene(method);
    expect_refused(scene.exchange({{"badge", "wiki"}}), 401, "invalid_client");
    EXPECT_THAT(scene.op.log(), HasSubstr("hook zoo: client wiki: the client is registered for another"));
  }
}

TEST(ClientAuthenticationHooks, LetNoUnknownOrDisabledClientIn) {
  BadgeScene scene;
  expect_refused(scene.exchange({{"badge", "nobody"}}), 401, "invalid_client");
  EXPECT_THAT(scene.op.log(), HasSubstr("hook zoo: unknown client"));
  const auto code = scene.authorize()["code"];
  scene.op.add_client([](model::Client& client) {
    registered_for("company_badge")(client);
    client.enabled = false;
  });
  expect_refused(scene.exchange(code, {{"badge", "wiki"}}), 401, "invalid_client");
  EXPECT_THAT(scene.op.log(), HasSubstr("hook zoo: client wiki: the client is disabled"));
}

TEST(ClientAuthenticationHooks, RefuseForgeriesInTheirOwnWords) {
  BadgeScene scene;
  expect_refused(scene.exchange({{"badge", "forged"}}), 401, "invalid_client");
  EXPECT_THAT(scene.op.log(), HasSubstr("a forged badge"));
}

TEST(ClientAuthenticationHooks, AreTheOnlyWayInForTheirClients) {
  BadgeScene scene;
  expect_refused(scene.exchange({{"client_id", "wiki"}}), 401, "invalid_client");
  const auto secret = scene.op.secret_of(model::ClientId("wiki"));  // of its time with another method
  expect_refused(scene.exchange({}, scene.header()), 401, "invalid_client");
  expect_refused(scene.exchange({{"client_id", "wiki"}, {"client_secret", secret}}), 401, "invalid_client");
}

TEST(ClientAuthenticationHooks, LeaveTheBuiltInMethodsAlone) {
  BadgeScene secret("client_secret_basic");
  EXPECT_EQ(secret.exchange({}, secret.header()).status, 200);
  BadgeScene open("none");
  EXPECT_EQ(open.exchange({{"client_id", "wiki"}}).status, 200);
}

// RFC 6749, 2.3: a client must not use more than one mechanism in a request.
TEST(ClientAuthenticationHooks, ASecondCredentialIsOneTooMany) {
  BadgeScene scene("client_secret_basic");
  const auto code = scene.authorize()["code"];
  const auto secret = scene.op.secret_of(model::ClientId("wiki"));
  for (const auto* badge : {"wiki", "nobody", "forged"}) {
    SCOPED_TRACE(badge);
    expect_refused(scene.exchange(code, {{"badge", badge}}, scene.header()), 400, "invalid_request");
    expect_refused(scene.exchange(code, {{"badge", badge}, {"client_id", "wiki"}, {"client_secret", secret}}),
                   400, "invalid_request");
    expect_refused(scene.exchange(code, {{"badge", badge},
                                         {"client_assertion", "e30.e30.e30"},
                                         {"client_assertion_type",
                                          "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"}}),
                   400, "invalid_request");
    expect_refused(scene.exchange(code, {{"badge", badge}, {"stamp", "wiki"}}), 400, "invalid_request");
    expect_refused(scene.exchange(code, {{"badge", badge}, {"stamp", "forged"}}), 400, "invalid_request");
  }
  EXPECT_EQ(scene.exchange(code, {}, scene.header()).status, 200) << "nothing was burned";
}

/// The zoo at this step. A hook that broke says nothing about its credential, so nobody gets in past it, with
/// a built-in credential neither.
struct Beast {
  std::string name;
  ClientAuthenticationHook hook;
};
void PrintTo(const Beast& beast, std::ostream* out) {
  *out << beast.name;
}
class ClientAuthenticationZoo : public ::testing::TestWithParam<Beast> {};
TEST_P(ClientAuthenticationZoo, IsContainedAtBothEndpoints) {
  for (const auto* method : {"company_badge", "client_secret_basic"}) {
    SCOPED_TRACE(method);
    BadgeScene scene(method, GetParam().hook);
    const auto header = method == std::string("client_secret_basic") ? scene.header() : std::string();
    const Fields badge = header.empty() ? Fields{{"badge", "wiki"}} : Fields{};
    const auto at_token = scene.exchange(badge, header);
    expect_refused(at_token, 500, "server_error");
    EXPECT_THAT(at_token.body, Not(HasSubstr("a secret reason")));
    const auto log = scene.op.log();
    EXPECT_THAT(log, HasSubstr("hook.failed endpoint=token step=client_authentication owner=zoo"));
    Fields refresh{{"grant_type", "refresh_token"}, {"refresh_token", "some"}};
    refresh.insert(refresh.end(), badge.begin(), badge.end());
    expect_refused(scene.post_form("/refresh_token", refresh, header), 500, "server_error");
    EXPECT_THAT(scene.op.log(),
                HasSubstr("hook.failed endpoint=refresh_token step=client_authentication owner=zoo"));
  }
}
INSTANTIATE_TEST_SUITE_P(
    Hooks, ClientAuthenticationZoo,
    ::testing::Values(Beast{"throws an exception",
                            [](const Message&, const http::Request&, const HookContext&) -> Found {
                              throw std::runtime_error("a secret reason");
                            }},
                      Beast{"throws an int",
                            [](const Message&, const http::Request&, const HookContext&) -> Found {
                              throw 42;  // NOLINT: that is what is proven
                            }},
                      Beast{"claims another hook's method",
                            [](const Message&, const http::Request&, const HookContext&) -> Found {
                              return std::optional(HookAuthentication{"wiki", "company_stamp"});
                            }},
                      Beast{"claims a built-in method",
                            [](const Message&, const http::Request&, const HookContext&) -> Found {
                              return std::optional(HookAuthentication{"wiki", "client_secret_basic"});
                            }},
                      Beast{"claims that the client is public",
                            [](const Message&, const http::Request&, const HookContext&) -> Found {
                              return std::optional(HookAuthentication{"wiki", "none"});
                            }},
                      Beast{"refuses with a malformed error",
                            [](const Message&, const http::Request&, const HookContext&) -> Found {
                              auto error = invalid_client("bad");
                              error.www_authenticate = "Badge\r\nSet-Cookie: a=b";
                              return fail(std::move(error));
                            }}));

std::vector<std::string> methods_told(TestOp& op) {
  const auto answer = op.handle(a_request("GET", "/.well-known/openid-configuration"));
  const auto metadata = parse_json(answer.body).value_or(Json());
  return json_texts(metadata, "token_endpoint_auth_methods_supported")
      .value_or(std::nullopt)
      .value_or(std::vector<std::string>());
}

TEST(ClientAuthenticationHooks, AreToldByDiscoveryWhenTheConfigurationWantsThem) {
  BadgeScene scene;
  EXPECT_THAT(methods_told(scene.op), Contains("company_badge"));
  EXPECT_THAT(methods_told(scene.op), Contains("client_secret_basic"));
}

TEST(ClientAuthenticationHooks, AreNotAskedWhereTheConfigurationDoesNotWantThem) {
  int asked = 0;
  Hooks hooks;
  ASSERT_TRUE(hooks.add_client_authentication(
      "token", "zoo", {"company_badge", "company_ring"},
      [&asked](const Message&, const http::Request&, const HookContext&) -> Found {
        ++asked;
        throw std::runtime_error("never");
      }));
  HookScene scene(with_hooks(std::move(hooks)));
  EXPECT_EQ(scene.tokens().status, 200);
  EXPECT_EQ(asked, 0);
  EXPECT_THAT(methods_told(scene.op), Not(Contains("company_badge")));
  EXPECT_THAT(scene.op.log(), HasSubstr("hook.idle endpoint=token owner=zoo"));
}

/// Where only one of a hook's methods is on, the other one lets nobody in.
TEST(ClientAuthenticationHooks, AreBelievedForAcceptedMethodsOnly) {
  Hooks hooks;
  ASSERT_TRUE(hooks.add_client_authentication("token", "zoo", {"company_badge", "company_ring"},
                                              believes("ring", "company_ring")));
  TestOp::Options options = with_hooks(std::move(hooks), R"({
    "add_on": {"client_authn_method": ["company_badge"]},
    "endpoint": {"provider_info": {}, "jwks": {}, "authorization": {}, "userinfo": {},
      "token": {"client_authn_method": ["company_badge"]}}})");
  HookScene scene(std::move(options), registered_for("company_ring"));
  const auto answer =
      scene.post_form("/token", {{"grant_type", "authorization_code"}, {"code", "c"}, {"ring", "wiki"}});
  expect_refused(answer, 401, "invalid_client");
  EXPECT_THAT(scene.op.log(), HasSubstr("the endpoint does not accept this authentication method"));
}

/// Puts into the provider's configuration that badges and stamps are accepted.
void accept_badges(TestOp& op) {
  const auto path = op.folder() / "oidcop.json";
  auto config = parse_json(read_file(path).value_or("")).value_or(Json());
  config.merge_patch(parse_json(kBadgeAccepted).value_or(Json()));
  ASSERT_TRUE(write_file_atomically(path, dump_json(config), FileMode::published));
}

/// Why a provider with these hooks does not start when badges and stamps are accepted.
std::string start_error(Hooks hooks) {
  TestOp op;
  accept_badges(op);
  const Start start(op, std::move(hooks));
  return start.error;
}

TEST(ClientAuthenticationHooks, MustBeThereForEachMethodThatIsAccepted) {
  const auto error = start_error({});
  for (const auto* endpoint : {"token", "refresh_token"}) {
    for (const auto* method : {"company_badge", "company_stamp"}) {
      EXPECT_THAT(error,
                  HasSubstr("endpoint." + std::string(endpoint) + ".client_authn_method: names \"" + method +
                            "\", which no hook of this program provides there; it has none for client "
                            "authentication"));
    }
  }
}

TEST(ClientAuthenticationHooks, AreNamedWhenTheyAreNearToWhatIsMissing) {
  Hooks hooks;
  for (const auto* endpoint : {"token", "refresh_token"}) {
    ASSERT_TRUE(
        hooks.add_client_authentication(endpoint, "zoo", {"company_bagde"}, believes("b", "company_bagde")));
  }
  ASSERT_TRUE(hooks.add_client_authentication("token", "post_office", {"company_stamp"},
                                              believes("s", "company_stamp")));
  const auto error = start_error(std::move(hooks));
  EXPECT_THAT(error,
              HasSubstr("endpoint.token.client_authn_method: names \"company_badge\", which no hook of this "
                        "program provides there (did you mean \"company_bagde\"?)"));
  EXPECT_THAT(error, Not(HasSubstr("endpoint.token.client_authn_method: names \"company_stamp\"")));
  EXPECT_THAT(
      error,
      HasSubstr("endpoint.refresh_token.client_authn_method: names \"company_stamp\", which no hook of "
                "this program provides there; its hooks provide \"company_bagde\""));
}

TEST(ClientAuthenticationHooks, CannotBeAskedForByAReloadThatNobodyProvides) {
  HookScene scene(with_hooks({}));
  accept_badges(scene.op);
  const auto reloaded = scene.op.provider().reload();
  ASSERT_FALSE(reloaded);
  EXPECT_THAT(reloaded.error().detail, HasSubstr("company_badge"));
  EXPECT_EQ(scene.tokens().status, 200) << "the old state goes on";
}

TEST(ClientAuthenticationHooks, HaveNamesOfTheirOwn) {
  const auto hook = believes("badge", "company_badge");
  Hooks hooks;
  const auto refused = [&](const std::string& owner, std::vector<std::string> methods) {
    auto added = hooks.add_client_authentication("token", owner, std::move(methods), hook);
    EXPECT_FALSE(added);
    return added ? std::string() : added.error().detail;
  };
  for (const auto* method : {"none", "client_secret_basic", "client_secret_post", "client_secret_jwt",
                             "private_key_jwt", "extension"}) {
    EXPECT_THAT(refused("zoo", {"company_badge", method}), HasSubstr("built in"));
  }
  EXPECT_THAT(refused("zoo", {}), HasSubstr("names no method"));
  for (const auto* method : {"", "two words", "b\xC3\xA4r", "line\n"}) {
    EXPECT_THAT(refused("zoo", {method}), HasSubstr("printable ASCII"));
  }
  ASSERT_TRUE(hooks.add_client_authentication("token", "zoo", {"company_badge", "urn:example:ring"}, hook))
      << "what was refused left nothing behind";
  EXPECT_THAT(refused("aquarium", {"urn:example:ring"}), HasSubstr("is provided by zoo"));
}

}  // namespace
}  // namespace oidcop::testing
