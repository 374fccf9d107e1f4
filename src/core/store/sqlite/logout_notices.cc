#include "store/sqlite/logout_notices.h"

#include "store/sqlite/backend.h"
#include "store/sqlite/rows.h"

namespace oidcop::store::sqlite {
namespace {

using Notices = std::vector<std::vector<model::LogoutNotice>>;

/// A look before the lock: most of the time nothing is due.
Result<bool> is_anything_due(Connection& connection, TimePoint now) {
  auto query = connection.query("SELECT 1 FROM logout_notices WHERE due_at <= ? LIMIT 1");
  return query.bind(now).next();
}

Result<std::vector<model::ClientId>> clients_to_tell(Connection& connection, const LeaseNotices& command) {
  auto query = connection.query(
      "SELECT client_id FROM logout_notices WHERE due_at <= ?1 AND client_id NOT IN ("
      "  SELECT client_id FROM logout_notices WHERE leased = 1 AND due_at > ?1) "
      "GROUP BY client_id ORDER BY min(due_at), client_id LIMIT ?2");
  query.bind(command.now, command.clients);
  std::vector<model::ClientId> clients;
  while (true) {
    const auto row = query.next();
    if (!row) return fail(row.error());
    if (!*row) return clients;
    clients.emplace_back(query.text());
  }
}

Result<std::vector<model::LogoutNotice>> due_of(Connection& connection, const model::ClientId& client,
                                                const LeaseNotices& command) {
  auto query = connection.query(
      "SELECT sid, subject, created_at, attempts FROM logout_notices WHERE client_id = ?1 AND due_at <= ?2 "
      "ORDER BY created_at, sid LIMIT ?3");
  query.bind(client.text(), command.now, command.of_each);
  std::vector<model::LogoutNotice> notices;
  while (true) {
    const auto row = query.next();
    if (!row) return fail(row.error());
    if (!*row) return notices;
    model::LogoutNotice notice;
    notice.sid = query.text();
    notice.client = client;
    notice.subject = query.text();
    notice.created_at = query.time();
    notice.attempts = static_cast<int>(query.integer());
    notices.push_back(std::move(notice));
  }
}

Result<void> lease(Connection& connection, const std::vector<model::LogoutNotice>& notices, TimePoint until) {
  for (const auto& notice : notices) {
    auto update = connection.query("UPDATE logout_notices SET leased = 1, due_at = ?2 WHERE sid = ?1");
    if (auto done = finish(update.bind(notice.sid, until)); !done) return done;
  }
  return {};
}

}  // namespace

Result<void> put_logout_notices(Connection& connection, const model::SessionId& session, TimePoint now) {
  auto insert = connection.query(
      "INSERT OR IGNORE INTO logout_notices (sid, client_id, subject, created_at, due_at, leased, attempts) "
      "SELECT cs.sid, cs.client_id, cs.subject, ?2, ?2, 0, 0 "
      "FROM client_sessions cs JOIN clients c ON c.id = cs.client_id "
      "WHERE cs.user_session = ?1 AND cs.ended_at IS NULL AND c.enabled = 1 "
      "AND json_extract(c.document, '$.metadata.backchannel_logout_uri') IS NOT NULL");
  return finish(insert.bind(session.text(), now));
}

Result<Notices> Backend::lease_logout_notices(const LeaseNotices& command) {
  const auto due = read([&](Connection& connection) { return is_anything_due(connection, command.now); });
  if (!due) return fail(due.error());
  if (!*due) return Notices();
  return write([&](Connection& connection) -> Result<Notices> {
    const auto clients = clients_to_tell(connection, command);
    if (!clients) return fail(clients.error());
    Notices leased;
    for (const auto& client : *clients) {
      auto notices = due_of(connection, client, command);
      if (!notices) return fail(std::move(notices).error());
      if (auto done = lease(connection, *notices, command.until); !done) return fail(std::move(done).error());
      leased.push_back(std::move(*notices));
    }
    return leased;
  });
}

Result<void> Backend::remove_logout_notice(const std::string& sid) {
  return write([&](Connection& connection) {
    auto remove = connection.query("DELETE FROM logout_notices WHERE sid = ?");
    return finish(remove.bind(sid));
  });
}

Result<void> Backend::commit(const PostponeNotices& command) {
  return write([&](Connection& connection) -> Result<void> {
    auto count = connection.query("UPDATE logout_notices SET attempts = attempts + 1 WHERE sid = ?");
    if (auto done = finish(count.bind(command.sid)); !done) return done;
    // What is under lease is this delivery's own; what waits for longer goes on waiting.
    auto wait = connection.query(
        "UPDATE logout_notices SET due_at = CASE WHEN leased = 1 THEN ?2 ELSE max(due_at, ?2) END, leased = "
        "0 "
        "WHERE client_id = ?1");
    return finish(wait.bind(command.client.text(), command.until));
  });
}

Result<void> Backend::release_logout_notices(const std::vector<std::string>& sids, TimePoint now) {
  if (sids.empty()) return {};
  return write([&](Connection& connection) -> Result<void> {
    for (const auto& sid : sids) {
      auto update =
          connection.query("UPDATE logout_notices SET leased = 0, due_at = ?2 WHERE sid = ?1 AND leased = 1");
      if (auto done = finish(update.bind(sid, now)); !done) return done;
    }
    return {};
  });
}

}  // namespace oidcop::store::sqlite
