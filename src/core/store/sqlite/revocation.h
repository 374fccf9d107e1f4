#pragma once

#include "model/id.h"
#include "store/sqlite/connection.h"

#include <oidcop/result.h>
#include <oidcop/time.h>

namespace oidcop::store::sqlite {

// Steps inside a command's transaction. What is over already keeps the moment when it ended.

enum class OfflineGrants : std::uint8_t { stay, revoked };

/// Revokes a grant and every token below. \return whether there is such a grant.
Result<bool> revoke_grant(Connection& connection, const model::GrantId& id, TimePoint now);

/// Ends a user session, what hangs on it included. A client session stays open as long as an offline grant
/// needs it. \return whether there is such a session.
Result<bool> end_session(Connection& connection, const model::SessionId& id, OfflineGrants offline,
                         TimePoint now);

/// Ends all sessions of a user and revokes all grants, offline ones included.
Result<void> end_sessions_of(Connection& connection, const model::UserId& user, TimePoint now);

}  // namespace oidcop::store::sqlite
