#pragma once

#include "endpoint/endpoint.h"
#include "endpoint/registration/registrar.h"
#include "store/registration_store.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace oidcop::endpoint {

/// A client that asks to be registered, checked as far as that goes without a look elsewhere.
struct RegistrationRequest {
  model::Client client;
  std::optional<model::InitialAccessToken> initial_token;  ///< what allows it; nothing: anybody may
};

/// Where clients register themselves (OpenID Connect Dynamic Client Registration 1.0, 3; RFC 7591, 3).
class RegistrationEndpoint final : public TypedEndpoint<RegistrationRequest> {
 public:
  /// References outlive it.
  struct Parts {
    const Registrar& registrar;
    store::RegistrationStore& registrations;
    bool open = false;                   ///< whether anybody may, without a token
    std::string configuration_url = {};  ///< of registration_api; empty: it is off
    int most_unvetted = 0;
    Seconds unused_lifetime{};
  };
  RegistrationEndpoint(EndpointSettings settings, const Hooks& hooks, Log& log, Parts parts);

 protected:
  Verdict look_up(const Message& request, RequestScope& scope) const override;
  std::span<const std::string_view> frozen_answer() const override;
  Result<RegistrationRequest, ProtocolError> check_request(const Message& request,
                                                           RequestScope& scope) const override;
  Result<ResponseArgs, ProtocolError> process_request(const RegistrationRequest& request,
                                                      RequestScope& scope) const override;
  ResponseArgs error_args(const ProtocolError& error, const RequestScope& scope) const override;

 private:
  using Token = Result<std::optional<model::InitialAccessToken>, ProtocolError>;
  Token presented_token(const Message& request, const RequestScope& scope) const;
  Verdict keep(const store::RegisterClient& command, const RegistrationRequest& request,
               const RequestScope& scope) const;
  Parts parts_;
};

EndpointSettings registration_settings(std::string issuer);

}  // namespace oidcop::endpoint
