#include "config_files.h"

#include <gmock/gmock.h>

namespace oidcop::config {
namespace {

using ::testing::HasSubstr;
using ConfigKeys = ConfigFiles;
using ConfigValues = ConfigFiles;
using ConfigSecrets = ConfigFiles;

TEST_F(ConfigKeys, AMisspeltKeyGetsTheNearestOne) {
  EXPECT_EQ(problems_with(R"("endpoint": {"provider_info": {}, "jwks": {}, "authorization": {}, "token": {},
                                          "user_info": {"path": "u"}})"),
            "endpoint.user_info: unknown key (did you mean \"endpoint.userinfo\"?)\n");
  EXPECT_EQ(problems_with(R"("add_on": {"pkce": {"code_challenge_method": "S256"}})"),
            "add_on.pkce.code_challenge_method: unknown key (did you mean "
            "\"add_on.pkce.code_challenge_methods\"?)\n");
  EXPECT_EQ(problems_with(R"("Log": {})"), "Log: unknown key (did you mean \"log\"?)\n");
  EXPECT_EQ(problems_with(R"("cookie-handler": {})"),
            "cookie-handler: unknown key (did you mean \"cookie_handler\"?)\n");
}

TEST_F(ConfigKeys, AKeyInTheWrongSectionIsSentToItsOwn) {
  EXPECT_EQ(problems_with(R"("private_path": "x")"),
            "private_path: unknown key (did you mean \"keys.private_path\"?)\n");
}

TEST_F(ConfigKeys, AKeyLikeNoOtherGetsNoSuggestion) {
  EXPECT_EQ(problems_with(R"("zzzzzzzzzzzz": 1)"), "zzzzzzzzzzzz: unknown key\n");
}

TEST_F(ConfigKeys, NamesOfTheReferenceThatHaveNoPlaceHereAreExplained) {
  EXPECT_EQ(problems_with(R"("sso_ttl": 5)"), "sso_ttl: it is `session_params.sso_lifetime` here\n");
  EXPECT_EQ(problems_with(R"("authz": {"class": "oidcop.authz.AuthzHandling"})"),
            "authz.class: unknown key: there are no classes to name here, and what stood in \"kwargs\" "
            "stands one level "
            "up\n");
}

TEST_F(ConfigKeys, ASectionMustBeAnObject) {
  EXPECT_EQ(problems_with(R"("log": [], "keys": {"key_defs": {}}, "scopes_to_claims": "all")"),
            "keys.key_defs: expected a list of objects, found an object\n"
            "log: expected an object, found a list\n"
            "scopes_to_claims: expected an object, found a text\n");
}

TEST_F(ConfigKeys, ElementsOfAListAreNamedByTheirIndex) {
  EXPECT_EQ(problems_with(R"("keys": {"key_defs": [5, {"type": "RSA", "bit": 1}, {"type": "DSA"}]})"),
            "keys.key_defs[0]: expected an object, found a number\n"
            "keys.key_defs[1].bit: unknown key (did you mean \"keys.key_defs[1].bits\"?)\n"
            "keys.key_defs[2].type: is not one of \"RSA\", \"EC\", \"OKP\" (did you mean \"RSA\"?)\n");
}

TEST_F(ConfigKeys, NamesOfTheAdministratorsChoiceMustBeUsable) {
  EXPECT_EQ(
      problems_with(R"("authentication": {"pass word": {}}, "scopes_to_claims": {"openid": [], "a b": []})"),
      "authentication.\"pass word\": has a name that is not at most 32 letters, digits, '-' and '_', "
      "beginning with "
      "a letter or digit\n"
      "scopes_to_claims.\"a b\": has a name that is not a scope value: printable ASCII without space, '\"' "
      "and "
      "'\\'\n");
}

TEST_F(ConfigValues, EachTypeSaysWhatItWants) {
  EXPECT_EQ(problems_with(R"("keys": {"read_only": "no", "private_path": 7, "max_age": true},
                             "responder": {"workers": "4", "allowed_peers": "www-data"},
                             "ui": {"op_tos_uri": "http://example.org/", "op_name": ""},
                             "allowed_scopes": ["openid", 3], "log": {"level": null})"),
            "allowed_scopes[1]: expected a text, found a number\n"
            "keys.max_age: expected a duration (whole seconds, or a text such as \"10m\", \"12h\", \"30d\"), "
            "found true or "
            "false\n"
            "keys.private_path: expected a text, found a number\n"
            "keys.read_only: expected true or false, found a text\n"
            "log.level: is null; leave the key out to have its default\n"
            "responder.allowed_peers: expected a list of texts, found a text\n"
            "responder.workers: expected a whole number, found a text\n"
            "ui.op_name: is not one line of text, not empty\n"
            "ui.op_tos_uri: is not an https URL\n");
}

TEST_F(ConfigValues, AMisspeltValueGetsTheNearestOne) {
  EXPECT_EQ(
      problems_with(R"("endpoint": {"jwks": {}, "provider_info": {}, "authorization": {}, "token": {},
                                          "userinfo": {"client_authn_method": ["bearer_headr"]}})"),
      "endpoint.userinfo.client_authn_method[0]: is not one of \"bearer_header\", \"bearer_body\" (did you "
      "mean \"bearer_header\"?)\n");
}

TEST_F(ConfigValues, AListNamesEachValueOnce) {
  EXPECT_EQ(problems_with(R"("allowed_scopes": ["openid", "email", "openid"])"),
            "allowed_scopes[2]: is there twice\n");
}

TEST_F(ConfigValues, DurationsAreSecondsOrTexts) {
  const auto loaded = load_with(R"("session_params": {"sso_idle_lifetime": 90, "sso_lifetime": "12h"},
                                   "keys": {"max_age": "2d", "reload_interval": "5s"},
                                   "authz": {"grant_config": {"expires_in": "30w"}, "refresh": {"grace": 0}},
                                   "token_handler_args": {"id_token": {"lifetime": "300"}})");
  ASSERT_TRUE(loaded) << to_text(loaded.error());
  const auto& config = loaded->config;
  EXPECT_EQ(config.session_params.sso_idle_lifetime, Seconds(90));
  EXPECT_EQ(config.session_params.sso_lifetime, std::chrono::hours(12));
  EXPECT_EQ(config.keys.max_age, std::chrono::hours(48));
  EXPECT_EQ(config.keys.reload_interval, Seconds(5));
  EXPECT_EQ(config.authz.grant_config.expires_in, std::chrono::hours(24 * 7 * 30));
  EXPECT_EQ(config.authz.refresh.grace, Seconds(0));
  EXPECT_EQ(config.authz.grant_config.usage_rules.id_token.expires_in, Seconds(300));
}

TEST_F(ConfigValues, ACodeLivesAtMostTenMinutes) {
  EXPECT_EQ(problems_with(R"("token_handler_args": {"code": {"lifetime": "11m"}})"),
            "token_handler_args.code.lifetime: is out of range: 1s to 10m\n");
  EXPECT_EQ(problems_with(
                R"("authz": {"grant_config": {"usage_rules": {"authorization_code": {"expires_in": 601}}}})"),
            "authz.grant_config.usage_rules.authorization_code.expires_in: is out of range: 1s to 10m\n");
}

TEST_F(ConfigValues, AnotherNameForASettingMustAgreeWithIt) {
  EXPECT_EQ(problems_with(R"("token_handler_args": {"token": {"lifetime": 600}},
                             "authz": {"grant_config": {"usage_rules": {"access_token": {"expires_in": "10m"}}}})"),
            "none");
  EXPECT_EQ(problems_with(R"("token_handler_args": {"token": {"lifetime": 601}},
                             "authz": {"grant_config": {"usage_rules": {"access_token": {"expires_in": 600}}}})"),
            "token_handler_args.token.lifetime: contradicts "
            "authz.grant_config.usage_rules.access_token.expires_in, which is "
            "the same setting\n");
}

TEST_F(ConfigValues, TheUriPathOfTheKeysIsThatOfTheirEndpoint) {
  const auto loaded = load_with(R"("keys": {"uri_path": "static/jwks.json"})");
  ASSERT_TRUE(loaded) << to_text(loaded.error());
  EXPECT_EQ(loaded->config.endpoint_url("jwks"), "https://op.example.org/static/jwks.json");
  EXPECT_THAT(
      problems_with(R"("keys": {"uri_path": "k"}, "endpoint": {"authorization": {}, "token": {}})"),
      HasSubstr("keys.uri_path: does not apply: it is only for a provider whose endpoint `jwks` is on"));
}

TEST_F(ConfigValues, EndpointPathsStandBelowTheIssuer) {
  for (const auto* path : {"/token", "a//b", "../a", "a/..", "a?b", "a%20b", "", "token/", "a b"}) {
    EXPECT_EQ(problems_with(R"("keys": {"uri_path": ")" + std::string(path) + "\"}"),
              "keys.uri_path: is not a path below the issuer without a leading '/', such as \"token\"\n")
        << path;
  }
}

TEST_F(ConfigValues, ClaimsAreNamesOrRequests) {
  const auto loaded = load_with(R"("claims": {"id_token": {"base_claims": ["email", "name"]},
      "userinfo": {"always_add_claims": {"email": {"essential": true}, "hd": {"value": "example.org"},
                                         "role": {"values": ["a", "b"]}, "name": null}}})");
  ASSERT_TRUE(loaded) << to_text(loaded.error());
  EXPECT_EQ(loaded->config.claims.id_token.base_claims.at(1).name, "name");
  const auto& specs = loaded->config.claims.userinfo.always_add_claims;
  ASSERT_EQ(specs.size(), 4U);
  EXPECT_TRUE(specs[0].essential);
  EXPECT_EQ(specs[1].values, std::vector<std::string>{"example.org"});
  EXPECT_EQ(specs[3].values, (std::vector<std::string>{"a", "b"}));
}

TEST_F(ConfigValues, MalformedClaimsAreRefused) {
  EXPECT_EQ(problems_with(R"("claims": {"id_token": {"base_claims": {"email": {"esential": true}},
                                                     "always_add_claims": [7]},
                                        "userinfo": {"base_claims": {"a": {"value": "x", "values": []}},
                                                     "always_add_claims": 5}})"),
            "claims.id_token.always_add_claims[0]: expected a text, found a number\n"
            "claims.id_token.base_claims.email.esential: unknown key (did you mean \"essential\"?)\n"
            "claims.userinfo.always_add_claims: expected a list of claim names or an object of claim "
            "requests, found a "
            "number\n"
            "claims.userinfo.base_claims.a: has both \"value\" and \"values\"\n");
}

TEST_F(ConfigValues, MethodsComeInOrderOfTheirPositionThenName) {
  const auto loaded =
      load_with(R"("authentication": {"b": {}, "c": {"position": 1, "acr": "urn:x"}, "a": {}})");
  ASSERT_TRUE(loaded) << to_text(loaded.error());
  const auto& methods = loaded->config.authentication;
  ASSERT_EQ(methods.size(), 3U);
  EXPECT_EQ(methods[0].id, "c");
  EXPECT_EQ(methods[0].acr, "urn:x");
  EXPECT_EQ(methods[1].id, "a");
  EXPECT_EQ(methods[2].id, "b");
}

TEST_F(ConfigSecrets, ComeFromTextFileOrEnvironment) {
  variables_["MARKER"] = "from the environment\n";
  put("private/shared", "from a private file\r\n");
  const auto loaded = load_with(R"("responder": {"shared_secret": {"file": "private/shared"},
                                                 "remote_user": {"marker": {"env": "MARKER"}}})");
  ASSERT_TRUE(loaded) << to_text(loaded.error());
  EXPECT_EQ(loaded->config.responder.shared_secret.value().reveal(), "from a private file");
  EXPECT_EQ(loaded->config.responder.remote_user.marker.value().reveal(), "from the environment");
  const auto inline_secret = load_with(R"("responder": {"shared_secret": "from the file itself"})");
  ASSERT_TRUE(inline_secret) << to_text(inline_secret.error());
  EXPECT_EQ(inline_secret->config.responder.shared_secret.value().reveal(), "from the file itself");
}

TEST_F(ConfigSecrets, ThatCannotBeHadAreReportedAll) {
  put("open", "everybody may read this one", 0644);
  variables_["EMPTY"] = "";
  const auto text = problems_with(R"("responder": {"shared_secret": {"file": "open"},
                                                   "remote_user": {"marker": {"env": "NOT_SET"}}})");
  EXPECT_THAT(text, HasSubstr("responder.shared_secret: cannot be read from its file: "));
  EXPECT_THAT(text,
              HasSubstr("responder.remote_user.marker: is in an environment variable that is not set\n"));
  EXPECT_THAT(text, Not(HasSubstr("everybody may read this one")));
  EXPECT_THAT(problems_with(R"("responder": {"shared_secret": {"file": "nowhere"}})"),
              HasSubstr("cannot be read"));
  EXPECT_EQ(problems_with(R"("responder": {"shared_secret": {"env": "EMPTY"}})"),
            "responder.shared_secret: is empty\n");
}

TEST_F(ConfigSecrets, AreNeverRepeatedInMessages) {
  const auto text = problems_with(R"("responder": {"shared_secret": {"fiel": "hunter2hunter2hunter2"},
                                     "remote_user": {"marker": "hunter2"}})");
  EXPECT_EQ(
      text,
      "responder.shared_secret: expected a text, {\"file\": \"PATH\"} or {\"env\": \"NAME\"} (did you mean "
      "\"file\"?)\n"
      "responder.remote_user.marker: is shorter than 16 characters\n");
}

TEST_F(ConfigSecrets, InAFileThatEverybodyMayReadAreWarnedOf) {
  put("oidcop.json",
      R"({"issuer": "https://op.example.org", "responder": {"shared_secret": "0123456789abcdef"}})", 0644);
  EXPECT_THAT(warnings_of(load()), HasSubstr("holds a secret and can be read by every user of this machine"));
}

}  // namespace
}  // namespace oidcop::config
