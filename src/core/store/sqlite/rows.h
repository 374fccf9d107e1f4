#pragma once

#include "model/client.h"
#include "model/presented_token.h"
#include "model/session.h"
#include "model/user.h"
#include "store/sqlite/query.h"

#include <oidcop/result.h>

#include <string>
#include <vector>

namespace oidcop::store::sqlite {

// Columns in the order in which the functions below read them; each stands for one table under its short
// name.
#define OIDCOP_USER_COLUMNS \
  "u.id, u.username, u.subject, u.password_hash, u.enabled, u.groups, u.claims, u.created_at, u.updated_at"
#define OIDCOP_USER_SESSION_COLUMNS                                                             \
  "us.id, us.user_id, us.cookie, us.auth_time, us.acr, us.amr, us.interaction, us.created_at, " \
  "us.idle_expires_at, us.expires_at, us.ended_at"
#define OIDCOP_CLIENT_SESSION_COLUMNS \
  "cs.id, cs.user_session, cs.client_id, cs.subject, cs.sid, cs.created_at, cs.ended_at"
#define OIDCOP_GRANT_COLUMNS                                                                             \
  "g.id, g.client_session, g.scope, g.authorization_request, g.auth_time, g.acr, g.amr, g.interaction, " \
  "g.offline, g.created_at, g.expires_at, g.revoked_at"
#define OIDCOP_TOKEN_COLUMNS                                                                             \
  "t.digest, t.class, t.grant_id, t.based_on, t.scope, t.issued_at, t.expires_at, t.max_usage, t.used, " \
  "t.used_at, t.revoked_at, t.authentication, t.exchanged_scope, t.audience"

// Each reads its columns from where the row stands. Errors: internal (a document that is none).
Result<model::User> read_user(Query& row);
Result<model::UserSession> read_user_session(Query& row);
model::ClientSession read_client_session(Query& row);
Result<model::Grant> read_grant(Query& row);
model::TokenRecord read_token(Query& row);

// Values as they are kept.
std::string to_document(const Message& message);
std::string to_document(const std::vector<std::string>& texts);
Result<Message> message_from(std::string_view document);
Result<std::vector<std::string>> texts_from(std::string_view document);
/// Words without spaces, as one text.
std::string joined_words(const std::vector<std::string>& words);
std::vector<std::string> words_from(std::string_view text);
int to_number(model::TokenClass token_class);
model::ScopeSet scope_from(std::string_view text);

/// Steps a statement to its end. Errors: as Connection::error_of.
Result<void> finish(Query& query);

}  // namespace oidcop::store::sqlite
