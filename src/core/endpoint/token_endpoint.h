#pragma once

#include "endpoint/client_gate.h"
#include "endpoint/endpoint.h"
#include "endpoint/grant/grant_type.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace oidcop::endpoint {

/// The token endpoint (RFC 6749, 3.2; OpenID Connect Core 1.0, 3.1.3). One grant type is responsible for each
/// grant_type value; a client may use those it registered. Also serves as the refresh token endpoint, with
/// that grant type alone.
class TokenEndpoint final : public TypedEndpoint<std::unique_ptr<const GrantRequest>> {
 public:
  using Checked = std::unique_ptr<const GrantRequest>;
  TokenEndpoint(EndpointSettings settings, const Hooks& hooks, Log& log, const ClientGate& gate,
                std::vector<std::unique_ptr<const GrantType>> grant_types);

  /// Names of the grant types served, for the metadata.
  std::vector<std::string> grant_types() const;

 protected:
  Verdict look_up(const Message& request, RequestScope& scope) const override;
  std::span<const std::string_view> frozen_members() const override;
  Result<Checked, ProtocolError> check_request(const Message& request, RequestScope& scope) const override;
  Result<ResponseArgs, ProtocolError> process_request(const Checked& request,
                                                      RequestScope& scope) const override;

 private:
  Result<const GrantType*, ProtocolError> responsible(const Message& request,
                                                      const RequestScope& scope) const;

  std::vector<std::unique_ptr<const GrantType>> grant_types_;
};

/// Form posts only, as RFC 6749, 3.2 has it; or a Message from an embedding program.
EndpointSettings token_settings(std::string name, std::string issuer);

}  // namespace oidcop::endpoint
