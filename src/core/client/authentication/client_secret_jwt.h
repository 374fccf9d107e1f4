#pragma once

#include "client/secret.h"
#include "jose/jwk_set.h"
#include "model/client.h"

#include <oidcop/result.h>
#include <oidcop/time.h>

namespace oidcop::client {

/// client_secret_jwt: the keys that verify the client's assertions are the octets of its live secrets (OpenID
/// Connect Core 1.0, 9 and 10.1). Errors: bad_signature when a stored secret does not open.
Result<jose::JwkSet> client_secret_jwt_keys(const model::Client& client, const ClientSecrets& secrets,
                                            TimePoint now);

}  // namespace oidcop::client
