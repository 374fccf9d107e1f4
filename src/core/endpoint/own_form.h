#pragma once

#include "base/digest.h"
#include "endpoint/request_scope.h"
#include "session/cookies.h"

#include <oidcop/http.h>
#include <oidcop/message.h>
#include <oidcop/protocol_error.h>
#include <oidcop/random.h>

#include <string>

namespace oidcop::endpoint {

/// Whether a form was posted by a page of ours, which no frame shows: Fetch Metadata tells, or Origin where a
/// browser lacks it. Browsers that send neither are covered by seal and cookie (Fetch Metadata Request
/// Headers, 2.4).
bool comes_from_here(const http::Request& request, const session::Cookies& cookies);

/// The browser that a page is sealed for. One that has no cookie of its own yet gets it with the answer,
/// which the scope notes. Errors: temporarily_unavailable (no randomness).
Result<Digest, ProtocolError> browser_to_seal_for(const session::Cookies& cookies, Random& random,
                                                  RequestScope& scope);

/// The request as a GET of the same endpoint; empty when it is too long for a URL. A POST from another site
/// comes without our cookies (SameSite=Lax) and says nothing about the browser; as a GET it brings them.
std::string as_get(const std::string& url, const Message& request);

}  // namespace oidcop::endpoint
