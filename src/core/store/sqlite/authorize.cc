#include "store/sqlite/backend.h"
#include "store/sqlite/client_rows.h"
#include "store/sqlite/rows.h"
#include "store/sqlite/session_rows.h"

#include <algorithm>

namespace oidcop::store::sqlite {
namespace {

/// The ends of a session that is active.
struct SessionEnds {
  TimePoint idle_expires_at{};
  TimePoint kept_until{};
};

/// Nothing when there is no such session, it is over, or its user is disabled.
Result<std::optional<SessionEnds>> active_session(Connection& connection, const model::SessionId& id,
                                                  TimePoint now) {
  auto query = connection.query(
      "SELECT us.idle_expires_at, us.expires_at, us.ended_at, us.kept_until, u.enabled "
      "FROM user_sessions us JOIN users u ON u.id = us.user_id WHERE us.id = ?");
  const auto row = query.bind(id.text()).next();
  if (!row) return fail(row.error());
  if (!*row) return std::optional<SessionEnds>();
  model::UserSession session;
  session.idle_expires_at = query.time();
  session.expires_at = query.time();
  session.ended_at = query.optional_time();
  const SessionEnds ends{session.idle_expires_at, query.time()};
  const bool user_enabled = query.boolean();
  return session.is_active(now) && user_enabled ? std::optional(ends) : std::nullopt;
}

Result<void> check_client(Connection& connection, const model::ClientId& id) {
  auto query = connection.query("SELECT enabled FROM clients WHERE id = ?");
  const auto row = query.bind(id.text()).next();
  if (!row) return fail(row.error());
  if (*row && query.boolean()) return {};
  return fail(Errc::conflict, "the client was disabled or removed meanwhile");
}

/// The client session that stands, or the new one; nothing when another one stands than was told.
Result<std::optional<model::ClientSessionId>> stand_client_session(Connection& connection,
                                                                   const Authorize& command) {
  auto query = connection.query(
      "SELECT id FROM client_sessions WHERE user_session = ?1 AND client_id = ?2 AND ended_at IS NULL");
  const auto row = query.bind(command.user_session.text(), command.client_session.client.text()).next();
  if (!row) return fail(row.error());
  if (*row) {
    const model::ClientSessionId standing(query.text());
    const bool is_other = standing != command.client_session.id;
    return command.client_session_is_told && is_other ? std::nullopt : std::optional(standing);
  }
  auto session = command.client_session;
  session.user_session = command.user_session;
  auto inserted = insert_client_session(connection, session);
  if (!inserted) return fail(std::move(inserted).error());
  return std::optional(session.id);
}

Result<void> issue(Connection& connection, const Authorize& command,
                   const model::ClientSessionId& client_session) {
  auto grant = command.grant;
  grant.client_session = client_session;
  if (auto done = insert_grant(connection, grant); !done) return done;
  for (auto token : command.tokens) {
    token.grant = grant.id;
    if (auto done = insert_token(connection, token); !done) return done;
  }
  if (command.consent) return put_consent(connection, *command.consent);
  return {};
}

/// A pushed request yields one response, however many tabs it was opened in (RFC 9126, 7.3).
Result<bool> may_use_pushed_request(Connection& connection, const Authorize& command) {
  if (!command.pushed_request) return true;
  auto query = connection.query(
      "SELECT 1 FROM pushed_requests WHERE uri = ?1 AND client_id = ?2 AND used = 0 AND kept_until > ?3");
  const auto row =
      query.bind(*command.pushed_request, command.client_session.client.text(), command.now).next();
  if (!row) return fail(row.error());
  return *row;
}

Result<void> use_pushed_request(Connection& connection, const Authorize& command) {
  if (!command.pushed_request) return {};
  auto query = connection.query("UPDATE pushed_requests SET used = 1 WHERE uri = ?1");
  return finish(query.bind(*command.pushed_request));
}

/// One person decides about a device, once (RFC 8628, 3.3).
Result<bool> may_allow_device(Connection& connection, const Authorize& command) {
  if (!command.device) return true;
  auto query = connection.query(
      "SELECT 1 FROM device_authorizations "
      "WHERE user_code = ?1 AND client_id = ?2 AND decision = 0 AND expires_at > ?3");
  const auto row = query.bind(*command.device, command.client_session.client.text(), command.now).next();
  if (!row) return fail(row.error());
  return *row;
}

Result<void> allow_device(Connection& connection, const Authorize& command) {
  if (!command.device) return {};
  auto query = connection.query("UPDATE device_authorizations SET decision = 1 WHERE user_code = ?1");
  return finish(query.bind(*command.device));
}

/// Whether that for which something is to be issued still waits for it.
Result<AuthorizeOutcome> check_occasion(Connection& connection, const Authorize& command) {
  const auto unused = may_use_pushed_request(connection, command);
  if (!unused) return fail(unused.error());
  if (!*unused) return AuthorizeOutcome::request_used;
  const auto waits = may_allow_device(connection, command);
  if (!waits) return fail(waits.error());
  return *waits ? AuthorizeOutcome::issued : AuthorizeOutcome::device_decided;
}

/// How far the idle end may lag behind: a sixtieth of the idle lifetime, and never more than a minute.
Seconds idle_lag(const Authorize& command) {
  return std::clamp((command.idle_expires_at - command.now) / 60, Seconds(0), Seconds(60));
}

/// A session in use would be written anew by each of its authorizations; it is when that makes a difference.
/// The end never lies later than asked for: a shorter idle lifetime holds at once.
Result<void> touch(Connection& connection, const Authorize& command, const SessionEnds& ends) {
  const auto lag = idle_lag(command);
  const bool idle_end_stands = ends.idle_expires_at <= command.idle_expires_at &&
                               command.idle_expires_at - ends.idle_expires_at <= lag;
  if (idle_end_stands && ends.kept_until >= command.grant.expires_at) return {};
  const auto kept_until = std::max(ends.kept_until, command.grant.expires_at);
  auto query =
      connection.query("UPDATE user_sessions SET idle_expires_at = ?2, kept_until = ?3 WHERE id = ?1");
  return finish(query.bind(command.user_session.text(), command.idle_expires_at, kept_until));
}

Result<AuthorizeOutcome> authorize(Connection& connection, const Authorize& command) {
  const auto session = active_session(connection, command.user_session, command.now);
  if (!session) return fail(session.error());
  if (!*session) return AuthorizeOutcome::session_ended;
  if (auto client = check_client(connection, command.client_session.client); !client) {
    return fail(std::move(client).error());
  }
  const auto occasion = check_occasion(connection, command);
  if (!occasion) return fail(occasion.error());
  if (*occasion != AuthorizeOutcome::issued) return *occasion;
  const auto client_session = stand_client_session(connection, command);
  if (!client_session) return fail(client_session.error());
  if (!*client_session) return AuthorizeOutcome::other_client_session;
  if (auto used = use_pushed_request(connection, command); !used) return fail(std::move(used).error());
  if (auto allowed = allow_device(connection, command); !allowed) return fail(std::move(allowed).error());
  if (auto issued = issue(connection, command, **client_session); !issued)
    return fail(std::move(issued).error());
  if (auto touched = touch(connection, command, **session); !touched) return fail(std::move(touched).error());
  if (auto kept = keep_used_client(connection, command.client_session.client); !kept)
    return fail(std::move(kept).error());
  return AuthorizeOutcome::issued;
}

}  // namespace

Result<model::ClientSession> Backend::find_client_session(const model::SessionId& user_session,
                                                          const model::ClientId& client) {
  return read([&](Connection& connection) -> Result<model::ClientSession> {
    auto query = connection.query("SELECT " OIDCOP_CLIENT_SESSION_COLUMNS
                                  " FROM client_sessions cs WHERE cs.user_session = ?1 AND cs.client_id = ?2 "
                                  "AND cs.ended_at IS NULL");
    const auto row = query.bind(user_session.text(), client.text()).next();
    if (!row) return fail(row.error());
    if (!*row) return fail(Errc::not_found, "no such client session");
    return read_client_session(query);
  });
}

Result<AuthorizeOutcome> Backend::commit(const Authorize& command) {
  return write([&](Connection& connection) { return authorize(connection, command); });
}

Result<void> Backend::record_minted(const model::UserSession& session, const Authorize& command) {
  return write([&](Connection& connection) -> Result<void> {
    if (auto inserted = insert_user_session(connection, session); !inserted) return inserted;
    auto under_it = command;
    under_it.user_session = session.id;
    const auto outcome = authorize(connection, under_it);
    if (!outcome) return fail(outcome.error());
    if (*outcome == AuthorizeOutcome::issued) return {};
    return fail(Errc::conflict, "the session or its user is not active");
  });
}

}  // namespace oidcop::store::sqlite
