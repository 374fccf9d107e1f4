#include "store/sqlite/session_rows.h"

#include "store/sqlite/rows.h"

namespace oidcop::store::sqlite {

Result<void> insert_user_session(Connection& connection, const model::UserSession& session) {
  auto query = connection.query(
      "INSERT INTO user_sessions (id, user_id, cookie, auth_time, acr, amr, interaction, created_at, "
      "idle_expires_at, expires_at, ended_at, kept_until) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?10)");
  const auto& event = session.authentication;
  return finish(query.bind(session.id.text(), session.user.text(), session.cookie, event.time, event.acr,
                           to_document(event.amr), event.interaction.text(), session.created_at,
                           session.idle_expires_at, session.expires_at, session.ended_at));
}

Result<void> insert_client_session(Connection& connection, const model::ClientSession& session) {
  auto query = connection.query(
      "INSERT INTO client_sessions (id, user_session, client_id, subject, sid, created_at, ended_at) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
  return finish(query.bind(session.id.text(), session.user_session.text(), session.client.text(),
                           session.subject, session.sid, session.created_at, session.ended_at));
}

Result<void> insert_grant(Connection& connection, const model::Grant& grant) {
  auto query = connection.query(
      "INSERT INTO grants (id, client_session, scope, authorization_request, auth_time, acr, amr, "
      "interaction, "
      "offline, created_at, expires_at, revoked_at) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)");
  const auto& event = grant.authentication;
  return finish(query.bind(grant.id.text(), grant.client_session.text(), grant.scope.text(),
                           to_document(grant.authorization_request), event.time, event.acr,
                           to_document(event.amr), event.interaction.text(), grant.offline, grant.created_at,
                           grant.expires_at, grant.revoked_at));
}

Result<void> insert_token(Connection& connection, const model::TokenRecord& token) {
  auto query = connection.query(
      "INSERT INTO tokens (digest, class, grant_id, based_on, scope, issued_at, expires_at, max_usage, used, "
      "used_at, revoked_at, authentication, kept_until, audience) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?7, ?13)");
  return finish(query.bind(token.digest, to_number(token.token_class), token.grant.text(), token.based_on,
                           token.scope.text(), token.issued_at, token.expires_at, token.max_usage, token.used,
                           token.used_at, token.revoked_at, token.authentication,
                           joined_words(token.audience)));
}

Result<void> put_consent(Connection& connection, const model::Consent& consent) {
  auto query = connection.query(
      "INSERT INTO consents (user_id, client_id, scope, claims, granted_at, expires_at) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (user_id, client_id) DO UPDATE SET "
      "scope = excluded.scope, claims = excluded.claims, granted_at = excluded.granted_at, "
      "expires_at = excluded.expires_at");
  return finish(query.bind(consent.user.text(), consent.client.text(), consent.scope.text(),
                           to_document(consent.claims), consent.granted_at, consent.expires_at));
}

}  // namespace oidcop::store::sqlite
