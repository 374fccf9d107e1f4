#include "store/sqlite/backend.h"
#include "store/sqlite/rows.h"

namespace oidcop::store::sqlite {
namespace {

constexpr Seconds kSlowDown{5};  // RFC 8628, 3.5

/// Of a waiting device, what decides about a poll.
struct Waiting {
  DeviceDecision decision = DeviceDecision::pending;
  TimePoint expires_at{};
  Seconds interval{};
  std::optional<TimePoint> polled_at;
};

DeviceDecision decision_from(std::int64_t number) {
  if (number == 1) return DeviceDecision::allowed;
  return number == 0 ? DeviceDecision::pending : DeviceDecision::denied;
}

std::int64_t to_number(DeviceDecision decision) {
  return static_cast<std::int64_t>(decision);
}

Result<std::optional<Waiting>> load_own(Connection& connection, const DevicePoll& command) {
  auto query = connection.query(
      "SELECT decision, expires_at, interval, polled_at FROM device_authorizations "
      "WHERE device_code = ?1 AND client_id = ?2");
  const auto row = query.bind(command.device_code, command.client.text()).next();
  if (!row) return fail(row.error());
  if (!*row) return std::optional<Waiting>();
  Waiting waiting;
  waiting.decision = decision_from(query.integer());
  waiting.expires_at = query.time();
  waiting.interval = Seconds(query.integer());
  waiting.polled_at = query.optional_time();
  return std::optional(waiting);
}

Result<PollOutcome> poll(Connection& connection, const DevicePoll& command) {
  const auto loaded = load_own(connection, command);
  if (!loaded) return fail(loaded.error());
  if (!*loaded) return PollOutcome::not_found;
  const Waiting& waiting = **loaded;
  if (waiting.decision == DeviceDecision::denied) return PollOutcome::denied;
  if (command.now >= waiting.expires_at) return PollOutcome::expired;
  if (waiting.decision == DeviceDecision::allowed) return PollOutcome::allowed;
  const bool too_fast = waiting.polled_at && command.now < *waiting.polled_at + waiting.interval;
  const auto interval = too_fast ? waiting.interval + kSlowDown : waiting.interval;
  auto query = connection.query(
      "UPDATE device_authorizations SET polled_at = ?2, interval = ?3 WHERE device_code = ?1");
  auto done = finish(query.bind(command.device_code, command.now, interval.count()));
  if (!done) return fail(std::move(done).error());
  return too_fast ? PollOutcome::slow_down : PollOutcome::pending;
}

}  // namespace

Result<void> Backend::put_device_authorization(const DeviceAuthorization& authorization) {
  return write([&](Connection& connection) -> Result<void> {
    auto query = connection.query(
        "INSERT INTO device_authorizations (device_code, user_code, client_id, request, created_at, "
        "expires_at, kept_until, interval, decision) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");
    return finish(query.bind(authorization.device_code, authorization.user_code, authorization.client.text(),
                             to_document(authorization.request), authorization.created_at,
                             authorization.expires_at, authorization.kept_until,
                             authorization.interval.count(), to_number(authorization.decision)));
  });
}

Result<DeviceAuthorization> Backend::find_device_authorization(const Digest& user_code) {
  return read([&](Connection& connection) -> Result<DeviceAuthorization> {
    auto query = connection.query(
        "SELECT device_code, client_id, request, created_at, expires_at, kept_until, interval, decision "
        "FROM device_authorizations WHERE user_code = ?");
    const auto row = query.bind(user_code).next();
    if (!row) return fail(row.error());
    if (!*row) return fail(Errc::not_found, "no device waits with this code");
    DeviceAuthorization found;
    found.device_code = query.digest();
    found.user_code = user_code;
    found.client = model::ClientId(query.text());
    auto document = message_from(query.text());
    if (!document) return fail(std::move(document).error());
    found.request = std::move(*document);
    found.created_at = query.time();
    found.expires_at = query.time();
    found.kept_until = query.time();
    found.interval = Seconds(query.integer());
    found.decision = decision_from(query.integer());
    return found;
  });
}

Result<bool> Backend::deny_device(const Digest& user_code, TimePoint now) {
  return write([&](Connection& connection) -> Result<bool> {
    auto query = connection.query(
        "UPDATE device_authorizations SET decision = 2 "
        "WHERE user_code = ?1 AND decision = 0 AND expires_at > ?2");
    const auto changed = query.bind(user_code, now).run();
    if (!changed) return fail(changed.error());
    return *changed != 0;
  });
}

Result<PollOutcome> Backend::commit(const DevicePoll& command) {
  return write([&](Connection& connection) { return poll(connection, command); });
}

}  // namespace oidcop::store::sqlite
