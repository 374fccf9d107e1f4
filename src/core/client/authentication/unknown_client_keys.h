#pragma once

#include "jose/jwk_set.h"

namespace oidcop::client {

/// Keys that belong to nobody, one for each kind of algorithm: an assertion of a client that does not exist
/// is verified against them, so that the answer takes as long as for a wrong signature. Thread-safe.
const jose::JwkSet& unknown_client_keys();

}  // namespace oidcop::client
