#include "provider/policies.h"

#include "base/json.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace oidcop::provider {
namespace {

int as_int(std::size_t value) {
  return static_cast<int>(std::min<std::size_t>(value, 1'000'000'000));
}

model::TokenClass token_class(config::TokenClass value) {
  switch (value) {
    case config::TokenClass::authorization_code:
      return model::TokenClass::authorization_code;
    case config::TokenClass::access_token:
      return model::TokenClass::access_token;
    case config::TokenClass::refresh_token:
      return model::TokenClass::refresh_token;
    case config::TokenClass::id_token:
      break;
  }
  return model::TokenClass::id_token;
}

model::UsageRule usage_rule(const config::UsageRule& rule) {
  model::UsageRule result;
  result.expires_in = rule.expires_in;
  result.max_usage = rule.max_usage ? as_int(*rule.max_usage) : 0;
  result.supports_minting.emplace();
  for (const auto child : rule.supports_minting) result.supports_minting->push_back(token_class(child));
  return result;
}

std::vector<claims::ClaimRequest> claim_requests(const std::vector<config::ClaimSpec>& specs) {
  std::vector<claims::ClaimRequest> requests;
  for (const auto& spec : specs) {
    claims::ClaimRequest request{spec.name, spec.essential, std::nullopt};
    if (!spec.values.empty()) {
      request.accepted.emplace();
      for (const auto& value : spec.values) request.accepted->push_back(dump_json(Json(value)));
    }
    requests.push_back(std::move(request));
  }
  return requests;
}

claims::ReleaseRules release_rules(const config::ReleasePoint& point) {
  return {claim_requests(point.base_claims), claim_requests(point.always_add_claims),
          point.add_claims_by_scope, point.enable_claims_per_client};
}

bool offers_refresh_tokens(const config::Capabilities& capabilities) {
  const auto& grants = capabilities.grant_types_supported;
  return !grants || std::find(grants->begin(), grants->end(), "refresh_token") != grants->end();
}

Result<jose::Algorithm> served_algorithm(const std::string& name, const std::string& setting,
                                         const jose::SigningKeys& keys) {
  auto algorithm = jose::parse_algorithm(name);
  if (!algorithm) return fail(Errc::refused, setting + ": unknown algorithm " + name);
  if (keys.signing_key(*algorithm) == nullptr) {
    return fail(Errc::refused, setting + ": no active signing key is for " + name);
  }
  return *algorithm;
}

}  // namespace

std::vector<jose::KeyDefinition> key_definitions(const config::Keys& keys) {
  std::vector<jose::KeyDefinition> definitions;
  for (const auto& wanted : keys.key_defs) {
    Message entry;
    entry.set("type", wanted.type == config::KeyType::rsa  ? "RSA"
                      : wanted.type == config::KeyType::ec ? "EC"
                                                           : "OKP");
    if (wanted.type == config::KeyType::rsa) entry.set_number("bits", static_cast<std::int64_t>(wanted.bits));
    if (!wanted.crv.empty()) entry.set("crv", wanted.crv);
    if (wanted.alg) entry.set("alg", *wanted.alg);
    entry.set("use", Json(wanted.use));
    // The configuration's own checks let only such pass as this accepts.
    if (auto definition = jose::KeyDefinition::parse(entry.json()))
      definitions.push_back(std::move(*definition));
  }
  return definitions;
}

jose::KeyTimes key_times(const config::Config& config, const std::vector<model::Client>& clients) {
  const auto& rules = config.authz.grant_config.usage_rules;
  jose::KeyTimes times;
  times.jwks_max_age = config.keys.max_age;
  times.reload_interval = config.keys.reload_interval;
  times.longest_token = std::max(rules.id_token.expires_in, rules.access_token.expires_in);
  for (const auto& client : clients) {
    for (const auto token_class : {model::TokenClass::id_token, model::TokenClass::access_token}) {
      const auto own = client.token_usage_rules.find(token_class);
      if (own != client.token_usage_rules.end() && own->second.expires_in) {
        times.longest_token = std::max(times.longest_token, *own->second.expires_in);
      }
    }
  }
  return times;
}

std::string issuer_path(const config::Config& config) {
  std::string path = config.issuer.path();
  while (!path.empty() && path.back() == '/') path.pop_back();
  return path;
}

PasswordHashPolicy password_hash_policy(const config::AuthenticationMethod& method) {
  PasswordHashPolicy policy;
  policy.concurrent = as_int(method.concurrent_hashes);
  return policy;
}

authn::ThrottlePolicy throttle_policy(const config::AuthenticationMethod& method) {
  return {method.throttle.window, as_int(method.throttle.known_device_attempts),
          as_int(method.throttle.unknown_device_attempts), as_int(method.throttle.network_attempts)};
}

authn::PasswordLoginPolicy password_login_policy(const config::AuthenticationMethod& method,
                                                 const config::SessionParams& session) {
  return {method.acr, method.amr, session.known_device_lifetime};
}

authn::AcrBroker acr_broker(const config::Config& config) {
  std::vector<authn::AuthenticationMethod> methods;
  for (const auto& method : config.authentication) {
    methods.push_back({method.id, method.acr, method.amr, method.expires_in});
  }
  authn::AcrBroker::SchemeMap schemes(config.login_hint_scheme_map.begin(),
                                      config.login_hint_scheme_map.end());
  return authn::AcrBroker(std::move(methods), std::move(schemes));
}

claims::ScopePolicy scope_policy(const config::Config& config) {
  claims::ScopePolicy policy;
  policy.scopes_to_claims = claims::ScopeMap(config.scopes_to_claims.begin(), config.scopes_to_claims.end());
  policy.allowed_scopes = config.allowed_scopes;
  policy.unknown = config.capabilities.deny_unknown_scopes ? claims::UnknownScopes::refused
                                                           : claims::UnknownScopes::dropped;
  policy.offline_access = offers_refresh_tokens(config.capabilities);
  if (config.capabilities.scopes_supported) policy.allowed_scopes = config.capabilities.scopes_supported;
  return policy;
}

claims::ReleasePolicy release_policy(const config::Claims& claims) {
  return {{claims::ReleasePoint::userinfo, release_rules(claims.userinfo)},
          {claims::ReleasePoint::id_token, release_rules(claims.id_token)},
          {claims::ReleasePoint::access_token, release_rules(claims.access_token)},
          {claims::ReleasePoint::introspection, release_rules(claims.introspection)}};
}

token::UsagePolicy usage_policy(const config::Config& config) {
  const auto& authz = config.authz;
  const auto& rules = authz.grant_config.usage_rules;
  token::UsagePolicy policy;
  policy.configuration = {{model::TokenClass::authorization_code, usage_rule(rules.authorization_code)},
                          {model::TokenClass::access_token, usage_rule(rules.access_token)},
                          {model::TokenClass::refresh_token, usage_rule(rules.refresh_token)},
                          {model::TokenClass::id_token, usage_rule(rules.id_token)}};
  policy.grant_lifetime = authz.grant_config.expires_in;
  policy.refresh_tokens = offers_refresh_tokens(config.capabilities);
  policy.require_offline_access = authz.refresh.require_offline_access;
  return policy;
}

token::ResourcePolicies resource_policies(const config::Config& config) {
  token::ResourcePolicies policies;
  policies[config.issuer.text()];  // its userinfo endpoint
  for (const auto& [indicator, resource] : config.resources) {
    token::ResourcePolicy policy;
    policy.resource_servers = resource.resource_servers;
    if (resource.access_token_format == config::ResourceTokenFormat::opaque)
      policy.access_token_format = model::AccessTokenFormat::opaque;
    if (resource.access_token_format == config::ResourceTokenFormat::jwt)
      policy.access_token_format = model::AccessTokenFormat::jwt;
    policies[indicator] = std::move(policy);
  }
  return policies;
}

Result<token::AccessTokenPolicy> access_token_policy(const config::Config& config,
                                                     const jose::SigningKeys& keys) {
  token::AccessTokenPolicy policy;
  policy.issuer = config.issuer.text();
  policy.resources = resource_policies(config);
  policy.audiences = config.token_handler_args.access_token_audience;
  const bool by_default = config.token_handler_args.access_token_format == config::TokenFormat::jwt;
  const bool by_resource = std::any_of(
      config.resources.begin(), config.resources.end(),
      [](const auto& entry) { return entry.second.access_token_format == config::ResourceTokenFormat::jwt; });
  if (!by_default && !by_resource) {  // a client may want them all the same; whether they can be signed is
    auto algorithm = jose::parse_algorithm(config.token_handler_args.access_token_alg);  // seen then
    if (algorithm) policy.algorithm = *algorithm;
    return policy;
  }
  if (by_default) policy.format = token::AccessTokenFormat::jwt;
  auto algorithm =
      served_algorithm(config.token_handler_args.access_token_alg, "token_handler_args.token.alg", keys);
  if (!algorithm) return fail(std::move(algorithm).error());
  policy.algorithm = *algorithm;
  return policy;
}

Result<token::IdTokenPolicy> id_token_policy(const config::Config& config, const jose::SigningKeys& keys) {
  auto algorithm =
      served_algorithm(config.token_handler_args.id_token_alg, "token_handler_args.id_token.alg", keys);
  if (!algorithm) return fail(std::move(algorithm).error());
  return token::IdTokenPolicy{config.issuer.text(), *algorithm};
}

endpoint::RefreshSettings refresh_settings(const config::Config& config) {
  const auto& refresh = config.authz.refresh;
  endpoint::RefreshSettings settings;
  settings.public_clients_may_keep = !config::floor_of(config.profile).rotation_for_public_clients;
  settings.grace = refresh.grace;
  switch (refresh.rotation) {
    case config::Rotation::always:
      settings.rotation = endpoint::RefreshRotation::always;
      break;
    case config::Rotation::public_clients:
      settings.rotation = endpoint::RefreshRotation::public_clients;
      break;
    case config::Rotation::never:
      settings.rotation = endpoint::RefreshRotation::never;
      break;
  }
  return settings;
}

http::FetchPolicy fetch_policy(const config::HttpcParams& params) {
  std::vector<IpNetwork> allowed;
  for (const auto& text : params.allowed_networks) {
    // The configuration's own checks let only such pass as this accepts.
    if (auto network = IpNetwork::parse(text)) allowed.push_back(*network);
  }
  return {params.module(),        params.ca_file, http::AddressPolicy(std::move(allowed)),
          params.connect_timeout, params.timeout, params.max_octets};
}

std::size_t most_fetches(const config::Responder& responder) {
  return std::max<std::size_t>(responder.workers / 4, 1);
}

int max_refresh_families(const config::Config& config) {
  return static_cast<int>(config.authz.refresh.max_families);  // the table keeps it small
}

std::set<std::string> webfinger_hosts(const config::Config& config) {
  if (const auto& hosts = config.webfinger.hosts) return {hosts->begin(), hosts->end()};
  const auto& issuer = config.issuer;
  std::set<std::string> own{issuer.host()};
  if (issuer.port()) own.insert(issuer.host() + ':' + std::to_string(*issuer.port()));
  return own;
}

session::CookiePolicy cookie_policy(const config::Config& config) {
  session::CookiePolicy policy;
  policy.issuer = config.issuer.text();
  policy.name_prefix = config.cookie_handler.name_prefix;
  policy.same_site =
      config.cookie_handler.same_site == config::SameSite::none ? http::SameSite::none : http::SameSite::lax;
  policy.path_scoped = config.cookie_handler.path_scoped;
  policy.browser_lifetime = config.session_params.known_device_lifetime;
  return policy;
}

}  // namespace oidcop::provider
