#include "store/sqlite/backend.h"
#include "store/sqlite/rows.h"

#include <algorithm>

namespace oidcop::store::sqlite {
namespace {

constexpr int kSlice = 200;              // rows in one transaction: writers in between wait for little
constexpr Seconds kLease = Seconds(60);  // longer than any slice; a killed sweeper is replaced after it

// What may leave at ?1, at most ?2 rows of each; always a range of an index. Whole trees go with their roots:
// a session is kept until its last grant has ended.
constexpr std::string_view kLeavers[] = {
    "DELETE FROM tokens WHERE digest IN "
    "(SELECT digest FROM tokens WHERE kept_until <= ?1 AND class <> 0 LIMIT ?2)",
    "DELETE FROM client_tokens WHERE digest IN "
    "(SELECT digest FROM client_tokens WHERE expires_at <= ?1 LIMIT ?2)",
    "DELETE FROM grants WHERE id IN (SELECT id FROM grants WHERE expires_at <= ?1 LIMIT ?2)",
    "DELETE FROM user_sessions WHERE id IN (SELECT id FROM user_sessions WHERE kept_until <= ?1 LIMIT ?2)",
    "DELETE FROM consents WHERE (user_id, client_id) IN "
    "(SELECT user_id, client_id FROM consents WHERE expires_at <= ?1 LIMIT ?2)",
    "DELETE FROM used_jtis WHERE key IN (SELECT key FROM used_jtis WHERE expires_at <= ?1 LIMIT ?2)",
    "DELETE FROM pushed_requests WHERE uri IN "
    "(SELECT uri FROM pushed_requests WHERE kept_until <= ?1 LIMIT ?2)",
    "DELETE FROM device_authorizations WHERE device_code IN "
    "(SELECT device_code FROM device_authorizations WHERE kept_until <= ?1 LIMIT ?2)",
    "DELETE FROM known_devices WHERE key IN (SELECT key FROM known_devices WHERE expires_at <= ?1 LIMIT ?2)",
    "DELETE FROM fetched_documents WHERE rowid IN "
    "(SELECT rowid FROM fetched_documents WHERE kept_until <= ?1 LIMIT ?2)",
    "DELETE FROM clients WHERE id IN "
    "(SELECT client_id FROM registrations WHERE unused_until <= ?1 LIMIT ?2)",
    "DELETE FROM initial_access_tokens WHERE id IN "
    "(SELECT id FROM initial_access_tokens WHERE expires_at <= ?1 LIMIT ?2)",
    "DELETE FROM logout_notices WHERE sid IN "
    "(SELECT sid FROM logout_notices WHERE created_at <= ?1 - 172800 LIMIT ?2)",  // nobody delivers them
    "DELETE FROM throttle_windows WHERE number IN "
    "(SELECT number FROM throttle_windows WHERE ends_at <= ?1 LIMIT ?2)",
};

/// One sweeper at a time is enough. A lease that ends too far ahead was written by a clock set back since.
Result<bool> take_lease(Connection& connection, TimePoint now) {
  auto query = connection.query(
      "INSERT INTO leases (name, held_until) VALUES ('sweep', ?2) ON CONFLICT (name) DO UPDATE "
      "SET held_until = excluded.held_until WHERE held_until <= ?1 OR held_until > ?2");
  const auto changed = query.bind(now, now + kLease).run();
  if (!changed) return fail(changed.error());
  return *changed != 0;
}

Result<void> return_lease(Connection& connection) {
  auto query = connection.query("DELETE FROM leases WHERE name = 'sweep'");
  return finish(query);
}

/// Removes at most `budget` rows. \return how many.
Result<int> sweep_slice(Connection& connection, TimePoint now, int budget) {
  int removed = 0;
  for (const auto sql : kLeavers) {
    if (removed >= budget) break;
    auto query = connection.query(sql);
    const auto changed = query.bind(now, budget - removed).run();
    if (!changed) return fail(changed.error());
    removed += *changed;
  }
  return removed;
}

}  // namespace

Result<SweepReport> Backend::sweep(TimePoint now, int budget) {
  const auto is_mine = write([&](Connection& connection) { return take_lease(connection, now); });
  if (!is_mine) return fail(is_mine.error());
  if (!*is_mine) return SweepReport{};  // somebody else is at it
  SweepReport report{0, false};
  while (report.removed < budget && !report.finished) {
    const int slice = std::min(kSlice, budget - report.removed);
    const auto removed = write([&](Connection& connection) { return sweep_slice(connection, now, slice); });
    if (!removed) return fail(removed.error());
    report.removed += *removed;
    report.finished = *removed < slice;
  }
  auto returned = write([](Connection& connection) { return return_lease(connection); });
  if (!returned) return fail(std::move(returned).error());
  return report;
}

}  // namespace oidcop::store::sqlite
