#pragma once

#include "endpoint/request_scope.h"

#include <oidcop/message.h>
#include <oidcop/protocol_error.h>

#include <string>
#include <string_view>

namespace oidcop::endpoint {

/// The challenge of a request that is no proper one (RFC 6750, 3.1).
inline constexpr const char* kMalformedRequestChallenge = "Bearer error=\"invalid_request\"";

/// How an access token may be presented: in the Authorization header, or as access_token in the form body of
/// a POST (RFC 6750, 2.1 and 2.2).
struct BearerWays {
  bool header = true;
  bool body = true;
};

/// The access token that a request to a protected resource presents. Errors: 401 with a bare challenge when
/// there is none (RFC 6750, 3.1); invalid_request when there are two, or when it came in a way that is not
/// allowed.
Result<std::string, ProtocolError> presented_bearer_token(const Message& request, const RequestScope& scope,
                                                          const BearerWays& ways);

/// The refusals of RFC 6750, 3.1, with their challenge. \param realm  the issuer
ProtocolError invalid_token(std::string_view realm, std::string detail);
ProtocolError insufficient_scope(std::string_view realm, std::string_view needed);

}  // namespace oidcop::endpoint
