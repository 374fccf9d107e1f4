#include "store/sqlite/backend.h"
#include "store/sqlite/rows.h"
#include "store/sqlite/throttle_rows.h"

#include <algorithm>

namespace oidcop::store::sqlite {
namespace {

/// A bucket as it stands; the moment is absent when no window of it is open. A window that would end later
/// than one that begins now was counted by a clock that has been set back since: nobody is locked out by
/// that.
struct Window {
  std::int64_t attempts = 0;
  std::optional<TimePoint> ends_at;
};

Result<Window> find_window(Connection& connection, const ThrottleBucket& bucket, TimePoint now) {
  auto query = connection.query(
      "SELECT attempts, ends_at FROM throttle_windows WHERE key = ?1 AND ends_at > ?2 AND ends_at <= ?3");
  const auto row = query.bind(bucket.key, now, now + bucket.window).next();
  if (!row) return fail(row.error());
  if (!*row) return Window{};
  const auto attempts = query.integer();
  return Window{attempts, query.time()};
}

Result<void> count_on(Connection& connection, const ThrottleBucket& bucket) {
  auto query = connection.query("UPDATE throttle_windows SET attempts = attempts + 1 WHERE key = ?");
  return finish(query.bind(bucket.key));
}

/// A new window takes the highest number, and whoever is too far below it leaves: the table is bounded
/// without ever being counted.
Result<void> open_window(Connection& connection, const ThrottleBucket& bucket, TimePoint now, int most) {
  auto old = connection.query("DELETE FROM throttle_windows WHERE key = ?");
  if (auto done = finish(old.bind(bucket.key)); !done) return done;
  auto insert = connection.query(
      "INSERT INTO throttle_windows (number, key, attempts, ends_at) "
      "VALUES ((SELECT coalesce(max(number), 0) + 1 FROM throttle_windows), ?1, 1, ?2)");
  if (auto done = finish(insert.bind(bucket.key, now + bucket.window)); !done) return done;
  auto bound = connection.query(
      "DELETE FROM throttle_windows WHERE number <= (SELECT max(number) FROM throttle_windows) - ?");
  return finish(bound.bind(most));
}

/// When the last of the full buckets opens again; nothing when none is full.
Result<std::optional<TimePoint>> refusal(Connection& connection, const std::vector<ThrottleBucket>& buckets,
                                         TimePoint now) {
  std::optional<TimePoint> until;
  for (const auto& bucket : buckets) {
    const auto window = find_window(connection, bucket, now);
    if (!window) return fail(window.error());
    if (window->attempts < bucket.limit) continue;
    const auto opens = window->ends_at.value_or(now + bucket.window);
    until = std::max(until.value_or(opens), opens);
  }
  return until;
}

Result<std::optional<TimePoint>> reserve(Connection& connection, const std::vector<ThrottleBucket>& buckets,
                                         TimePoint now, int most) {
  auto refused = refusal(connection, buckets, now);
  if (!refused || *refused) return refused;
  for (const auto& bucket : buckets) {
    const auto window = find_window(connection, bucket, now);
    if (!window) return fail(window.error());
    auto counted =
        window->ends_at ? count_on(connection, bucket) : open_window(connection, bucket, now, most);
    if (!counted) return fail(std::move(counted).error());
  }
  return std::optional<TimePoint>();
}

}  // namespace

Result<void> refund(Connection& connection, const std::vector<ThrottleBucket>& buckets, TimePoint now) {
  for (const auto& bucket : buckets) {
    auto query = connection.query(
        "UPDATE throttle_windows SET attempts = attempts - 1 WHERE key = ?1 AND ends_at > ?2 AND attempts > "
        "0");
    if (auto done = finish(query.bind(bucket.key, now)); !done) return done;
  }
  return {};
}

Result<std::optional<TimePoint>> Backend::reserve_attempt(const std::vector<ThrottleBucket>& buckets,
                                                          TimePoint now) {
  return write([&](Connection& connection) { return reserve(connection, buckets, now, throttle_windows_); });
}

Result<void> Backend::refund_attempt(const std::vector<ThrottleBucket>& buckets, TimePoint now) {
  return write([&](Connection& connection) { return refund(connection, buckets, now); });
}

Result<bool> Backend::is_known_device(const Digest& device, TimePoint now) {
  return read([&](Connection& connection) -> Result<bool> {
    auto query = connection.query("SELECT 1 FROM known_devices WHERE key = ?1 AND expires_at > ?2");
    return query.bind(device, now).next();
  });
}

}  // namespace oidcop::store::sqlite
