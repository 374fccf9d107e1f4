#pragma once

#include "endpoint/request_scope.h"
#include "http/cookie.h"

#include <oidcop/protocol_error.h>

namespace oidcop::endpoint {

/// Has the cookie set with the answer, whatever that is. Errors: server_error for one that no browser would
/// take.
Verdict set_cookie(const http::SetCookie& cookie, RequestScope& scope);

}  // namespace oidcop::endpoint
