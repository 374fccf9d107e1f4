#pragma once

#include "token/minted_token.h"
#include "token/usage_rules.h"

#include <oidcop/random.h>

namespace oidcop::token {

/// A new authorization code for a grant: 256 random bits, known afterwards by their digest; its own short
/// lifetime is in the row, not only in the grant's. Errors: unavailable (no randomness).
Result<MintedToken> mint_code(const model::Grant& grant, const model::Client& client,
                              const UsagePolicy& policy, Random& random, TimePoint now);

/// The row of a code that its holder has had before anybody granted it anything, a device's: known by
/// `digest` and worth something until `expires_at`, or until the grant ends.
model::TokenRecord code_record(const model::Grant& grant, const Digest& digest, TimePoint now,
                               TimePoint expires_at);

}  // namespace oidcop::token
