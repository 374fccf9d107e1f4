#pragma once

#include "claims/scope_claims.h"
#include "endpoint/anonymous_quota.h"
#include "endpoint/endpoint.h"
#include "jose/keyed_hash.h"
#include "store/device_code_store.h"
#include "token/resource_policy.h"

#include <oidcop/random.h>

#include <string>

namespace oidcop::endpoint {

/// A device's request that passed every check.
struct DeviceRequest {
  model::SharedClient client;  ///< never null
  Message granted;             ///< scope and resource: what the person will be asked for
};

/// Where a device asks for its codes (RFC 8628, 3.1 and 3.2).
class DeviceAuthorizationEndpoint final : public TypedEndpoint<DeviceRequest> {
 public:
  /// References outlive it.
  struct Parts {
    store::DeviceCodeStore& devices;
    AnonymousQuota quota;
    const claims::ScopeClaims& scopes;
    const token::ResourcePolicies& resources;
    const jose::Pepper& pepper;
    Random& random;
    std::string verification_url;
    Seconds lifetime, interval;
  };
  DeviceAuthorizationEndpoint(EndpointSettings settings, const Hooks& hooks, Log& log, const ClientGate& gate,
                              Parts parts);

 protected:
  std::span<const std::string_view> frozen_members() const override;
  std::span<const std::string_view> frozen_answer() const override;
  Result<DeviceRequest, ProtocolError> check_request(const Message& request,
                                                     RequestScope& scope) const override;
  Result<ResponseArgs, ProtocolError> process_request(const DeviceRequest& request,
                                                      RequestScope& scope) const override;

 private:
  Parts parts_;
};

EndpointSettings device_authorization_settings(std::string issuer);

}  // namespace oidcop::endpoint
