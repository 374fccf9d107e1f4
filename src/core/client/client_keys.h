#pragma once

#include "base/json.h"
#include "jose/algorithm.h"
#include "model/client.h"

#include <oidcop/protocol_error.h>

namespace oidcop::client {

/// Reads the metadata members jwks and jwks_uri (OpenID Connect Dynamic Client
/// Registration 1.0, 2). Refused: both at once, a private or symmetric key (the client would have told us
/// what nobody may know), a jwks_uri that is not https, a set without a usable key where
/// the client signs its authentication. The client's method and algorithm have been read before.
Verdict read_keys(const Message& metadata, model::Client& client);

/// Whether a JWK has members that only a private or symmetric key has.
bool tells_a_secret(const Json& key);

/// The signature algorithms that fit a method of client authentication: HS* for client_secret_jwt, all others
/// for private_key_jwt, none for the rest. A registered algorithm narrows them to itself.
jose::AlgorithmSet assertion_algorithms(model::ClientAuthMethod method,
                                        std::optional<jose::Algorithm> registered);

}  // namespace oidcop::client
