#pragma once

#include "endpoint/endpoint.h"
#include "endpoint/registration/registrar.h"
#include "store/client_store.h"
#include "store/registration_store.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace oidcop::endpoint {

/// What a client wants with its own registration.
struct ClientConfigurationRequest {
  std::string token;                     ///< the registration access token, which is the client's
  std::optional<model::Client> updated;  ///< with PUT: the client under its new metadata
};

/// Where clients that registered themselves read, update and delete their registration (RFC 7592; OpenID
/// Connect Dynamic Client Registration 1.0, 4).
class ClientConfigurationEndpoint final : public TypedEndpoint<ClientConfigurationRequest> {
 public:
  /// References outlive it.
  struct Parts {
    const Registrar& registrar;
    store::ClientStore& clients;
    store::RegistrationStore& registrations;
    std::string url = {};  ///< its own
    bool rotate_access_token = false;
    bool rotate_secret = false;
  };
  ClientConfigurationEndpoint(EndpointSettings settings, const Hooks& hooks, Log& log, Parts parts);

 protected:
  Verdict look_up(const Message& request, RequestScope& scope) const override;
  std::span<const std::string_view> frozen_answer() const override;
  Result<ClientConfigurationRequest, ProtocolError> check_request(const Message& request,
                                                                  RequestScope& scope) const override;
  Result<ResponseArgs, ProtocolError> process_request(const ClientConfigurationRequest& request,
                                                      RequestScope& scope) const override;
  ResponseArgs error_args(const ProtocolError& error, const RequestScope& scope) const override;
  Verdict package(EndpointResponse& response, const RequestScope& scope) const override;

 private:
  using Answer = Result<ResponseArgs, ProtocolError>;
  Verdict find_client(const std::string& id, RequestScope& scope) const;
  Verdict check_update(const Message& request, const RequestScope& scope) const;
  Verdict check_documents(const model::Client& updated, const RequestScope& scope) const;
  Answer update(const ClientConfigurationRequest& request, const RequestScope& scope) const;
  Answer remove(const ClientConfigurationRequest& request, const RequestScope& scope) const;
  Verdict keep(const store::UpdateRegistration& command, const RequestScope& scope) const;
  Parts parts_;
};

EndpointSettings client_configuration_settings(std::string issuer);

}  // namespace oidcop::endpoint
