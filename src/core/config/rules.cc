#include "config/rules.h"

#include "config/duration.h"

#include <algorithm>
#include <map>

namespace oidcop::config {

namespace {

constexpr std::string_view kDiscoveryPath = ".well-known/openid-configuration";

bool contains(const std::vector<std::string>& list, std::string_view value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

/// Every value of `part` must be in `whole`.
void expect_within(Findings& findings, const std::string& path, const std::vector<std::string>& part,
                   const std::vector<std::string>& whole, const std::string& whole_name,
                   std::vector<std::string> whole_paths) {
  for (const auto& value : part) {
    if (contains(whole, value)) continue;
    std::vector<std::string> paths = {path};
    paths.insert(paths.end(), whole_paths.begin(), whole_paths.end());
    findings.contradiction(std::move(paths), "names \"" + value + "\", which is not among " + whole_name);
  }
}

void expect_not_longer(Findings& findings, const std::string& path, Seconds lifetime,
                       const std::string& bound_path, Seconds bound) {
  if (lifetime <= bound) return;
  findings.contradiction({path, bound_path}, "is " + duration_text(lifetime) + ", longer than " + bound_path +
                                                 " (" + duration_text(bound) + ")");
}

void find_issuer_findings(const Config& config, Findings& findings) {
  const auto& issuer = config.issuer;
  if (issuer.query()) findings.contradiction({"issuer"}, "has a query, which an issuer must not have");
  if (issuer.fragment()) findings.contradiction({"issuer"}, "has a fragment, which an issuer must not have");
  if (!issuer.text().empty() && issuer.text().back() == '/') {
    findings.contradiction({"issuer"},
                           "ends in '/'; leave it out, because clients compare the issuer exactly");
  }
  if (issuer.path().size() > 1 && !config.cookie_handler.path_scoped) {
    findings.doubt("issuer",
                   "has a path: cookies reach everything else on this host. Give the provider a host name of "
                   "its own, or "
                   "set cookie_handler.path_scoped");
  }
}

void find_endpoint_findings(const Config& config, Findings& findings) {
  for (const auto* name : {"authorization", "token", "jwks"}) {
    if (config.endpoint.count(name) != 0) continue;
    findings.contradiction(
        {"endpoint", std::string("endpoint.") + name},
        std::string("does not name \"") + name +
            "\", without which nobody can log in; this section lists all endpoints that are on, "
            "add \"" +
            name + "\": {}");
  }
  std::map<std::string, std::string> owners;
  for (const auto& [name, endpoint] : config.endpoint) {
    const auto path = "endpoint." + name + ".path";
    const auto [owner, first] = owners.emplace(endpoint.path, path);
    if (!first) findings.contradiction({path, owner->second}, "is the same as " + owner->second);
  }
  if (config.endpoint.count("device_authorization") != 0) {
    const std::string path = "endpoint.device_authorization.verification_path";
    const auto [owner, first] = owners.emplace(config.device_authorization.verification_path, path);
    if (!first) findings.contradiction({path, owner->second}, "is the same as " + owner->second);
  }
  const std::pair<std::string_view, std::string_view> kPages[] = {
      {"authorization", "/login"}, {"authorization", "/consent"}, {"end_session", "/logout"}};
  for (const auto& [name, page] : kPages) {
    const auto endpoint = config.endpoint.find(name);
    if (endpoint == config.endpoint.end()) continue;
    if (const auto owner = owners.find(endpoint->second.path + std::string(page)); owner != owners.end())
      findings.contradiction({owner->second}, "is where a page of the provider is");
  }
  const auto info = config.endpoint.find("provider_info");
  if (info == config.endpoint.end()) {
    findings.doubt("endpoint", "does not name \"provider_info\": relying parties must be configured by hand");
  } else if (info->second.path != kDiscoveryPath) {
    findings.doubt("endpoint.provider_info.path", "is not \"" + std::string(kDiscoveryPath) +
                                                      "\", where OpenID Connect Discovery 4 looks for it");
  }
}

void find_device_findings(const Config& config, Findings& findings) {
  if (config.endpoint.count("device_authorization") == 0) return;
  constexpr std::string_view kDeviceCode = "urn:ietf:params:oauth:grant-type:device_code";
  const auto& grants = config.capabilities.grant_types_supported;
  if (grants && !contains(*grants, kDeviceCode)) {
    findings.contradiction(
        {"endpoint.device_authorization", "capabilities.grant_types_supported"},
        "is on, but capabilities.grant_types_supported does not have \"" + std::string(kDeviceCode) + '"');
  }
}

/// A redirect and a page that opens slowly take seconds; a request that lies about for minutes waits for
/// somebody else (RFC 9126, 2.2).
void find_pushed_request_findings(const Config& config, Findings& findings) {
  const auto pushed = config.endpoint.find("pushed_authorization");
  if (pushed == config.endpoint.end()) return;
  const auto lifetime = pushed->second.request_lifetime;
  if (lifetime >= Seconds(60) && lifetime <= Seconds(90)) return;
  findings.doubt("endpoint.pushed_authorization.expires_in",
                 "is " + duration_text(lifetime) + "; 60s to 90s are what people need to get there");
}

void find_registration_findings(const Config& config, Findings& findings) {
  const bool is_on = config.endpoint.count("registration") != 0;
  const auto& issuers = config.software_statement_issuers;
  if (is_on && config.registration.require_software_statement && issuers.empty()) {
    findings.contradiction({"endpoint.registration.require_software_statement", "software_statement_issuers"},
                           "is true, but software_statement_issuers names nobody");
  }
  for (const auto& [name, issuer] : issuers) {
    if (issuer.jwks_path) continue;
    findings.contradiction({"software_statement_issuers"},
                           "does not say where the keys of one are (jwks_path)");
  }
  if (!is_on && !issuers.empty()) {
    findings.doubt("software_statement_issuers", "means nothing: endpoint.registration is off");
  }
  if (is_on && config.registration.client_secret_expires && config.endpoint.count("registration_api") == 0) {
    findings.doubt("endpoint.registration.client_secret_expires",
                   "is true, but endpoint.registration_api is off, where clients get a new secret in time");
  }
}

void find_scope_findings(const Config& config, Findings& findings) {
  const auto scopes = config.scopes();
  const std::string path = config.allowed_scopes ? "allowed_scopes" : "scopes_to_claims";
  if (!contains(scopes, "openid")) {
    findings.contradiction({path}, "does not have \"openid\", which every OpenID Connect request asks for");
  }
  if (config.capabilities.scopes_supported) {
    expect_within(findings, "capabilities.scopes_supported", *config.capabilities.scopes_supported, scopes,
                  "the scopes that are allowed", {path});
  }
}

void find_authentication_findings(const Config& config, Findings& findings) {
  std::vector<std::string> acrs;
  for (const auto& method : config.authentication) acrs.push_back(method.acr);
  const std::string whole = "the acr values of the authentication methods";
  if (config.capabilities.acr_values_supported) {
    expect_within(findings, "capabilities.acr_values_supported", *config.capabilities.acr_values_supported,
                  acrs, whole, {"authentication"});
  }
  for (const auto& [scheme, values] : config.login_hint_scheme_map) {
    expect_within(findings, "login_hint2acrs.scheme_map." + scheme, values, acrs, whole, {"authentication"});
  }
}

void find_lifetime_findings(const Config& config, Findings& findings) {
  const auto& session = config.session_params;
  expect_not_longer(findings, "session_params.sso_idle_lifetime", session.sso_idle_lifetime,
                    "session_params.sso_lifetime", session.sso_lifetime);
  const auto& grant = config.authz.grant_config;
  const std::string grant_path = "authz.grant_config.expires_in";
  const auto rule_path = [](const char* name) {
    return std::string("authz.grant_config.usage_rules.") + name + ".expires_in";
  };
  expect_not_longer(findings, rule_path("access_token"), grant.usage_rules.access_token.expires_in,
                    grant_path, grant.expires_in);
  expect_not_longer(findings, rule_path("refresh_token"), grant.usage_rules.refresh_token.expires_in,
                    grant_path, grant.expires_in);
}

void find_refresh_findings(const Config& config, Findings& findings) {
  const auto& rules = config.authz.grant_config.usage_rules;
  const auto mints_itself = [&] {
    const auto& minting = rules.refresh_token.supports_minting;
    return std::find(minting.begin(), minting.end(), TokenClass::refresh_token) != minting.end();
  };
  const std::string rotation = "authz.refresh.rotation";
  const std::string minting = "authz.grant_config.usage_rules.refresh_token.supports_minting";
  if (config.authz.refresh.rotation != Rotation::never && !mints_itself()) {
    findings.contradiction({minting, rotation}, "does not have \"refresh_token\", but " + rotation +
                                                    " wants each refresh token to be followed by a new one");
  }
  if (config.authz.refresh.rotation == Rotation::never) {
    if (floor_of(config.profile).rotation_for_public_clients) {
      findings.contradiction({rotation, "profile"}, "is \"never\", which the profile does not allow");
    } else {
      findings.doubt(
          rotation,
          "is \"never\": a stolen refresh token of a public client is not noticed (RFC 9700, 2.2.2)");
    }
  }
  if (floor_of(config.profile).pkce_for_all && !config.add_on.pkce.essential) {
    findings.contradiction({"add_on.pkce.essential", "profile"},
                           "is false, which the profile does not allow");
  }
}

void find_narrowing_findings(const Config& config, Findings& findings) {
  const auto& capabilities = config.capabilities;
  if (const auto& types = capabilities.subject_types_supported) {
    const std::string wanted =
        config.session_params.default_subject_type == SubjectType::pairwise ? "pairwise" : "public";
    expect_within(findings, "session_params.default_subject_type", {wanted}, *types,
                  "capabilities.subject_types_supported", {"capabilities.subject_types_supported"});
  }
  if (const auto& locales = capabilities.ui_locales_supported) {
    expect_within(findings, "ui.default_locale", {config.ui.default_locale}, *locales,
                  "capabilities.ui_locales_supported", {"capabilities.ui_locales_supported"});
  }
  if (const auto& algs = capabilities.id_token_signing_alg_values_supported) {
    expect_within(findings, "token_handler_args.id_token.alg", {config.token_handler_args.id_token_alg},
                  *algs, "capabilities.id_token_signing_alg_values_supported",
                  {"capabilities.id_token_signing_alg_values_supported"});
  }
  if (const auto& grants = capabilities.grant_types_supported;
      grants && !contains(*grants, "authorization_code")) {
    findings.contradiction({"capabilities.grant_types_supported"},
                           "does not have \"authorization_code\", without which nobody can log in");
  }
  if (const auto& grants = capabilities.grant_types_supported;
      grants && !contains(*grants, "refresh_token") && config.endpoint.count("refresh_token") != 0) {
    findings.contradiction({"endpoint.refresh_token", "capabilities.grant_types_supported"},
                           "is on, but capabilities.grant_types_supported does not have \"refresh_token\"");
  }
}

}  // namespace

Findings find_contradictions(const Config& config) {
  Findings findings;
  find_issuer_and_endpoint_findings(config, findings);
  find_client_method_findings(config, findings);
  find_key_findings(config, findings);
  find_policy_findings(config, findings);
  find_service_findings(config, findings);
  return findings;
}

void find_issuer_and_endpoint_findings(const Config& config, Findings& findings) {
  find_issuer_findings(config, findings);
  find_endpoint_findings(config, findings);
  find_registration_findings(config, findings);
  find_device_findings(config, findings);
  find_pushed_request_findings(config, findings);
}

void find_policy_findings(const Config& config, Findings& findings) {
  find_scope_findings(config, findings);
  find_authentication_findings(config, findings);
  find_lifetime_findings(config, findings);
  find_refresh_findings(config, findings);
  find_narrowing_findings(config, findings);
}

}  // namespace oidcop::config
