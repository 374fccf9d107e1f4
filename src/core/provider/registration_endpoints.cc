#include "endpoint/registration/client_configuration_endpoint.h"
#include "endpoint/registration/registration_endpoint.h"
#include "provider/policies.h"
#include "provider/snapshot.h"

namespace oidcop::provider {
namespace {

endpoint::EndpointSettings with_cors(endpoint::EndpointSettings settings, const config::Endpoint& own) {
  if (own.cors == config::Cors::any) settings.cross_origin = endpoint::CrossOrigin::allowed;
  return settings;
}

}  // namespace

/// What both endpoints work with; made by the first of them.
const endpoint::Registrar& Snapshot::registrar(const Ground& ground) {
  if (registrar_) return *registrar_;
  const auto& settings = material_.config.registration;
  client::SelfRegistrationPolicy policy;
  policy.offered = registration_policy(material_.config, facts_);
  policy.scopes = facts_.scopes;
  policy.statements = {material_.statement_keys, settings.require_software_statement};
  policy.id_token_alg = material_.config.token_handler_args.id_token_alg;
  endpoint::Registrar::Parts parts{std::move(policy), client_secrets_, ground.store,
                                   pepper_,           *fetcher_,       ground.random};
  if (settings.client_secret_expires) parts.secret_lifetime = settings.client_secret_expires_in;
  parts.network_registrations = static_cast<int>(settings.network_registrations);  // the table keeps it small
  registrar_.emplace(std::move(parts));
  return *registrar_;
}

void Snapshot::add_registration(const Ground& ground) {
  const auto& config = material_.config;
  const auto& own = config.endpoint.find("registration")->second;
  endpoint::RegistrationEndpoint::Parts parts{registrar(ground), ground.store};
  parts.open = config.registration.policy == config::RegistrationPolicy::open;
  parts.configuration_url = config.endpoint_url("registration_api").value_or("");
  parts.most_unvetted = static_cast<int>(config.registration.most_unvetted);
  parts.unused_lifetime = config.registration.unused_lifetime;
  route("registration", std::make_unique<endpoint::RegistrationEndpoint>(
                            with_cors(endpoint::registration_settings(facts_.issuer), own), material_.hooks,
                            ground.log, std::move(parts)));
}

void Snapshot::add_registration_api(const Ground& ground) {
  const auto& config = material_.config;
  const auto& own = config.endpoint.find("registration_api")->second;
  endpoint::ClientConfigurationEndpoint::Parts parts{registrar(ground), ground.store, ground.store};
  parts.url = config.endpoint_url("registration_api").value_or("");
  parts.rotate_access_token = config.registration_api.rotate_registration_access_token;
  parts.rotate_secret = config.registration_api.rotate_client_secret;
  route("registration_api", std::make_unique<endpoint::ClientConfigurationEndpoint>(
                                with_cors(endpoint::client_configuration_settings(facts_.issuer), own),
                                material_.hooks, ground.log, std::move(parts)));
}

}  // namespace oidcop::provider
