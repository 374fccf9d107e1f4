#pragma once

#include "endpoint/logout/end_session_endpoint.h"

namespace oidcop::endpoint {

/// Where the confirmation page posts. Its answers are the end_session endpoint's, hooks included. A post that
/// is not this browser's answer to a page of ours ends nothing: it leads to the question.
class LogoutEndpoint final : public Endpoint {
 public:
  struct Parts {
    const EndSessionEndpoint& end_session;
    const LogoutFlow& flow;
    const logout::LogoutSeals& seals;
    const session::Cookies& cookies;
  };
  LogoutEndpoint(EndpointSettings settings, const Hooks& hooks, Log& log, const Parts& parts);

  EndpointResponse handle_raw(const RawRequest& raw, RequestScope& scope) const override;

 private:
  Result<ResponseArgs, ProtocolError> answer(const RawRequest& raw, RequestScope& scope) const;
  Result<logout::OpenedLogout> opened_page(const Message& form, const RequestScope& scope) const;
  Parts parts_;
};

EndpointSettings logout_settings(std::string issuer);

}  // namespace oidcop::endpoint
