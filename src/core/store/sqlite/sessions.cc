#include "store/sqlite/backend.h"
#include "store/sqlite/revocation.h"
#include "store/sqlite/rows.h"
#include "store/sqlite/session_rows.h"
#include "store/sqlite/throttle_rows.h"

namespace oidcop::store::sqlite {
namespace {

/// The session that the browser brought along, if it may go on: the same person's, and active.
Result<bool> may_go_on(Connection& connection, const model::SessionId& id, const model::UserSession& next) {
  auto query =
      connection.query("SELECT " OIDCOP_USER_SESSION_COLUMNS " FROM user_sessions us WHERE us.id = ?");
  const auto row = query.bind(id.text()).next();
  if (!row) return fail(row.error());
  if (!*row) return false;
  const auto session = read_user_session(query);
  if (!session) return fail(session.error());
  return session->user == next.user && session->is_active(next.created_at);
}

Result<void> renew(Connection& connection, const model::SessionId& id, const model::UserSession& next) {
  auto update = connection.query(
      "UPDATE user_sessions SET cookie = ?2, auth_time = ?3, acr = ?4, amr = ?5, interaction = ?6, "
      "idle_expires_at = ?7 WHERE id = ?1");
  const auto& event = next.authentication;
  return finish(update.bind(id.text(), next.cookie, event.time, event.acr, to_document(event.amr),
                            event.interaction.text(), next.idle_expires_at));
}

Result<model::SessionId> stand(Connection& connection, const SignIn& command) {
  const auto& next = command.session;
  if (command.replaces) {
    const auto goes_on = may_go_on(connection, *command.replaces, next);
    if (!goes_on) return fail(goes_on.error());
    if (*goes_on) {
      auto renewed = renew(connection, *command.replaces, next);
      if (!renewed) return fail(std::move(renewed).error());
      return *command.replaces;
    }
    const auto ended = end_session(connection, *command.replaces, OfflineGrants::stay, next.created_at);
    if (!ended) return fail(ended.error());
  }
  auto inserted = insert_user_session(connection, next);
  if (!inserted) return fail(std::move(inserted).error());
  return next.id;
}

/// In the transaction that makes the session: whatever ends a person's sessions has either happened and is
/// seen here, or will find this one, too.
Result<void> check_may_sign_in(Connection& connection, const SignIn& command) {
  auto query = connection.query(
      "SELECT 1 FROM users WHERE id = ?1 AND enabled = 1 AND (?2 IS NULL OR password_hash = ?2)");
  const auto row = query.bind(command.session.user.text(), command.verified_hash).next();
  if (!row) return fail(row.error());
  if (*row) return {};
  return fail(Errc::conflict, "the user was disabled, removed or given another password meanwhile");
}

Result<void> remember(Connection& connection, const KnownDevice& device) {
  auto query = connection.query(
      "INSERT INTO known_devices (key, expires_at) VALUES (?1, ?2) "
      "ON CONFLICT (key) DO UPDATE SET expires_at = excluded.expires_at");
  return finish(query.bind(device.key, device.expires_at));
}

}  // namespace

Result<LiveSession> Backend::find_session(const Digest& cookie) {
  return read([&](Connection& connection) -> Result<LiveSession> {
    auto query =
        connection.query("SELECT " OIDCOP_USER_SESSION_COLUMNS ", " OIDCOP_USER_COLUMNS
                         " FROM user_sessions us JOIN users u ON u.id = us.user_id WHERE us.cookie = ?");
    const auto row = query.bind(cookie).next();
    if (!row) return fail(row.error());
    if (!*row) return fail(Errc::not_found, "no such session");
    auto session = read_user_session(query);
    if (!session) return fail(std::move(session).error());
    auto user = read_user(query);
    if (!user) return fail(std::move(user).error());
    return LiveSession{std::move(*session), std::move(*user)};
  });
}

Result<model::SessionId> Backend::commit(const SignIn& command) {
  return write([&](Connection& connection) -> Result<model::SessionId> {
    if (auto may = check_may_sign_in(connection, command); !may) return fail(std::move(may).error());
    auto id = stand(connection, command);
    if (!id) return id;
    if (command.known_device) {
      if (auto done = remember(connection, *command.known_device); !done)
        return fail(std::move(done).error());
    }
    auto refunded = refund(connection, command.refunds, command.session.created_at);
    if (!refunded) return fail(std::move(refunded).error());
    return id;
  });
}

Result<void> Backend::end_session(const model::SessionId& id, TimePoint now) {
  return write([&](Connection& connection) -> Result<void> {
    const auto ended = sqlite::end_session(connection, id, OfflineGrants::stay, now);
    if (!ended) return fail(ended.error());
    if (!*ended) return fail(Errc::not_found, "no such session");
    return {};
  });
}

Result<std::vector<model::ClientSession>> Backend::list_client_sessions(const model::SessionId& id) {
  return read([&](Connection& connection) -> Result<std::vector<model::ClientSession>> {
    auto query = connection.query("SELECT " OIDCOP_CLIENT_SESSION_COLUMNS
                                  " FROM client_sessions cs WHERE cs.user_session = ?"
                                  " ORDER BY cs.created_at, cs.id");
    query.bind(id.text());
    std::vector<model::ClientSession> sessions;
    while (true) {
      const auto row = query.next();
      if (!row) return fail(row.error());
      if (!*row) return sessions;
      sessions.push_back(read_client_session(query));
    }
  });
}

Result<void> Backend::revoke_grant(const model::GrantId& id, TimePoint now) {
  return write([&](Connection& connection) -> Result<void> {
    const auto revoked = sqlite::revoke_grant(connection, id, now);
    if (!revoked) return fail(revoked.error());
    if (!*revoked) return fail(Errc::not_found, "no such grant");
    return {};
  });
}

Result<model::Consent> Backend::find_consent(const model::UserId& user, const model::ClientId& client,
                                             TimePoint now) {
  return read([&](Connection& connection) -> Result<model::Consent> {
    auto query = connection.query(
        "SELECT scope, claims, granted_at, expires_at FROM consents "
        "WHERE user_id = ?1 AND client_id = ?2 AND expires_at > ?3");
    const auto row = query.bind(user.text(), client.text(), now).next();
    if (!row) return fail(row.error());
    if (!*row) return fail(Errc::not_found, "no consent is remembered");
    model::Consent consent{user, client, scope_from(query.text_view()), {}, {}, {}};
    auto claims = texts_from(query.text_view());
    if (!claims) return fail(std::move(claims).error());
    consent.claims = std::move(*claims);
    consent.granted_at = query.time();
    consent.expires_at = query.time();
    return consent;
  });
}

}  // namespace oidcop::store::sqlite
