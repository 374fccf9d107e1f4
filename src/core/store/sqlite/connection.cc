#include "store/sqlite/connection.h"

#include "store/sqlite/query.h"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <thread>

namespace oidcop::store::sqlite {
namespace {

constexpr std::size_t kMostStatements = 128;

Result<void> set(sqlite3* handle, int option, int value) {
  if (sqlite3_db_config(handle, option, value, nullptr) == SQLITE_OK) return {};
  return fail(Errc::internal,
              "the database library lacks a protection (option " + std::to_string(option) + ")");
}

}  // namespace

void CloseStatement::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

void Connection::Close::operator()(sqlite3* handle) const {
  sqlite3_close_v2(handle);
}

Connection::~Connection() {
  statements_.clear();  // before their connection
}

Result<std::unique_ptr<Connection>> Connection::open(const ConnectionOptions& options) {
  std::unique_ptr<Connection> connection(new Connection(options));
  const int access = options.access == Access::file_locked ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
  sqlite3* handle = nullptr;
  const int code = sqlite3_open_v2(options.path.c_str(), &handle,
                                   access | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
  connection->handle_.reset(handle);
  if (handle == nullptr) return fail(Errc::unavailable, "no memory to open the database");
  if (code != SQLITE_OK) return fail(connection->error_of(code));
  if (auto hardened = connection->harden(options); !hardened) return fail(std::move(hardened).error());
  return connection;
}

Result<void> Connection::harden(const ConnectionOptions& options) {
  // A database file is input: what it brings along must not run, and no statement may corrupt it.
  constexpr std::array<std::pair<int, int>, 9> kProtections{{
      {SQLITE_DBCONFIG_DEFENSIVE, 1},
      {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
      {SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
      {SQLITE_DBCONFIG_ENABLE_TRIGGER, 0},
      {SQLITE_DBCONFIG_ENABLE_VIEW, 0},
      {SQLITE_DBCONFIG_DQS_DDL, 0},
      {SQLITE_DBCONFIG_DQS_DML, 0},
      {SQLITE_DBCONFIG_ENABLE_FKEY, 1},
      // The last one to close would pay a checkpoint and three fsyncs: a plain CGI program is always the
      // last.
      {SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1},
  }};
  for (const auto& [option, value] : kProtections) {
    if (auto done = set(handle_.get(), option, value); !done) return done;
  }
  sqlite3_busy_handler(handle_.get(), &Connection::wait_for_lock, this);
  std::string pragmas =
      "PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY; PRAGMA cell_size_check = ON;"
      "PRAGMA journal_size_limit = 16777216;";
  pragmas += options.full_sync ? "PRAGMA synchronous = FULL;" : "PRAGMA synchronous = NORMAL;";
  if (options.access != Access::read_write) pragmas += "PRAGMA query_only = ON;";
  return execute(pragmas);
}

/// Waits in short steps: the library's own handler soon sleeps for 100 ms at a time, which under load is the
/// whole latency. Time is counted by what was slept.
int Connection::wait_for_lock(void* connection, int attempt) noexcept {
  auto& self = *static_cast<Connection*>(connection);
  if (attempt == 0) self.waited_ = {};
  if (self.waited_ >= self.busy_timeout_) return 0;
  const std::chrono::microseconds wanted(std::min(250 * (1 << std::min(attempt, 5)), 5000));
  const auto step = std::min(wanted, self.busy_timeout_ - self.waited_);
  std::this_thread::sleep_for(step);
  self.waited_ += step;
  return 1;
}

Query Connection::query(std::string_view sql) {
  if (const auto found = statements_.find(sql); found != statements_.end() && found->second) {
    return Query(*this, std::move(found->second), SQLITE_OK);
  }
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v3(handle_.get(), sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  return Query(*this, StatementHandle(statement), code);
}

void Connection::give_back(StatementHandle statement) {
  const std::string_view text = sqlite3_sql(statement.get());
  if (const auto found = statements_.find(text); found != statements_.end()) {
    if (!found->second) found->second = std::move(statement);
  } else if (statements_.size() < kMostStatements) {
    statements_.emplace(text, std::move(statement));
  }
}

Result<void> Connection::execute(const std::string& script) {
  const int code = sqlite3_exec(handle_.get(), script.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return fail(error_of(code));
  return {};
}

Result<std::int64_t> Connection::number(std::string_view sql) {
  auto query = this->query(sql);
  const auto row = query.next();
  if (!row) return fail(row.error());
  return *row ? query.integer() : 0;
}

bool Connection::in_transaction() const {
  return sqlite3_get_autocommit(handle_.get()) == 0;
}

Error Connection::error_of(int code) {
  const std::string detail = std::string("database: ") + sqlite3_errmsg(handle_.get());
  switch (code & 0xff) {
    case SQLITE_CONSTRAINT:
      switch (code) {
        case SQLITE_CONSTRAINT_UNIQUE:
        case SQLITE_CONSTRAINT_PRIMARYKEY:
        case SQLITE_CONSTRAINT_ROWID:
        case SQLITE_CONSTRAINT_FOREIGNKEY:
          return {Errc::conflict, detail};
        default:
          return {Errc::internal, detail};
      }
    case SQLITE_READONLY:
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
      is_broken_ = true;
      return {Errc::unavailable, detail};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_FULL:
    case SQLITE_NOMEM:
    case SQLITE_PROTOCOL:
    case SQLITE_PERM:
    case SQLITE_INTERRUPT:
    case SQLITE_SCHEMA:
      return {Errc::unavailable, detail};
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      is_broken_ = true;
      return {Errc::internal, detail};
    default:
      return {Errc::internal, detail};
  }
}

}  // namespace oidcop::store::sqlite
