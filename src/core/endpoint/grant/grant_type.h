#pragma once

#include "endpoint/request_scope.h"
#include "endpoint/response_args.h"

#include <oidcop/message.h>
#include <oidcop/protocol_error.h>

#include <memory>
#include <string_view>

namespace oidcop::endpoint {

/// A token request that passed every check of its grant type. Immutable; knows how it is answered.
class GrantRequest {
 public:
  virtual ~GrantRequest() = default;
  virtual Result<ResponseArgs, ProtocolError> process(RequestScope& scope) const = 0;
};

/// One grant type of the token endpoint; exactly one is responsible for a grant_type value. Thread-safe.
class GrantType {
 public:
  virtual ~GrantType() = default;
  /// The value of grant_type.
  virtual std::string_view name() const = 0;
  /// Finds the credential that the request presents and notes it in the scope when it is this client's.
  virtual Verdict look_up(const Message& request, RequestScope& scope) const = 0;
  virtual Result<std::unique_ptr<const GrantRequest>, ProtocolError> check(const Message& request,
                                                                           RequestScope& scope) const = 0;
};

}  // namespace oidcop::endpoint
