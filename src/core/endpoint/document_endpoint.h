#pragma once

#include "endpoint/endpoint.h"

#include <string>
#include <string_view>
#include <vector>

namespace oidcop::endpoint {

/// A document that says the same to everybody: the provider configuration (OpenID Connect Discovery 1.0, 4)
/// and the public keys (RFC 7517, 5). It goes through the pipeline, so that hooks can add what they brought
/// along; what the provider itself says in it they cannot change, since relying parties find us by it. The
/// provider runs it once per snapshot and serves the outcome.
class DocumentEndpoint final : public TypedEndpoint<Message> {
 public:
  DocumentEndpoint(EndpointSettings settings, const Hooks& hooks, Log& log, Message document);

 protected:
  Result<Message, ProtocolError> check_request(const Message& request, RequestScope& scope) const override;
  Result<ResponseArgs, ProtocolError> process_request(const Message& request,
                                                      RequestScope& scope) const override;
  std::span<const std::string_view> frozen_answer() const override { return frozen_; }

 private:
  Message document_;
  std::vector<std::string> names_;
  std::vector<std::string_view> frozen_;  // views of names_
};

/// \param name  as in the configuration: "provider_info", "jwks"
EndpointSettings document_settings(std::string name, std::string issuer);

}  // namespace oidcop::endpoint
