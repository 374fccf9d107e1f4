#pragma once

#include "endpoint/endpoint.h"
#include "endpoint/logout/logout_checks.h"
#include "endpoint/logout/logout_flow.h"

namespace oidcop::endpoint {

/// Where relying parties send people to sign out (OpenID Connect RP-Initiated Logout 1.0, 2), by GET and
/// POST.
class EndSessionEndpoint final : public TypedEndpoint<LogoutRequest> {
 public:
  struct Parts {
    LogoutCheckParts checks;
    const LogoutFlow& flow;
    const page::Pages& pages;
    const session::Cookies& cookies;
    std::string url;  ///< its own
  };
  EndSessionEndpoint(EndpointSettings settings, const Hooks& hooks, Log& log, const Parts& parts);

  /// The answer of another entrance (the posted confirmation), as this endpoint would give it.
  EndpointResponse finish(Result<ResponseArgs, ProtocolError> outcome, RequestScope& scope) const {
    return do_response(std::move(outcome), scope);
  }
  const std::string& url() const { return parts_.url; }

 protected:
  Verdict look_up(const Message& request, RequestScope& scope) const override;
  std::span<const std::string_view> frozen_members() const override;
  Result<LogoutRequest, ProtocolError> check_request(const Message& request,
                                                     RequestScope& scope) const override;
  Result<ResponseArgs, ProtocolError> process_request(const LogoutRequest& request,
                                                      RequestScope& scope) const override;
  ResponseArgs error_args(const ProtocolError& error, const RequestScope& scope) const override;

 private:
  Parts parts_;
};

EndpointSettings end_session_settings(std::string issuer);

}  // namespace oidcop::endpoint
