#include "endpoint/grant/authorization_code.h"
#include "endpoint/grant/client_credentials.h"
#include "endpoint/grant/device_code.h"
#include "endpoint/grant/extension_grant.h"
#include "endpoint/grant/refresh_token.h"
#include "endpoint/introspection_endpoint.h"
#include "endpoint/revocation_endpoint.h"
#include "provider/policies.h"
#include "provider/snapshot.h"

#include <algorithm>

namespace oidcop::provider {
namespace {

bool contains(const std::vector<std::string>& list, std::string_view value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

}  // namespace

/// What the token endpoint serves; the refresh token endpoint serves its own alone.
std::vector<std::unique_ptr<const endpoint::GrantType>> Snapshot::grant_types_at(const std::string& name,
                                                                                 const Ground& ground) const {
  const endpoint::GrantServices services{ground.store,
                                         access_tokens_,
                                         id_tokens_,
                                         client_jwts_,
                                         usage_,
                                         material_.keys,
                                         release_,
                                         client_secrets_,
                                         ground.random,
                                         ground.log,
                                         max_refresh_families(material_.config)};
  std::vector<std::unique_ptr<const endpoint::GrantType>> grants;
  if (usage_.refresh_tokens) {
    grants.push_back(
        std::make_unique<endpoint::RefreshTokenGrant>(services, refresh_settings(material_.config)));
  }
  if (name != "token") return grants;
  grants.push_back(std::make_unique<endpoint::AuthorizationCodeGrant>(services));
  if (contains(facts_.grant_types, "client_credentials"))
    grants.push_back(std::make_unique<endpoint::ClientCredentialsGrant>(services, ground.store));
  if (contains(facts_.grant_types, model::kDeviceCodeGrantType)) {
    grants.push_back(std::make_unique<endpoint::DeviceCodeGrant>(
        services, endpoint::DeviceCodeGrant::Parts{ground.store, pepper_}));
  }
  for (const auto& grant : material_.hooks.grants()) {
    if (!contains(facts_.grant_types, grant.grant_type)) continue;
    grants.push_back(std::make_unique<endpoint::ExtensionGrant>(
        services, endpoint::ExtensionGrant::Parts{ground.store, ground.store, ground.store, subjects_}, grant,
        facts_.issuer));
  }
  return grants;
}

/// The gate where clients authenticate at this endpoint.
const endpoint::ClientGate& Snapshot::gate_of(const std::string& name, const Ground& ground) {
  const auto& own = material_.config.endpoint.find(name)->second;
  gates_.push_back(std::make_unique<endpoint::ClientGate>(authenticator_, ground.store,
                                                          allowed_methods(own.client_authn_method),
                                                          material_.config.endpoint_url(name).value_or("")));
  return *gates_.back();
}

void Snapshot::add_revocation(const Ground& ground) {
  const auto& own = material_.config.endpoint.find("revocation")->second;
  auto settings = endpoint::revocation_settings(facts_.issuer);
  if (own.cors == config::Cors::any) settings.cross_origin = endpoint::CrossOrigin::allowed;
  route("revocation", std::make_unique<endpoint::RevocationEndpoint>(
                          std::move(settings), material_.hooks, ground.log, gate_of("revocation", ground),
                          endpoint::RevocationEndpoint::Parts{ground.store, ground.store, ground.store}));
}

void Snapshot::add_introspection(const Ground& ground) {
  const auto& own = material_.config.endpoint.find("introspection")->second;
  auto settings = endpoint::introspection_settings(facts_.issuer);
  if (own.cors == config::Cors::any) settings.cross_origin = endpoint::CrossOrigin::allowed;
  route("introspection",
        std::make_unique<endpoint::IntrospectionEndpoint>(
            std::move(settings), material_.hooks, ground.log, gate_of("introspection", ground),
            endpoint::IntrospectionEndpoint::Parts{ground.store, ground.store, ground.store, release_,
                                                   material_.keys, access_tokens_, client_jwts_,
                                                   id_tokens_.default_algorithm(), own.resource_servers}));
}

}  // namespace oidcop::provider
