#pragma once

#include "endpoint/endpoint.h"

namespace oidcop::endpoint {

/// Provider configuration information (OpenID Connect Discovery 1.0, 4): the facts, through the pipeline, so
/// that hooks can add what they brought along. The provider runs it once per snapshot and serves the outcome.
class ProviderInfoEndpoint final : public TypedEndpoint<Message> {
 public:
  ProviderInfoEndpoint(EndpointSettings settings, const Hooks& hooks, Log& log, Message metadata)
      : TypedEndpoint(std::move(settings), hooks, log, nullptr), metadata_(std::move(metadata)) {}

 protected:
  Result<Message, ProtocolError> check_request(const Message& request, RequestScope& scope) const override;
  Result<ResponseArgs, ProtocolError> process_request(const Message& request,
                                                      RequestScope& scope) const override;

 private:
  Message metadata_;
};

EndpointSettings provider_info_settings(std::string issuer);

}  // namespace oidcop::endpoint
