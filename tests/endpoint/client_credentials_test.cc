#include "token_keeping.h"

#include "jose/jwt.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace oidcop::testing {
namespace {

using ::testing::HasSubstr;

constexpr const char* kSettings = R"({
  "endpoint": {"provider_info": {}, "jwks": {}, "authorization": {}, "token": {}, "userinfo": {},
               "revocation": {}, "introspection": {"resource_servers": ["gateway"]}},
  "allowed_scopes": ["openid", "profile", "email", "offline_access", "read", "write"],
  "resources": {"https://api.example.org": {"access_token_format": "jwt"}}})";

/// With a client "batch" that has nothing to do with people.
struct BatchScene : TokenScene {
  BatchScene() : TokenScene(kSettings) { add_batch({}); }
  void add_batch(const std::function<void(model::Client&)>& change) {
    op.add_client([&](model::Client& client) {
      client.id = model::ClientId("batch");
      client.redirect_uris.clear();
      client.response_types.clear();
      client.grant_types = {"client_credentials"};
      if (change) change(client);
    });
  }
  http::Response ask(const Fields& more = {}) {
    return post_token(op, with({{"grant_type", "client_credentials"}}, more), header_of("batch"));
  }
};

TEST(ClientCredentials, GiveAnAccessTokenAndNothingElse) {  // RFC 6749, 4.4.3
  BatchScene scene;
  const auto answer = scene.ask({{"scope", "read"}});
  ASSERT_EQ(answer.status, 200) << answer.body << scene.op.log();
  EXPECT_EQ(member(answer, "token_type"), "Bearer");
  EXPECT_EQ(member(answer, "scope"), "read");
  EXPECT_EQ(member(answer, "expires_in"), "3600");
  EXPECT_EQ(member(answer, "refresh_token"), "");
  EXPECT_EQ(member(answer, "id_token"), "");
  EXPECT_EQ(answer.header("Cache-Control"), "no-store");
}

TEST(ClientCredentials, AreIntrospectedAndRevokedLikeOthers) {
  BatchScene scene;
  const auto token = member(scene.ask({{"scope", "read"}}), "access_token");
  const auto told = scene.introspect(token, "gateway");
  EXPECT_EQ(member(told, "active"), "true");
  EXPECT_EQ(member(told, "sub"), "batch");
  EXPECT_EQ(member(told, "client_id"), "batch");
  EXPECT_EQ(member(told, "scope"), "read");
  EXPECT_EQ(member(told, "aud"), scene.op.issuer());
  EXPECT_EQ(scene.introspect(token, "shop").body, R"({"active":false})");
  EXPECT_EQ(scene.revoke(token, "shop").status, 400);
  EXPECT_EQ(member(scene.introspect(token, "batch"), "active"), "true");
  EXPECT_EQ(scene.revoke(token, "batch").status, 200);
  EXPECT_EQ(scene.introspect(token, "batch").body, R"({"active":false})");
}

TEST(ClientCredentials, EndWithTheirTimeAndTheirClient) {
  BatchScene scene;
  const auto token = member(scene.ask(), "access_token");
  scene.op.clock.tick(std::chrono::hours(1));
  EXPECT_EQ(scene.introspect(token, "gateway").body, R"({"active":false})");
  const auto another = member(scene.ask(), "access_token");
  ASSERT_TRUE(scene.op.store().sweep(scene.op.clock.now(), 100));
  EXPECT_EQ(member(scene.introspect(another, "gateway"), "active"), "true");
  scene.add_batch([](model::Client& client) { client.enabled = false; });
  EXPECT_EQ(scene.introspect(another, "gateway").body, R"({"active":false})");
}

TEST(ClientCredentials, AreAboutNobodySoThatUserinfoHasNothingToSay) {
  BatchScene scene;
  EXPECT_EQ(get_userinfo(scene.op, member(scene.ask(), "access_token")).status, 401);
}

TEST(ClientCredentials, GiveNoScopeThatIsAboutPeople) {
  BatchScene scene;
  EXPECT_EQ(member(scene.ask({{"scope", "openid read offline_access"}}), "scope"), "read");
  for (const auto* scope : {"openid", "offline_access", "unknown", "a\"b"}) {
    const auto refused = scene.ask({{"scope", scope}});
    EXPECT_EQ(refused.status, 400) << scope;
    EXPECT_EQ(member(refused, "error"), "invalid_scope") << scope;
  }
}

TEST(ClientCredentials, WithoutAScopeGiveWhatTheClientIsRegisteredFor) {  // RFC 6749, 3.3
  BatchScene scene;
  EXPECT_EQ(member(scene.ask(), "scope"), "");
  scene.add_batch([](model::Client& client) {
    client.allowed_scopes = model::ScopeSet({"openid", "write"});
  });
  EXPECT_EQ(member(scene.ask(), "scope"), "write");
  EXPECT_EQ(member(scene.ask({{"scope", "read"}}), "error"), "invalid_scope");
}

TEST(ClientCredentials, CanBeForAResource) {  // RFC 8707; RFC 9068, 2.2
  BatchScene scene;
  const auto token = member(scene.ask({{"resource", "https://api.example.org"}}), "access_token");
  const auto keys = *jose::JwkSet::parse_text(scene.op.handle(a_request("GET", "/jwks.json")).body);
  const auto jwt = jose::verify_jwt_signature(token, keys, {.algorithms = jose::AlgorithmSet::asymmetric()});
  ASSERT_TRUE(jwt) << token;
  EXPECT_EQ(jwt->header.text("typ"), "at+jwt");
  EXPECT_EQ(jwt->claims.text("sub"), "batch");
  EXPECT_EQ(jwt->claims.text("aud"), "https://api.example.org");
  EXPECT_FALSE(jwt->claims.has("auth_time"));
  EXPECT_EQ(member(scene.ask({{"resource", "https://other.example.org"}}), "error"), "invalid_target");
}

TEST(ClientCredentials, AreForRegisteredAndConfidentialClientsOnly) {  // RFC 6749, 4.4
  BatchScene scene;
  const auto not_registered =
      post_token(scene.op, {{"grant_type", "client_credentials"}}, scene.header_of("shop"));
  EXPECT_EQ(member(not_registered, "error"), "unauthorized_client");
  scene.add_batch([](model::Client& client) {
    client.token_endpoint_auth_method = model::ClientAuthMethod::none;
    client.secrets.clear();
  });
  const auto publicly = post_token(scene.op, {{"grant_type", "client_credentials"}, {"client_id", "batch"}});
  EXPECT_EQ(member(publicly, "error"), "unauthorized_client") << publicly.body;
}

TEST(ClientCredentials, AreOffWhereTheCapabilitiesLeaveThemOut) {
  Scene scene(with_settings(R"({"capabilities": {"grant_types_supported": ["authorization_code"]}})"));
  const auto refused = post_token(scene.op, {{"grant_type", "client_credentials"}}, scene.header());
  EXPECT_EQ(member(refused, "error"), "unsupported_grant_type");
}

// --- grant types of an embedding program
// ---------------------------------------------------------------------

const std::string kPaper = "urn:example:grant-type:paper";

/// A provider whose program believes slips of paper: "paper" names whom it is about.
TestOp::Options with_paper(GrantHook hook) {
  TestOp::Options options;
  options.settings = R"({"add_on": {"grant_types": [")" + kPaper + R"("]},
    "endpoint": {"provider_info": {}, "jwks": {}, "authorization": {}, "token": {}, "userinfo": {},
                 "revocation": {}, "introspection": {}}})";
  EXPECT_TRUE(options.hooks.add_grant("office", kPaper, std::move(hook)));
  return options;
}
GrantHook believing() {
  return [](const Message& request, const HookContext&) -> Result<GrantDecision, ProtocolError> {
    const auto paper = request.text("paper");
    if (!paper) return fail(invalid_request("paper is required.", "paper"));
    if (*paper == "forged") return fail(invalid_grant("The paper is forged."));
    if (*paper == "burning") throw std::runtime_error("fire");
    return GrantDecision{*paper == "none" ? "" : *paper, "openid email"};
  };
}

struct PaperScene : Scene {
  PaperScene() : Scene(with_paper(believing())) {
    change_client([](model::Client& client) { client.grant_types.push_back(kPaper); });
  }
  http::Response bring(const std::string& paper) {
    return post_token(op, with({{"grant_type", kPaper}}, {{"paper", paper}}), header());
  }
};

TEST(ExtensionGrant, GivesATokenAboutThePersonThatTheProgramNames) {  // RFC 6749, 4.5
  PaperScene scene;
  const auto answer = scene.bring("alice");
  ASSERT_EQ(answer.status, 200) << answer.body << scene.op.log();
  EXPECT_EQ(member(answer, "scope"), "openid email");
  EXPECT_EQ(member(answer, "refresh_token"), "");
  const auto told = get_userinfo(scene.op, member(answer, "access_token"));
  EXPECT_EQ(member(told, "email"), "alice@example.org") << told.body;
}

TEST(ExtensionGrant, GivesATokenForTheClientItselfWhenNobodyIsNamed) {
  PaperScene scene;
  const auto answer = scene.bring("none");
  EXPECT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(get_userinfo(scene.op, member(answer, "access_token")).status, 401);
}

TEST(ExtensionGrant, IsRefusedAsTheProgramSaysAndNeverWithoutItsWord) {
  PaperScene scene;
  EXPECT_EQ(member(scene.bring("forged"), "error"), "invalid_grant");
  EXPECT_EQ(member(scene.bring(""), "error"), "invalid_request");
  EXPECT_EQ(member(scene.bring("nobody"), "error"), "invalid_grant");
  const auto broken = scene.bring("burning");
  EXPECT_EQ(broken.status, 500);
  EXPECT_EQ(member(broken, "error"), "server_error");
  EXPECT_THAT(scene.op.log(), HasSubstr("owner=office"));
}

TEST(ExtensionGrant, IsForRegisteredClientsAndForPeopleWhoMayUseThem) {
  PaperScene scene;
  scene.change_client([](model::Client& client) { client.denied_groups = {"guests"}; });
  scene.op.add_user([](model::User& user) { user.groups = {"guests"}; });
  EXPECT_EQ(member(scene.bring("alice"), "error"), "invalid_grant");
  scene.change_client([](model::Client& client) { client.grant_types = {"authorization_code"}; });
  EXPECT_EQ(member(scene.bring("alice"), "error"), "unauthorized_client");
}

TEST(ExtensionGrant, IsTold) {
  PaperScene scene;
  const auto metadata = scene.op.handle(a_request("GET", "/.well-known/openid-configuration"));
  EXPECT_THAT(member(metadata, "grant_types_supported"), HasSubstr(kPaper));
}

TEST(ExtensionGrant, KeepsTheProviderFromStartingWhenItIsDeclaredAndNotThere) {
  TestOp::Options options;
  options.settings = R"({"add_on": {"grant_types": ["urn:example:none"]}})";
  EXPECT_THROW(TestOp op(options), std::runtime_error);
}

TEST(ExtensionGrant, HasANameOfItsOwn) {
  Hooks hooks;
  EXPECT_EQ(hooks.add_grant("a", "password", believing()).error().code, Errc::malformed);
  EXPECT_EQ(hooks.add_grant("a", kPaper, nullptr).error().code, Errc::malformed);
  EXPECT_TRUE(hooks.add_grant("a", kPaper, believing()));
  EXPECT_EQ(hooks.add_grant("b", kPaper, believing()).error().code, Errc::conflict);
}

}  // namespace
}  // namespace oidcop::testing
