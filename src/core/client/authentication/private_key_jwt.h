#pragma once

#include "jose/jwk_set.h"
#include "model/client.h"

#include <oidcop/result.h>

namespace oidcop::client {

/// private_key_jwt: the keys that verify the client's assertions are those it registered (OpenID Connect
/// Core 1.0, 9). Empty when it registered none.
/// Errors: malformed when the record is damaged.
Result<jose::JwkSet> private_key_jwt_keys(const model::Client& client);

}  // namespace oidcop::client
