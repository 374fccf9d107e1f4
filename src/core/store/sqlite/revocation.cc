#include "store/sqlite/revocation.h"

#include "store/sqlite/logout_notices.h"
#include "store/sqlite/rows.h"

namespace oidcop::store::sqlite {
namespace {

Result<bool> exists(Connection& connection, std::string_view sql, const std::string& id) {
  auto query = connection.query(sql);
  return query.bind(id).next();
}

Result<void> run(Connection& connection, std::string_view sql, const std::string& id, TimePoint now) {
  auto query = connection.query(sql);
  return finish(query.bind(id, now));
}

// ?1: the session, ?2: now, ?3: whether offline grants fall, too.
constexpr std::string_view kRevokeTokens =
    "UPDATE tokens SET revoked_at = ?2 WHERE revoked_at IS NULL AND grant_id IN ("
    "  SELECT g.id FROM grants g JOIN client_sessions cs ON cs.id = g.client_session"
    "  WHERE cs.user_session = ?1 AND (g.offline = 0 OR ?3))";
constexpr std::string_view kRevokeGrants =
    "UPDATE grants SET revoked_at = ?2 WHERE revoked_at IS NULL AND (offline = 0 OR ?3) AND client_session "
    "IN ("
    "  SELECT id FROM client_sessions WHERE user_session = ?1)";
constexpr std::string_view kEndClientSessions =
    "UPDATE client_sessions SET ended_at = ?2 WHERE ended_at IS NULL AND user_session = ?1 AND NOT EXISTS ("
    "  SELECT 1 FROM grants g"
    "  WHERE g.client_session = client_sessions.id AND g.offline = 1 AND g.revoked_at IS NULL)";

}  // namespace

Result<bool> revoke_grant(Connection& connection, const model::GrantId& id, TimePoint now) {
  const auto& text = id.text();
  auto found = exists(connection, "SELECT 1 FROM grants WHERE id = ?", text);
  if (!found || !*found) return found;
  auto tokens = run(
      connection, "UPDATE tokens SET revoked_at = ?2 WHERE grant_id = ?1 AND revoked_at IS NULL", text, now);
  if (!tokens) return fail(std::move(tokens).error());
  auto grant =
      run(connection, "UPDATE grants SET revoked_at = ?2 WHERE id = ?1 AND revoked_at IS NULL", text, now);
  if (!grant) return fail(std::move(grant).error());
  return true;
}

Result<bool> end_session(Connection& connection, const model::SessionId& id, OfflineGrants offline,
                         TimePoint now) {
  const auto& text = id.text();
  auto found = exists(connection, "SELECT 1 FROM user_sessions WHERE id = ?", text);
  if (!found || !*found) return found;
  auto session =
      connection.query("UPDATE user_sessions SET ended_at = ?2 WHERE id = ?1 AND ended_at IS NULL");
  const auto newly = session.bind(text, now).run();
  if (!newly) return fail(newly.error());
  if (*newly != 0) {  // else the clients were told when it ended
    if (auto put = put_logout_notices(connection, id, now); !put) return fail(std::move(put).error());
  }
  for (const auto sql : {kRevokeTokens, kRevokeGrants}) {
    auto query = connection.query(sql);
    auto done = finish(query.bind(text, now, offline == OfflineGrants::revoked));
    if (!done) return fail(std::move(done).error());
  }
  auto ended = run(connection, kEndClientSessions, text, now);
  if (!ended) return fail(std::move(ended).error());
  return true;
}

Result<void> end_sessions_of(Connection& connection, const model::UserId& user, TimePoint now) {
  std::vector<model::SessionId> sessions;
  {
    auto query = connection.query("SELECT id FROM user_sessions WHERE user_id = ?");
    query.bind(user.text());
    while (true) {
      const auto row = query.next();
      if (!row) return fail(row.error());
      if (!*row) break;
      sessions.emplace_back(query.text());
    }
  }
  for (const auto& session : sessions) {
    auto ended = end_session(connection, session, OfflineGrants::revoked, now);
    if (!ended) return fail(std::move(ended).error());
  }
  return {};
}

}  // namespace oidcop::store::sqlite
