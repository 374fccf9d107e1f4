#pragma once

#include "base/secret.h"
#include "model/session.h"
#include "token/usage_rules.h"

namespace oidcop::token {

/// A new token: what the client gets, and the row that is kept of it. The row is not in the store yet; it
/// travels there in the command of the outcome it belongs to.
struct MintedToken {
  Secret value;
  model::TokenRecord record;
};

/// The row of a token of that class as its rule makes it; digest, scope and parent are still to be filled in.
model::TokenRecord new_record(model::TokenClass token_class, const ResolvedRule& rule,
                              const model::Grant& grant, TimePoint now);

}  // namespace oidcop::token
