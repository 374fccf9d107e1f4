#pragma once

#include "model/session.h"
#include "store/sqlite/connection.h"

#include <oidcop/result.h>

namespace oidcop::store::sqlite {

// Inserts inside a command's transaction. Errors: conflict (taken, or what it refers to is gone);
// unavailable.
Result<void> insert_user_session(Connection& connection, const model::UserSession& session);
Result<void> insert_client_session(Connection& connection, const model::ClientSession& session);
Result<void> insert_grant(Connection& connection, const model::Grant& grant);
Result<void> insert_token(Connection& connection, const model::TokenRecord& token);
Result<void> put_consent(Connection& connection, const model::Consent& consent);

}  // namespace oidcop::store::sqlite
