#include "endpoint/pushed_authorization_endpoint.h"
#include "provider/policies.h"
#include "provider/snapshot.h"

namespace oidcop::provider {

endpoint::AuthorizationCheckParts Snapshot::authorization_checks(const Ground& ground) const {
  endpoint::AuthorizationCheckParts checks{facts_.issuer, ground.store,   release_.scopes(),
                                           acr_,          material_.keys, client_secrets_};
  checks.resources = access_tokens_.resources();
  checks.response_types = facts_.response_types;
  checks.response_modes = facts_.response_modes;
  checks.prompt_create = material_.config.ui.registration_page.has_value();
  checks.claims_parameter = facts_.claims_parameter;
  checks.require_signed_object = facts_.require_signed_request_object;
  checks.require_pushed = facts_.require_pushed_requests;
  return checks;
}

/// Where authorization requests come from, besides their own URL.
endpoint::RequestSources::Parts Snapshot::request_sources(const Ground& ground) const {
  jose::AlgorithmSet algorithms;
  for (const auto& name : facts_.request_object_signing_algs) {
    if (auto algorithm = jose::parse_algorithm(name)) algorithms.insert(*algorithm);
  }
  return {ground.store,
          ground.store,
          {facts_.issuer, client_secrets_, published_keys_, material_.keys.decryption(), ground.random,
           algorithms},
          facts_.request_parameter,
          references_ ? &*references_ : nullptr};
}

void Snapshot::add_pushed_authorization(const Ground& ground) {
  if (!requests_) return;  // nothing to push for without an authorization endpoint
  const auto& own = material_.config.endpoint.find("pushed_authorization")->second;
  auto settings = endpoint::pushed_authorization_settings(facts_.issuer);
  if (own.cors == config::Cors::any) settings.cross_origin = endpoint::CrossOrigin::allowed;
  auto checks = authorization_checks(ground);
  checks.is_push = true;
  route("pushed_authorization",
        std::make_unique<endpoint::PushedAuthorizationEndpoint>(
            std::move(settings), material_.hooks, ground.log, gate_of("pushed_authorization", ground),
            endpoint::PushedAuthorizationEndpoint::Parts{
                std::move(checks),
                *requests_,
                ground.store,
                {ground.store, pepper_, "pushed_request"},
                ground.random,
                own.request_lifetime,
                material_.config.session_params.interaction_lifetime}));
}

}  // namespace oidcop::provider
