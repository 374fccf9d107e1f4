#include "store/sqlite/schema.h"

#include "base/file.h"
#include "store/sqlite/backup.h"
#include "store/sqlite/query.h"

#include <array>

namespace oidcop::store::sqlite {
namespace {

constexpr std::int64_t kApplicationId = 0x6f696463;  // "oidc", in the file's header

// Digests are BLOBs of 32 octets, moments whole seconds since the epoch, documents JSON text.
//
// `kept_until` is when a row may be swept, so that sweeping is a range of an index; a session stays until the
// last grant below it has ended. A code stays until its grant ends, because presented again it must still be
// known and revoke what came of it.
constexpr std::string_view kVersion1 = R"sql(
CREATE TABLE meta (
  name TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE leases (
  name TEXT NOT NULL PRIMARY KEY,
  held_until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE clients (
  id TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
  version INTEGER NOT NULL CHECK (version > 0),
  enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),
  document TEXT NOT NULL
) STRICT;

CREATE TABLE users (
  id TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
  username TEXT NOT NULL UNIQUE CHECK (username <> ''),
  subject TEXT NOT NULL,
  password_hash TEXT NOT NULL,
  enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),
  groups TEXT NOT NULL,
  claims TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX users_by_subject ON users (subject) WHERE subject <> '';

CREATE TABLE user_sessions (
  id TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  cookie BLOB NOT NULL UNIQUE CHECK (length(cookie) = 32),
  auth_time INTEGER NOT NULL,
  acr TEXT NOT NULL,
  amr TEXT NOT NULL,
  interaction TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  idle_expires_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  ended_at INTEGER,
  kept_until INTEGER NOT NULL
) STRICT;
CREATE INDEX user_sessions_by_user ON user_sessions (user_id);
CREATE INDEX user_sessions_by_end ON user_sessions (kept_until);

CREATE TABLE client_sessions (
  id TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
  user_session TEXT NOT NULL REFERENCES user_sessions (id) ON DELETE CASCADE,
  client_id TEXT NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
  subject TEXT NOT NULL,
  sid TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  ended_at INTEGER
) STRICT;
CREATE UNIQUE INDEX client_sessions_alive ON client_sessions (user_session, client_id) WHERE ended_at IS NULL;
CREATE INDEX client_sessions_by_user_session ON client_sessions (user_session);
CREATE INDEX client_sessions_by_client ON client_sessions (client_id);

CREATE TABLE grants (
  id TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
  client_session TEXT NOT NULL REFERENCES client_sessions (id) ON DELETE CASCADE,
  scope TEXT NOT NULL,
  authorization_request TEXT NOT NULL,
  auth_time INTEGER NOT NULL,
  acr TEXT NOT NULL,
  amr TEXT NOT NULL,
  interaction TEXT NOT NULL,
  offline INTEGER NOT NULL CHECK (offline IN (0, 1)),
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  revoked_at INTEGER
) STRICT;
CREATE INDEX grants_by_client_session ON grants (client_session);
CREATE INDEX grants_by_end ON grants (expires_at);

CREATE TABLE tokens (
  digest BLOB NOT NULL PRIMARY KEY CHECK (length(digest) = 32),
  class INTEGER NOT NULL CHECK (class IN (0, 1, 2, 3)),
  grant_id TEXT NOT NULL REFERENCES grants (id) ON DELETE CASCADE,
  based_on BLOB CHECK (length(based_on) = 32),
  scope TEXT NOT NULL,
  issued_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  max_usage INTEGER NOT NULL CHECK (max_usage >= 0),
  used INTEGER NOT NULL CHECK (used >= 0),
  used_at INTEGER,
  revoked_at INTEGER,
  authentication TEXT NOT NULL,
  kept_until INTEGER NOT NULL,
  CHECK ((used = 0) = (used_at IS NULL)),
  CHECK (class <> 0 OR used <= 1)
) STRICT, WITHOUT ROWID;
CREATE INDEX tokens_by_grant ON tokens (grant_id);
CREATE INDEX tokens_by_parent ON tokens (based_on) WHERE based_on IS NOT NULL;
CREATE INDEX tokens_by_end ON tokens (kept_until);

CREATE TABLE consents (
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  client_id TEXT NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
  scope TEXT NOT NULL,
  claims TEXT NOT NULL,
  granted_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  PRIMARY KEY (user_id, client_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX consents_by_client ON consents (client_id);
CREATE INDEX consents_by_end ON consents (expires_at);

CREATE TABLE used_jtis (
  key BLOB NOT NULL PRIMARY KEY CHECK (length(key) = 32),
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX used_jtis_by_end ON used_jtis (expires_at);

CREATE TABLE known_devices (
  key BLOB NOT NULL PRIMARY KEY CHECK (length(key) = 32),
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX known_devices_by_end ON known_devices (expires_at);

-- Numbered in the order in which windows began; the bound drops the lowest numbers.
CREATE TABLE throttle_windows (
  number INTEGER NOT NULL PRIMARY KEY,
  key BLOB NOT NULL UNIQUE CHECK (length(key) = 32),
  attempts INTEGER NOT NULL CHECK (attempts >= 0),
  ends_at INTEGER NOT NULL
) STRICT;
CREATE INDEX throttle_windows_by_end ON throttle_windows (ends_at);
)sql";

// What the first exchange of a rotated refresh token yielded; before, it took the place of the token's scope.
constexpr std::string_view kVersion2 = "ALTER TABLE tokens ADD COLUMN exchanged_scope TEXT;";

// Pages that requests need not read and commits need not write. Sessions are found by their ids alone, so
// that rows under another number are one tree more for each of them. (Grants have such rows, too, but are
// made all the time: rows in the order in which they are made go into one page, large rows in the order of
// random ids into several.) A grant's tokens are found by grant, and in it by parent, which never belongs to
// another; codes leave with their grants.
constexpr std::string_view kVersion3 = R"sql(
CREATE TABLE new_user_sessions (
  id TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  cookie BLOB NOT NULL UNIQUE CHECK (length(cookie) = 32),
  auth_time INTEGER NOT NULL,
  acr TEXT NOT NULL,
  amr TEXT NOT NULL,
  interaction TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  idle_expires_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  ended_at INTEGER,
  kept_until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO new_user_sessions SELECT * FROM user_sessions;
DROP TABLE user_sessions;
ALTER TABLE new_user_sessions RENAME TO user_sessions;
CREATE INDEX user_sessions_by_user ON user_sessions (user_id);
CREATE INDEX user_sessions_by_end ON user_sessions (kept_until);

CREATE TABLE new_client_sessions (
  id TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
  user_session TEXT NOT NULL REFERENCES user_sessions (id) ON DELETE CASCADE,
  client_id TEXT NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
  subject TEXT NOT NULL,
  sid TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  ended_at INTEGER
) STRICT, WITHOUT ROWID;
INSERT INTO new_client_sessions SELECT * FROM client_sessions;
DROP TABLE client_sessions;
ALTER TABLE new_client_sessions RENAME TO client_sessions;
CREATE UNIQUE INDEX client_sessions_alive ON client_sessions (user_session, client_id) WHERE ended_at IS NULL;
CREATE INDEX client_sessions_by_user_session ON client_sessions (user_session);
CREATE INDEX client_sessions_by_client ON client_sessions (client_id);

DROP INDEX tokens_by_grant;
DROP INDEX tokens_by_parent;
DROP INDEX tokens_by_end;
CREATE INDEX tokens_by_grant ON tokens (grant_id, based_on);
CREATE INDEX tokens_by_end ON tokens (kept_until) WHERE class <> 0;
)sql";

// The resources that an access token was asked for, separated by spaces, which a URI has none of.
constexpr std::string_view kVersion4 = "ALTER TABLE tokens ADD COLUMN audience TEXT NOT NULL DEFAULT '';";

// Requests that clients pushed (RFC 9126).
constexpr std::string_view kPushedRequests = R"sql(
CREATE TABLE pushed_requests (
  uri BLOB NOT NULL PRIMARY KEY CHECK (length(uri) = 32),
  client_id TEXT NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
  request TEXT NOT NULL,
  is_signed INTEGER NOT NULL CHECK (is_signed IN (0, 1)),
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  kept_until INTEGER NOT NULL,
  used INTEGER NOT NULL CHECK (used IN (0, 1))
) STRICT, WITHOUT ROWID;
CREATE INDEX pushed_requests_by_client ON pushed_requests (client_id);
CREATE INDEX pushed_requests_by_end ON pushed_requests (kept_until);
)sql";

// What was fetched from URLs that clients named.
constexpr std::string_view kFetchedDocuments = R"sql(
CREATE TABLE fetched_documents (
  client_id TEXT NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
  url TEXT NOT NULL,
  body TEXT NOT NULL,
  fetched_at INTEGER,
  failed_at INTEGER,
  kept_until INTEGER NOT NULL,
  PRIMARY KEY (client_id, url)
) STRICT;
CREATE INDEX fetched_documents_by_end ON fetched_documents (kept_until);
)sql";

// Access tokens that clients have for themselves: nothing stands above them but the client.
constexpr std::string_view kClientTokens = R"sql(
CREATE TABLE client_tokens (
  digest BLOB NOT NULL PRIMARY KEY CHECK (length(digest) = 32),
  client_id TEXT NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
  scope TEXT NOT NULL,
  audience TEXT NOT NULL,
  issued_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  revoked_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX client_tokens_by_client ON client_tokens (client_id);
CREATE INDEX client_tokens_by_end ON client_tokens (expires_at);
)sql";

// Clients that registered themselves: the token with which they manage that, and what leaves unused.
constexpr std::string_view kRegistrations = R"sql(
CREATE TABLE registrations (
  client_id TEXT NOT NULL PRIMARY KEY REFERENCES clients (id) ON DELETE CASCADE,
  access_token BLOB UNIQUE CHECK (length(access_token) = 32),
  vetted INTEGER NOT NULL CHECK (vetted IN (0, 1)),
  unused_until INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX registrations_unvetted ON registrations (vetted) WHERE vetted = 0;
CREATE INDEX registrations_by_end ON registrations (unused_until) WHERE unused_until IS NOT NULL;

CREATE TABLE initial_access_tokens (
  id TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
  digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32),
  note TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  max_uses INTEGER NOT NULL CHECK (max_uses > 0),
  uses INTEGER NOT NULL CHECK (uses BETWEEN 0 AND max_uses),
  revoked_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX initial_access_tokens_by_end ON initial_access_tokens (expires_at);
)sql";

// Whom to tell of sessions that ended (OpenID Connect Back-Channel Logout). They outlive their sessions.
constexpr std::string_view kLogoutNotices = R"sql(
CREATE TABLE logout_notices (
  sid TEXT NOT NULL PRIMARY KEY CHECK (sid <> ''),
  client_id TEXT NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
  subject TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  leased INTEGER NOT NULL CHECK (leased IN (0, 1)),
  attempts INTEGER NOT NULL CHECK (attempts >= 0)
) STRICT, WITHOUT ROWID;
CREATE INDEX logout_notices_by_client ON logout_notices (client_id, due_at);
CREATE INDEX logout_notices_by_due ON logout_notices (due_at);
CREATE INDEX logout_notices_by_creation ON logout_notices (created_at);
)sql";

// Devices that wait for a person (RFC 8628).
constexpr std::string_view kDeviceAuthorizations = R"sql(
CREATE TABLE device_authorizations (
  device_code BLOB NOT NULL PRIMARY KEY CHECK (length(device_code) = 32),
  user_code BLOB NOT NULL UNIQUE CHECK (length(user_code) = 32),
  client_id TEXT NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
  request TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  kept_until INTEGER NOT NULL,
  interval INTEGER NOT NULL CHECK (interval > 0),
  polled_at INTEGER,
  decision INTEGER NOT NULL CHECK (decision IN (0, 1, 2))
) STRICT, WITHOUT ROWID;
CREATE INDEX device_authorizations_by_client ON device_authorizations (client_id);
CREATE INDEX device_authorizations_by_end ON device_authorizations (kept_until);
)sql";

constexpr std::array kMigrations{Migration{1, kVersion1},       Migration{2, kVersion2},
                                 Migration{3, kVersion3},       Migration{4, kVersion4},
                                 Migration{5, kPushedRequests}, Migration{6, kFetchedDocuments},
                                 Migration{7, kClientTokens},   Migration{8, kRegistrations},
                                 Migration{9, kLogoutNotices},  Migration{10, kDeviceAuthorizations}};

Result<void> begin_wal(Connection& connection) {
  auto query = connection.query("PRAGMA journal_mode = WAL");
  const auto row = query.next();
  if (!row) return fail(row.error());
  if (*row && query.text_view() == "wal") return {};
  return fail(Errc::refused, "the database cannot use a write-ahead log here; put it on a local file system");
}

Result<void> bind_issuer(Connection& connection, const std::string& issuer) {
  auto insert = connection.query("INSERT INTO meta (name, value) VALUES ('issuer', ?)");
  const auto done = insert.bind(issuer).run();
  if (!done) return fail(done.error());
  return {};
}

/// Inside the transaction: the steps that are still missing.
Result<void> apply(Connection& connection, int from, std::span<const Migration> steps,
                   const std::string& issuer) {
  for (const auto& step : steps) {
    if (step.to <= from) continue;
    if (auto done = connection.execute(std::string(step.script)); !done) return done;
  }
  if (from == 0) {
    if (auto bound = bind_issuer(connection, issuer); !bound) return bound;
  }
  return connection.execute("PRAGMA application_id = " + std::to_string(kApplicationId) +
                            "; PRAGMA user_version = " + std::to_string(steps.back().to));
}

/// Inside the transaction; whatever fails rolls all of it back.
Result<Upgrade> upgrade_locked(Connection& connection, const std::filesystem::path& path,
                               std::span<const Migration> steps, const std::string& issuer) {
  const auto state = examine(connection);  // again: somebody may have been faster
  if (!state) return fail(state.error());
  Upgrade report{state->version, steps.back().to, {}};
  if (report.from > report.to) return fail(too_new(path, report.from, report.to));
  if (report.from == report.to) return report;
  if (report.from > 0) {
    const auto copy = path.string() + ".v" + std::to_string(report.from);
    if (auto done = copy_database(path, copy, IfThere::replace); !done) return fail(std::move(done).error());
    report.copy = copy;
  }
  if (auto done = apply(connection, report.from, steps, issuer); !done) return fail(std::move(done).error());
  const auto broken = connection.number("SELECT count(*) FROM pragma_foreign_key_check");
  if (!broken) return fail(broken.error());
  if (*broken != 0) return fail(Errc::internal, "the new schema would leave rows that refer to nothing");
  return report;
}

Result<Upgrade> upgrade_in_transaction(Connection& connection, const std::filesystem::path& path,
                                       std::span<const Migration> steps, const std::string& issuer) {
  if (auto begun = connection.execute("BEGIN IMMEDIATE"); !begun) return fail(std::move(begun).error());
  auto report = upgrade_locked(connection, path, steps, issuer);
  if (report) {
    auto committed = connection.execute("COMMIT");
    if (committed) return report;
    report = fail(std::move(committed).error());
  }
  if (connection.in_transaction()) (void)connection.execute("ROLLBACK");
  return report;
}

}  // namespace

std::span<const Migration> migrations() {
  return kMigrations;
}

Error too_new(const std::filesystem::path& path, int version, int known) {
  return {Errc::refused, path.string() + ": has schema version " + std::to_string(version) +
                             ", this program knows up to " + std::to_string(known) +
                             "; use the newer oidcop that wrote it, or restore a copy"};
}

Result<FileState> examine(Connection& connection) {
  const auto version = connection.number("PRAGMA user_version");
  if (!version) return fail(version.error());
  const auto application = connection.number("PRAGMA application_id");
  if (!application) return fail(application.error());
  const auto tables = connection.number("SELECT count(*) FROM sqlite_schema");
  if (!tables) return fail(tables.error());
  const bool is_empty = *version == 0 && *application == 0 && *tables == 0;
  if (!is_empty && *application != kApplicationId) {
    return fail(Errc::refused, "this database belongs to another program");
  }
  auto journal = connection.query("PRAGMA journal_mode");
  const auto row = journal.next();
  if (!row) return fail(row.error());
  return FileState{static_cast<int>(*version), *row && journal.text_view() == "wal"};
}

Result<Upgrade> upgrade(Connection& connection, const std::filesystem::path& path,
                        std::span<const Migration> steps, const std::string& issuer) {
  auto lock = FileLock::acquire(path);  // switching the journal does not wait for others by itself
  if (!lock) return fail(std::move(lock).error());
  if (auto wal = begin_wal(connection); !wal) return fail(std::move(wal).error());
  // A step may rebuild tables that others refer to; the references are checked at its end instead.
  if (auto off = connection.execute("PRAGMA foreign_keys = OFF"); !off) return fail(std::move(off).error());
  auto report = upgrade_in_transaction(connection, path, steps, issuer);
  if (auto on = connection.execute("PRAGMA foreign_keys = ON"); !on) return fail(std::move(on).error());
  return report;
}

Result<void> check_issuer(Connection& connection, const std::string& issuer) {
  auto query = connection.query("SELECT value FROM meta WHERE name = 'issuer'");
  const auto row = query.next();
  if (!row) return fail(row.error());
  const auto owner = *row ? query.text() : std::string("(none)");
  if (owner == issuer) return {};
  return fail(Errc::refused, "the database belongs to the issuer " + owner + ", not to " + issuer);
}

}  // namespace oidcop::store::sqlite
