#pragma once

#include "model/id.h"
#include "store/sqlite/connection.h"

#include <oidcop/result.h>
#include <oidcop/time.h>

namespace oidcop::store::sqlite {

/// A step of the command that ends a session, before its client sessions end: a notice for each that is open
/// and whose client wants to be told by us.
Result<void> put_logout_notices(Connection& connection, const model::SessionId& session, TimePoint now);

}  // namespace oidcop::store::sqlite
