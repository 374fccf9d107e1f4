#pragma once

#include "endpoint/request_scope.h"

#include <oidcop/message.h>
#include <oidcop/protocol_error.h>

#include <string>
#include <string_view>

namespace oidcop::endpoint {

/// The access token that a request to a protected resource presents (RFC 6750, 2): in the Authorization
/// header, or as access_token in the form body of a POST. Errors: 401 with a bare challenge when there is
/// none (3.1), invalid_request when there are two.
Result<std::string, ProtocolError> presented_bearer_token(const Message& request, const RequestScope& scope);

/// The refusals of RFC 6750, 3.1, with their challenge. \param realm  the issuer
ProtocolError invalid_token(std::string_view realm, std::string detail);
ProtocolError insufficient_scope(std::string_view realm, std::string_view needed);

}  // namespace oidcop::endpoint
