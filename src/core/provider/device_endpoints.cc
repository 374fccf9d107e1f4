#include "endpoint/device/device_authorization_endpoint.h"
#include "endpoint/device/verification_endpoint.h"
#include "provider/policies.h"
#include "provider/snapshot.h"

namespace oidcop::provider {

void Snapshot::add_device_authorization(const Ground& ground) {
  const auto& config = material_.config;
  const auto& own = config.endpoint.find("device_authorization")->second;
  const std::string url = facts_.issuer + '/' + config.device_authorization.verification_path;
  auto settings = endpoint::device_authorization_settings(facts_.issuer);
  if (own.cors == config::Cors::any) settings.cross_origin = endpoint::CrossOrigin::allowed;
  route("device_authorization",
        std::make_unique<endpoint::DeviceAuthorizationEndpoint>(
            std::move(settings), material_.hooks, ground.log, gate_of("device_authorization", ground),
            endpoint::DeviceAuthorizationEndpoint::Parts{ground.store,
                                                         {ground.store, pepper_, "device_authorization"},
                                                         release_.scopes(),
                                                         access_tokens_.resources(),
                                                         pepper_,
                                                         ground.random,
                                                         url,
                                                         config.device_authorization.expires_in,
                                                         config.device_authorization.interval}));

  devices_.emplace(endpoint::WaitingDevices::Parts{ground.store, ground.store, ground.store,
                                                   release_.scopes(), pepper_, ground.log});
  device_flow_.emplace(
      endpoint::DeviceFlowParts{*devices_, sign_in_, ground.store, ground.store, cookies_, seals_,
                                *material_.pages, acr_, release_, ground.random, ground.log},
      issuer_parts(ground), endpoint::DeviceFlowSettings{url, config.session_params.sso_idle_lifetime});
  route_at(config.device_authorization.verification_path, "device",
           std::make_unique<endpoint::VerificationEndpoint>(
               endpoint::verification_settings(facts_.issuer), material_.hooks, ground.log,
               endpoint::VerificationEndpoint::Parts{*device_flow_, *material_.pages, cookies_}));
}

}  // namespace oidcop::provider
