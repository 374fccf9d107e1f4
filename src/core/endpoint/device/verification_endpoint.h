#pragma once

#include "endpoint/device/device_flow.h"
#include "endpoint/endpoint.h"

namespace oidcop::endpoint {

/// The page where people tell about their device (RFC 8628, 3.3). All of its forms post to it; which one it
/// is, is told by the button, and proven by the seal.
class VerificationEndpoint final : public Endpoint {
 public:
  /// References outlive it.
  struct Parts {
    const DeviceFlow& flow;
    const page::Pages& pages;
    const session::Cookies& cookies;
  };
  VerificationEndpoint(EndpointSettings settings, const Hooks& hooks, Log& log, const Parts& parts);

  EndpointResponse handle_raw(const RawRequest& raw, RequestScope& scope) const override;

 protected:
  ResponseArgs error_args(const ProtocolError& error, const RequestScope& scope) const override;

 private:
  Result<ResponseArgs, ProtocolError> answer(const RawRequest& raw, RequestScope& scope) const;
  Parts parts_;
};

EndpointSettings verification_settings(std::string issuer);

}  // namespace oidcop::endpoint
