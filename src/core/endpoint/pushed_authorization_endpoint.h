#pragma once

#include "endpoint/anonymous_quota.h"
#include "endpoint/authorization/authorization_checks.h"
#include "endpoint/authorization/request_sources.h"
#include "endpoint/endpoint.h"
#include "store/pushed_request_store.h"

#include <oidcop/random.h>

namespace oidcop::endpoint {

/// Where clients leave authorization requests before they send the person (RFC 9126). The request goes
/// through every check that it will go through again when it is opened. Confidential clients authenticate;
/// those without a secret are limited in how much they may leave here.
class PushedAuthorizationEndpoint final : public TypedEndpoint<AuthorizationRequest> {
 public:
  /// References outlive it.
  struct Parts {
    AuthorizationCheckParts checks;
    const RequestSources& sources;
    store::PushedRequestStore& pushed;
    AnonymousQuota quota;
    Random& random;
    Seconds lifetime;              ///< for opening the request
    Seconds interaction_lifetime;  ///< for finishing it after that
  };
  PushedAuthorizationEndpoint(EndpointSettings settings, const Hooks& hooks, Log& log, const ClientGate& gate,
                              Parts parts);

 protected:
  Verdict expand(Message& request, RequestScope& scope) const override;
  Verdict look_up(const Message& request, RequestScope& scope) const override;
  std::span<const std::string_view> frozen_members() const override;
  std::span<const std::string_view> frozen_answer() const override;
  Result<AuthorizationRequest, ProtocolError> check_request(const Message& request,
                                                            RequestScope& scope) const override;
  Result<ResponseArgs, ProtocolError> process_request(const AuthorizationRequest& request,
                                                      RequestScope& scope) const override;

 private:
  Parts parts_;
};

EndpointSettings pushed_authorization_settings(std::string issuer);

}  // namespace oidcop::endpoint
