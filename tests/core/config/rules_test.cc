#include "config_files.h"

#include <gmock/gmock.h>

namespace oidcop::config {
namespace {

using ::testing::HasSubstr;
using ConfigRules = ConfigFiles;

TEST_F(ConfigRules, AnIssuerIsAPlainHttpsUrl) {
  EXPECT_EQ(problems_in(R"({"issuer": "https://op.example.org/"})"),
            "issuer: ends in '/'; leave it out, because clients compare the issuer exactly\n");
  EXPECT_EQ(problems_in(R"({"issuer": "https://op.example.org/a?b"})"),
            "issuer: has a query, which an issuer must not have\n");
  EXPECT_EQ(problems_in(R"({"issuer": "https://op.example.org/a#b"})"),
            "issuer: has a fragment, which an issuer must not have\n");
  EXPECT_EQ(problems_in(R"({"issuer": "http://localhost:8080"})"), "issuer: is not an https URL\n");
  EXPECT_THAT(problems_in(R"({"issuer": "op.example.org"})"), HasSubstr("issuer: is not a"));
}

TEST_F(ConfigRules, AnIssuerWithAPathIsDoubtful) {
  EXPECT_THAT(warnings_of(load(R"({"issuer": "https://example.org/op"})")),
              HasSubstr("issuer: has a path: cookies"));
  EXPECT_EQ(
      warnings_of(load(R"({"issuer": "https://example.org/op", "cookie_handler": {"path_scoped": true}})")),
      "");
}

TEST_F(ConfigRules, TheEndpointsThatALoginNeedsMustBeNamed) {
  EXPECT_EQ(problems_with(R"("endpoint": {"userinfo": {}, "jwks": {}, "provider_info": {}})"),
            "endpoint: does not name \"authorization\", without which nobody can log in; this section lists "
            "all endpoints "
            "that are on, add \"authorization\": {}\n"
            "endpoint: does not name \"token\", without which nobody can log in; this section lists all "
            "endpoints that are "
            "on, add \"token\": {}\n");
}

TEST_F(ConfigRules, ThePageForDevicesHasAPlaceOfItsOwn) {
  const std::string needed =
      R"("endpoint": {"authorization": {}, "token": {}, "jwks": {}, "provider_info": {}, )";
  for (const auto* path : {"token", "authorization/login"}) {
    EXPECT_THAT(
        problems_with(needed + R"("device_authorization": {"verification_path": ")" + path + R"("}})"),
        HasSubstr("verification_path: is "))
        << path;
  }
  EXPECT_EQ(problems_with(needed + R"("device_authorization": {"verification_path": "tv"}})"), "none");
}

TEST_F(ConfigRules, DevicesNeedTheirGrantType) {
  const std::string devices =
      R"("endpoint": {"authorization": {}, "token": {}, "jwks": {}, "provider_info": {}, "device_authorization": {}})";
  EXPECT_THAT(
      problems_with(devices + R"(, "capabilities": {"grant_types_supported": ["authorization_code"]})"),
      HasSubstr("endpoint.device_authorization: is on, but capabilities.grant_types_supported"));
  EXPECT_EQ(problems_with(devices), "none");
}

// RFC 9126, 2.2: five seconds to ten minutes; what is usual is a minute.
TEST_F(ConfigRules, PushedRequestsThatLieAboutAreDoubtful) {
  const auto warnings = [&](const std::string& lifetime) {
    return warnings_of(
        load(R"({"issuer": "https://op.example.org", "endpoint": {"authorization": {}, "token": {},
        "jwks": {}, "provider_info": {}, "pushed_authorization": {"expires_in": ")" +
             lifetime + R"("}}})"));
  };
  EXPECT_EQ(warnings("60s") + warnings("90s"), "");
  for (const auto* lifetime : {"59s", "91s", "10m"}) {
    EXPECT_THAT(warnings(lifetime), HasSubstr("endpoint.pushed_authorization.expires_in: is")) << lifetime;
  }
  EXPECT_EQ(warnings_of(load(R"({"issuer": "https://op.example.org"})")), "") << "nor the default";
}

TEST_F(ConfigRules, AProviderWithoutDiscoveryIsDoubtful) {
  EXPECT_THAT(warnings_of(load_with(R"("endpoint": {"authorization": {}, "token": {}, "jwks": {}})")),
              HasSubstr("endpoint: does not name \"provider_info\""));
  EXPECT_THAT(warnings_of(load_with(R"("endpoint": {"authorization": {}, "token": {}, "jwks": {},
                                                    "provider_info": {"path": "metadata"}})")),
              HasSubstr("endpoint.provider_info.path: is not \".well-known/openid-configuration\""));
}

TEST_F(ConfigRules, TwoEndpointsHaveTwoPaths) {
  EXPECT_EQ(problems_with(
                R"("endpoint": {"authorization": {}, "token": {"path": "t"}, "refresh_token": {"path": "t"},
                                          "jwks": {}, "provider_info": {}})"),
            "endpoint.token.path: is the same as endpoint.refresh_token.path\n");
}

TEST_F(ConfigRules, AClientMethodIsBuiltInOrDeclared) {
  const auto with_token = [](const std::string& methods, const std::string& add_on) {
    return R"("endpoint": {"authorization": {}, "jwks": {}, "provider_info": {},
                           "token": {"client_authn_method": )" +
           methods + R"(}}, "add_on": )" + add_on;
  };
  EXPECT_EQ(
      problems_with(with_token(R"(["none", "client_secret_basik"])", "{}")),
      "endpoint.token.client_authn_method: names \"client_secret_basik\", which is neither built in nor "
      "declared in add_on.client_authn_method (did you mean \"client_secret_basic\"?)\n");
  EXPECT_EQ(
      problems_with(with_token(R"(["company_bagde"])", R"({"client_authn_method": ["company_badge"]})")),
      "endpoint.token.client_authn_method: names \"company_bagde\", which is neither built in nor declared "
      "in "
      "add_on.client_authn_method (did you mean \"company_badge\"?)\n");
  EXPECT_EQ(
      problems_with(with_token(R"(["company_badge"])", R"({"client_authn_method": ["company_badge"]})")),
      "none");
  EXPECT_EQ(problems_with(with_token(R"(["two words"])", "{}")),
            "endpoint.token.client_authn_method[0]: is not printable ASCII without spaces\n");
  EXPECT_EQ(problems_with(with_token(R"(["company_badge"])", R"({"client_authn_method": [""]})")),
            "add_on.client_authn_method[0]: is not printable ASCII without spaces\n")
      << "what rests on a refused declaration is no news";
}

TEST_F(ConfigRules, ADeclaredClientMethodIsNewAndWanted) {
  for (const auto* own : {"none", "private_key_jwt", "extension"}) {
    EXPECT_EQ(
        problems_with(R"("add_on": {"client_authn_method": [")" + std::string(own) + R"("]})"),
        "add_on.client_authn_method: names \"" + std::string(own) + "\", which is the provider's own\n");
  }
  EXPECT_THAT(warnings_of(load_with(R"("add_on": {"client_authn_method": ["company_badge"]})")),
              HasSubstr("add_on.client_authn_method: names \"company_badge\", which no endpoint's "
                        "client_authn_method lists"));
}

TEST_F(ConfigRules, AKeyDefinitionFitsItsType) {
  EXPECT_EQ(
      problems_with(
          R"("keys": {"key_defs": [{"type": "RSA", "crv": "P-256"}, {"type": "EC", "bits": 3072, "crv": "P-256"},
       {"type": "EC"}, {"type": "OKP", "crv": "P-256"}, {"type": "EC", "crv": "P-384", "alg": "ES256"}]})"),
      "keys.key_defs[0].crv: does not apply: it is only for keys of the type EC or OKP\n"
      "keys.key_defs[1].bits: does not apply: it is only for keys of the type RSA\n"
      "keys.key_defs[2].crv: must be P-256, P-384, P-521 or secp256k1 for a key of this type\n"
      "keys.key_defs[3].crv: must be Ed25519 or Ed448 for a key of this type\n"
      "keys.key_defs[4].alg: does not fit a key of this type\n");
}

TEST_F(ConfigRules, TheDefaultAlgorithmsHaveAKey) {
  EXPECT_EQ(problems_with(R"("keys": {"key_defs": [{"type": "EC", "crv": "P-256"}]})"),
            "token_handler_args.id_token.alg: is \"RS256\", but no key in keys.key_defs can sign with it\n");
  EXPECT_EQ(problems_with(R"("keys": {"key_defs": [{"type": "OKP", "crv": "Ed25519"}]},
                             "token_handler_args": {"id_token": {"alg": "EdDSA"}, "token": {"format": "jwt", "alg": "ES256"}})"),
            "token_handler_args.token.alg: is \"ES256\", but no key in keys.key_defs can sign with it\n");
}

// RFC 9864 gives each Edwards curve a name of its own.
TEST_F(ConfigRules, EitherNameOfAnEdwardsCurveHasAKey) {
  const auto with = [this](const std::string& key, const std::string& alg) {
    return problems_with(R"("keys": {"key_defs": [)" + key + R"(]},
                            "token_handler_args": {"id_token": {"alg": ")" +
                         alg + R"("}})");
  };
  const std::string ed25519 = R"({"type": "OKP", "crv": "Ed25519"})";
  const std::string ed448 = R"({"type": "OKP", "crv": "Ed448"})";
  for (const auto* alg : {"EdDSA", "Ed25519"}) EXPECT_EQ(with(ed25519, alg), "none") << alg;
  for (const auto* alg : {"EdDSA", "Ed448"}) EXPECT_EQ(with(ed448, alg), "none") << alg;
  EXPECT_EQ(with(R"({"type": "EC", "crv": "secp256k1"})", "ES256K"), "none");
  EXPECT_EQ(
      with(ed448, "Ed25519"),
      "token_handler_args.id_token.alg: is \"Ed25519\", but no key in keys.key_defs can sign with it\n");
  EXPECT_EQ(
      with(R"({"type": "OKP", "crv": "Ed25519", "alg": "EdDSA"})", "Ed25519"),
      "token_handler_args.id_token.alg: is \"Ed25519\", but no key in keys.key_defs can sign with it\n");
  EXPECT_EQ(with(R"({"type": "OKP", "crv": "Ed25519", "alg": "Ed448"})", "Ed448"),
            "keys.key_defs[0].alg: does not fit a key of this type\n"
            "token_handler_args.id_token.alg: is \"Ed448\", but no key in keys.key_defs can sign with it\n");
}

TEST_F(ConfigRules, ScopesHoldTogether) {
  EXPECT_EQ(problems_with(R"("allowed_scopes": ["email"])"),
            "allowed_scopes: does not have \"openid\", which every OpenID Connect request asks for\n");
  EXPECT_EQ(
      problems_with(R"("capabilities": {"scopes_supported": ["openid", "research"]})"),
      "capabilities.scopes_supported: names \"research\", which is not among the scopes that are allowed\n");
}

TEST_F(ConfigRules, ContextClassesBelongToAMethod) {
  EXPECT_EQ(
      problems_with(
          R"("authentication": {"pw": {"acr": "urn:a"}}, "capabilities": {"acr_values_supported": ["urn:b"]},
                             "login_hint2acrs": {"scheme_map": {"email": ["urn:c", "urn:a"]}})"),
      "capabilities.acr_values_supported: names \"urn:b\", which is not among the acr values of the "
      "authentication "
      "methods\n"
      "login_hint2acrs.scheme_map.email: names \"urn:c\", which is not among the acr values of the "
      "authentication "
      "methods\n");
}

TEST_F(ConfigRules, NothingOutlivesItsGrant) {
  EXPECT_EQ(problems_with(R"("authz": {"grant_config": {"expires_in": "1d"}})"),
            "authz.grant_config.usage_rules.refresh_token.expires_in: is 30d, longer than "
            "authz.grant_config.expires_in "
            "(1d)\n");
  EXPECT_EQ(
      problems_with(R"("token_handler_args": {"refresh": {"lifetime": "365d"}})"),
      "token_handler_args.refresh.lifetime: is 365d, longer than authz.grant_config.expires_in (180d)\n");
}

TEST_F(ConfigRules, RotationNeedsSuccessors) {
  EXPECT_EQ(
      problems_with(R"("authz": {"grant_config": {"usage_rules": {"refresh_token": {"supports_minting":
                             ["access_token"]}}}})"),
      "authz.grant_config.usage_rules.refresh_token.supports_minting: does not have \"refresh_token\", but "
      "authz.refresh.rotation wants each refresh token to be followed by a new one\n");
}

// Seals of the day before yesterday do not open: their keys are gone.
TEST_F(ConfigRules, AnInteractionLastsADayAtMost) {
  EXPECT_EQ(problems_with(R"("session_params": {"interaction_lifetime": "25h"})"),
            "session_params.interaction_lifetime: is out of range: 5m to 1d\n");
}

TEST_F(ConfigRules, NoEndpointTakesThePlaceOfAPage) {
  for (const std::string path : {"authorization/login", "authorization/consent", "session/logout"}) {
    EXPECT_EQ(problems_with(R"("endpoint": {"authorization": {}, "token": {}, "provider_info": {},
                                            "end_session": {}, "jwks": {"path": ")" +
                            path + "\"}}"),
              "endpoint.jwks.path: is where a page of the provider is\n");
  }
}

TEST_F(ConfigRules, WhatRegistrationIsToldHoldsTogether) {
  const auto with = [](const std::string& endpoints, const std::string& rest = "") {
    return R"("endpoint": {"authorization": {}, "token": {}, "jwks": {}, "provider_info": {})" + endpoints +
           "}" + rest;
  };
  const std::string issuer =
      R"(, "software_statement_issuers": {"https://v.example": {"jwks_path": "v.json"}})";
  const std::string strict = R"(, "registration": {"require_software_statement": true})";
  EXPECT_EQ(problems_with(with(strict)),
            "endpoint.registration.require_software_statement: is true, but software_statement_issuers names "
            "nobody\n");
  EXPECT_EQ(problems_with(with(strict, issuer)), "none");
  EXPECT_THAT(problems_with(with(strict, R"(, "software_statement_issuers": {"https://v.example": {}})")),
              HasSubstr("software_statement_issuers"));
  EXPECT_THAT(warnings_of(load_with(with("", issuer))),
              HasSubstr("software_statement_issuers: means nothing: endpoint.registration is off"));
  const std::string expiring = R"(, "registration": {"client_secret_expires": true})";
  EXPECT_THAT(warnings_of(load_with(with(expiring))),
              HasSubstr("endpoint.registration.client_secret_expires"));
  EXPECT_EQ(warnings_of(load_with(with(expiring + R"(, "registration_api": {})"))), "");
}

TEST_F(ConfigRules, TheDefaultLanguageIsOneThatIsOffered) {
  EXPECT_EQ(problems_with(R"("capabilities": {"ui_locales_supported": ["de"]})"),
            "ui.default_locale: names \"en\", which is not among capabilities.ui_locales_supported\n");
}

TEST_F(ConfigRules, ACodeIsForOneUse) {
  EXPECT_EQ(problems_with(
                R"("authz": {"grant_config": {"usage_rules": {"authorization_code": {"max_usage": 2}}}})"),
            "authz.grant_config.usage_rules.authorization_code.max_usage: is out of range: 1 uses\n");
}

TEST_F(ConfigRules, AProfileIsAFloor) {
  EXPECT_EQ(problems_with(R"("profile": "oauth21", "add_on": {"pkce": {"essential": false}},
                             "authz": {"refresh": {"rotation": "never"}})"),
            "authz.refresh.rotation: is \"never\", which the profile does not allow\n"
            "add_on.pkce.essential: is false, which the profile does not allow\n");
  EXPECT_EQ(problems_with(R"("profile": "oauth21")"), "none");
  EXPECT_EQ(warnings_of(load_with(R"("authz": {"refresh": {"rotation": "never"}})")),
            "authz.refresh.rotation: is \"never\": a stolen refresh token of a public client is not noticed "
            "(RFC 9700, "
            "2.2.2)\n");
  EXPECT_EQ(warnings_of(load_with(R"("add_on": {"pkce": {"essential": false}})")), "");
}

TEST_F(ConfigRules, NarrowingKeepsWhatDefaultsRestOn) {
  EXPECT_EQ(problems_with(R"("capabilities": {"subject_types_supported": ["pairwise"],
                             "id_token_signing_alg_values_supported": ["ES256"], "grant_types_supported": ["refresh_token"]})"),
            "session_params.default_subject_type: names \"public\", which is not among "
            "capabilities.subject_types_supported\n"
            "token_handler_args.id_token.alg: names \"RS256\", which is not among "
            "capabilities.id_token_signing_alg_values_supported\n"
            "capabilities.grant_types_supported: does not have \"authorization_code\", without which nobody "
            "can log in\n");
  EXPECT_EQ(
      problems_with(R"("endpoint": {"authorization": {}, "jwks": {}, "provider_info": {}, "refresh_token": {},
                             "token": {"grant_types_supported": ["authorization_code"]}})"),
      "endpoint.refresh_token: is on, but capabilities.grant_types_supported does not have "
      "\"refresh_token\"\n");
}

TEST_F(ConfigRules, EachFileHasOneUse) {
  EXPECT_EQ(problems_with(R"("keys": {"private_path": "a", "public_path": "./x/../a", "secrets_path": "s"},
                             "database": {"path": "s"})"),
            "keys.secrets_path: is the same file as database.path\n"
            "keys.public_path: is the same file as keys.private_path\n");
}

TEST_F(ConfigRules, ListeningToOtherMachinesMustBeAskedFor) {
  for (const auto* host : {"0.0.0.0", "op.example.org", "[::]", "127.0.0.1.example.org"}) {
    EXPECT_THAT(problems_with(R"("responder": {"listen": ")" + std::string(host) + R"(:9000"})"),
                HasSubstr("responder.listen: is an address that other machines reach"))
        << host;
  }
  for (const auto* host : {"127.0.0.1", "localhost", "[::1]"}) {
    EXPECT_EQ(problems_with(R"("responder": {"listen": ")" + std::string(host) + R"(:9000"})"), "none")
        << host;
  }
  EXPECT_EQ(problems_with(R"("responder": {"listen": "0.0.0.0:9000", "allow_remote_tcp": true})"), "none");
  EXPECT_EQ(problems_with(R"("responder": {"allow_remote_tcp": true})"),
            "responder.allow_remote_tcp: is true, but responder.listen is not HOST:PORT\n");
  EXPECT_EQ(problems_with(R"("responder": {"listen": "localhost:70000"})"),
            "responder.listen: has no port from 1 to 65535\n");
}

TEST_F(ConfigRules, WhatTcpCannotTellIsNotBelieved) {
  EXPECT_EQ(problems_with(R"("responder": {"listen": "localhost:9000", "allowed_peers": ["www-data"],
                             "remote_user": {"marker": "0123456789abcdef"}})"),
            "responder.allowed_peers: can be told only over a Unix socket, not over TCP\n"
            "responder.remote_user.marker: counts over TCP only together with responder.shared_secret\n");
}

TEST_F(ConfigRules, LimitsContainEachOther) {
  EXPECT_EQ(problems_with(R"("responder": {"limits": {"uri": 20000, "parameter_octets": 10000}})"),
            "responder.limits.uri: is more than responder.limits.parameter_octets, which counts it in\n");
}

TEST_F(ConfigRules, AKeyHasWholeOctets) {
  EXPECT_EQ(problems_with(R"("keys": {"key_defs": [{"bits": 2050}]})"),
            "keys.key_defs[0].bits: is not a multiple of 8\n");
}

TEST_F(ConfigRules, EachKeyIsAskedForOnce) {
  EXPECT_EQ(problems_with(R"("keys": {"key_defs": [{"type": "RSA"}, {"bits": 3072}, {"bits": 2048}]})"),
            "keys.key_defs[2]: asks for the same key as one before it\n");
}

TEST_F(ConfigRules, ForgettingCommitsIsDoubtful) {
  EXPECT_THAT(warnings_of(load_with(R"("database": {"synchronous": "normal"})")),
              HasSubstr("database.synchronous: is \"normal\": after a power failure"));
}

TEST_F(ConfigRules, FetchingFromPrivateNetworksIsDoubtful) {
  const auto loaded = load_with(R"("httpc_params": {"allowed_networks": ["127.0.0.0/8", "::1", "fd00:7::/32"],
                                   "ca_file": "test-ca.pem"})");
  EXPECT_EQ(
      warnings_of(loaded),
      "httpc_params.allowed_networks: lets every client make the provider send requests into these "
      "networks; right for a test or an intranet whose services do not mind\n"
      "httpc_params.ca_file: is trusted besides the system's authorities: whoever holds its key can pass "
      "for any client's host\n");
  EXPECT_EQ(loaded->config.httpc_params.ca_file, folder_ / "test-ca.pem");
}

TEST_F(ConfigRules, AllowedNetworksAreBlocksOfAddresses) {
  EXPECT_THAT(problems_with(R"("httpc_params": {"allowed_networks": ["localhost"]})"),
              HasSubstr("httpc_params.allowed_networks[0]: "));
  EXPECT_EQ(problems_with(R"("httpc_params": {"allowed_networks": ["10.0.0.0/8", "10.0.0.1/8"]})"),
            "httpc_params.allowed_networks: [1]: the address has bits behind the prefix\n");
  EXPECT_THAT(problems_with(R"("httpc_params": {"allowed_networks": ["10.0.0.0/33"]})"),
              HasSubstr("the prefix length is no number of bits"));
}

TEST_F(ConfigRules, AConnectionHasNoMoreTimeThanTheWhole) {
  EXPECT_EQ(problems_with(R"("httpc_params": {"connect_timeout": "9s"})"),
            "httpc_params.connect_timeout: is longer than httpc_params.timeout, which is for the whole\n");
}

TEST_F(ConfigRules, CertificatesCannotGoUnverified) {
  EXPECT_THAT(problems_with(R"("httpc_params": {"verify": false})"),
              HasSubstr("httpc_params.verify: certificates are always verified"));
}

}  // namespace
}  // namespace oidcop::config
