#pragma once

#include <oidcop/hooks.h>
#include <oidcop/result.h>

namespace oidcop::endpoint {

/// The `iss` parameter in every authorization response, errors included (RFC 9207), made of public hooks
/// alone. Errors: conflict when it is there already.
Result<void> add_response_issuer(Hooks& hooks);

}  // namespace oidcop::endpoint
