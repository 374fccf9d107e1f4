#pragma once

#include "token/minted_token.h"
#include "token/usage_rules.h"

#include <oidcop/random.h>

namespace oidcop::token {

/// A new authorization code for a grant: 256 random bits, known afterwards by their digest; its own short
/// lifetime is in the row, not only in the grant's. Errors: unavailable (no randomness).
Result<MintedToken> mint_code(const model::Grant& grant, const model::Client& client,
                              const UsagePolicy& policy, Random& random, TimePoint now);

}  // namespace oidcop::token
