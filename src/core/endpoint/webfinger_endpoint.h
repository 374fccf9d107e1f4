#pragma once

#include "endpoint/endpoint.h"

#include <oidcop/protocol_error.h>

#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace oidcop::endpoint {

struct WebfingerRequest {
  std::string resource;                ///< as asked for
  std::vector<std::string> relations;  ///< that are wanted; empty: all
};

/// Who is responsible for an identifier that a person typed somewhere (RFC 7033; OpenID Connect
/// Discovery 1.0, 2): this issuer, for accounts, e-mail addresses and https URLs of the hosts that the
/// configuration names. It says so of whatever is at these hosts: whether there is such an account nobody
/// learns here.
class WebfingerEndpoint final : public TypedEndpoint<WebfingerRequest> {
 public:
  /// \param hosts  "example.org", or "example.org:8443" where a resource names a port; in lower case
  WebfingerEndpoint(EndpointSettings settings, const Hooks& hooks, Log& log, std::set<std::string> hosts);

 protected:
  std::span<const std::string_view> frozen_answer() const override;
  Result<WebfingerRequest, ProtocolError> check_request(const Message& request,
                                                        RequestScope& scope) const override;
  Result<ResponseArgs, ProtocolError> process_request(const WebfingerRequest& request,
                                                      RequestScope& scope) const override;
  Verdict package(EndpointResponse& response, const RequestScope& scope) const override;

 private:
  std::set<std::string> hosts_;
};

/// GET with `resource` and any number of `rel` (RFC 7033, 4.1); open to scripts of every site (5).
EndpointSettings webfinger_settings(std::string issuer);

}  // namespace oidcop::endpoint
