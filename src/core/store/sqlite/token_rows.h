#pragma once

#include "base/digest.h"
#include "model/presented_token.h"
#include "store/sqlite/connection.h"
#include "store/token_store.h"

#include <oidcop/result.h>

#include <optional>

namespace oidcop::store::sqlite {

/// The token and all above it in one statement, whatever its state; nothing when there is none.
Result<std::optional<model::PresentedToken>> load_token(Connection& connection, const Digest& digest);

/// Takes a jti. \return whether it was new; one that has expired is forgotten.
Result<bool> take_jti(Connection& connection, const UsedJti& jti, TimePoint now);

}  // namespace oidcop::store::sqlite
