#pragma once

#include "endpoint/endpoint.h"
#include "page/pages.h"
#include "session/cookies.h"

namespace oidcop::endpoint {

/// The document that relying parties keep in a frame and ask whether the session still is what it was (OpenID
/// Connect Session Management 1.0, 3.2). The same for everybody; the only one of ours that others may frame.
/// The answers come from its script, which reads a cookie that proves nothing.
class CheckSessionEndpoint final : public TypedEndpoint<Message> {
 public:
  /// References outlive it.
  CheckSessionEndpoint(EndpointSettings settings, const Hooks& hooks, Log& log, const page::Pages& pages,
                       const session::Cookies& cookies);

 protected:
  Result<Message, ProtocolError> check_request(const Message& request, RequestScope& scope) const override;
  Result<ResponseArgs, ProtocolError> process_request(const Message& request,
                                                      RequestScope& scope) const override;

 private:
  const page::Pages& pages_;
  const session::Cookies& cookies_;
};

EndpointSettings check_session_settings(std::string issuer);

}  // namespace oidcop::endpoint
