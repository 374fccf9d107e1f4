#include "endpoint/introspection_endpoint.h"
#include "endpoint/revocation_endpoint.h"
#include "provider/policies.h"
#include "provider/snapshot.h"

namespace oidcop::provider {

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
                          endpoint::RevocationEndpoint::Parts{ground.store, ground.store}));
}

void Snapshot::add_introspection(const Ground& ground) {
  const auto& own = material_.config.endpoint.find("introspection")->second;
  auto settings = endpoint::introspection_settings(facts_.issuer);
  if (own.cors == config::Cors::any) settings.cross_origin = endpoint::CrossOrigin::allowed;
  route("introspection",
        std::make_unique<endpoint::IntrospectionEndpoint>(
            std::move(settings), material_.hooks, ground.log, gate_of("introspection", ground),
            endpoint::IntrospectionEndpoint::Parts{ground.store, ground.store, release_, material_.keys,
                                                   access_tokens_, client_jwts_,
                                                   id_tokens_.default_algorithm(), own.resource_servers}));
}

}  // namespace oidcop::provider
