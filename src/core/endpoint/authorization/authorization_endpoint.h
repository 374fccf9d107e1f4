#pragma once

#include "base/url.h"
#include "endpoint/authorization/authorization_checks.h"
#include "endpoint/authorization/authorization_flow.h"
#include "endpoint/authorization/request_sources.h"
#include "endpoint/endpoint.h"

namespace oidcop::endpoint {

/// The authorization endpoint (RFC 6749, 3.1; OpenID Connect Core 1.0, 3.1.2), by GET and POST.
class AuthorizationEndpoint final : public TypedEndpoint<AuthorizationRequest> {
 public:
  struct Parts {
    AuthorizationCheckParts checks;
    const RequestSources& sources;
    const AuthorizationFlow& flow;
    const page::Pages& pages;
    const session::Cookies& cookies;
    std::string url;  ///< its own
    std::optional<Url> registration_page;
    /// Whether errors of unvetted clients' requests redirect like others.
    bool redirect_errors_of_unvetted = false;
  };
  AuthorizationEndpoint(EndpointSettings settings, const Hooks& hooks, Log& log, const Parts& parts);

  /// The answer of another entrance (a posted page), as this endpoint would give it: placement, hooks, error
  /// page.
  EndpointResponse finish(Result<ResponseArgs, ProtocolError> outcome, RequestScope& scope) const {
    return do_response(std::move(outcome), scope);
  }

 protected:
  Verdict expand(Message& request, RequestScope& scope) const override;
  Verdict look_up(const Message& request, RequestScope& scope) const override;
  std::span<const std::string_view> frozen_members() const override;
  Result<AuthorizationRequest, ProtocolError> check_request(const Message& request,
                                                            RequestScope& scope) const override;
  Result<ResponseArgs, ProtocolError> process_request(const AuthorizationRequest& request,
                                                      RequestScope& scope) const override;
  ResponseArgs error_args(const ProtocolError& error, const RequestScope& scope) const override;
  void update_http_args(EndpointResponse& response, const RequestScope& scope) const override;

 private:
  std::string registration_location(const AuthorizationRequest& request, const RequestScope& scope) const;
  bool leads_astray(const EndpointResponse& response, const RequestScope& scope) const;
  http::Response way_back_page(const EndpointResponse& response, const RequestScope& scope) const;
  http::Response form_post_page(const EndpointResponse& response, const RequestScope& scope) const;
  ResponseArgs error_page(const ProtocolError& error, const RequestScope& scope) const;
  Parts parts_;
};

EndpointSettings authorization_settings(std::string issuer);

}  // namespace oidcop::endpoint
