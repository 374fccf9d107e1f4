#pragma once

#include "base/secret.h"
#include "model/session.h"

namespace oidcop::token {

/// A new token: what the client gets, and the row that is kept of it. The row is not in the store yet; it
/// travels there in the command of the outcome it belongs to.
struct MintedToken {
  Secret value;
  model::TokenRecord record;
};

}  // namespace oidcop::token
