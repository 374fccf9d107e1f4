#pragma once

#include "endpoint/authorization/page_form.h"
#include "endpoint/endpoint.h"

namespace oidcop::endpoint {

/// Where the consent page posts. Its answers are the authorization endpoint's, hooks included.
class ConsentEndpoint final : public Endpoint {
 public:
  ConsentEndpoint(EndpointSettings settings, const Hooks& hooks, Log& log, const PageFormParts& parts);

  EndpointResponse handle_raw(const RawRequest& raw, RequestScope& scope) const override;

 private:
  Result<ResponseArgs, ProtocolError> answer(const RawRequest& raw, RequestScope& scope) const;
  PageFormParts parts_;
};

}  // namespace oidcop::endpoint
