#include "store/sqlite/sqlite_store.h"

#include "store/sqlite/backend.h"
#include "store/sqlite/backup.h"
#include "store/sqlite/file_system.h"
#include "store/sqlite/schema.h"

#include <sqlite3.h>

#include <system_error>

namespace oidcop::store {
namespace sqlite {
namespace {

namespace fs = std::filesystem;

/// How this process opens the file of these options, for one use of it.
ConnectionOptions connection_options(const SqliteOptions& options, const std::string& path, Access access) {
  if (options.read_only) access = Access::file_locked;
  return {path, access, options.synchronous == Synchronous::full, options.busy_timeout};
}

Opener opener(const SqliteOptions& options, const std::string& path, Access access) {
  return [settings = connection_options(options, path, access)] { return Connection::open(settings); };
}

/// The file is there, or is made; on a file system that can hold it.
Result<fs::path> prepare_file(const SqliteOptions& options) {
  if (options.issuer.empty())
    return fail(Errc::malformed, "a database is opened for an issuer, and none was named");
  std::error_code error;
  auto path = fs::absolute(options.path, error);
  if (error) return fail(Errc::unavailable, options.path.string() + ": " + error.message());
  if (auto local = check_is_local(path); !local) return fail(std::move(local).error());
  const auto status = fs::status(path, error);
  if (fs::exists(status)) return path;
  if (status.type() != fs::file_type::not_found)
    return fail(Errc::unavailable, path.string() + ": " + error.message());
  if (options.read_only) return fail(Errc::not_found, path.string() + ": there is no such database");
  auto made = create_private_file(path);
  if (!made && made.error().code != Errc::conflict) return fail(std::move(made).error());
  return path;
}

Result<Upgrade> bring_up_to_date(Connection& connection, const SqliteOptions& options, const fs::path& path) {
  const int current = migrations().back().to;
  const auto state = examine(connection);
  if (!state) return fail(state.error());
  if (state->version > current) return fail(too_new(path, state->version, current));
  const bool needs_wal = !state->is_wal && !options.read_only;
  if (state->version == current && !needs_wal) return Upgrade{current, current, {}};
  if (options.read_only) {
    return fail(Errc::refused, path.string() + ": has schema version " + std::to_string(state->version) +
                                   "; open it once for writing to bring it to " + std::to_string(current));
  }
  return upgrade(connection, path, migrations(), options.issuer);
}

struct Opened {
  fs::path path;
  std::unique_ptr<Connection> connection;
  Upgrade upgrade;
};

/// Says which file an error is about.
Error about(const fs::path& path, Error error) {
  if (error.detail.find(path.string()) == std::string::npos)
    error.detail = path.string() + ": " + error.detail;
  return error;
}

Result<Opened> open(const SqliteOptions& options) {
  auto path = prepare_file(options);
  if (!path) return fail(std::move(path).error());
  auto connection = Connection::open(connection_options(options, path->string(), Access::read_write));
  if (!connection) return fail(about(*path, std::move(connection).error()));
  auto upgraded = bring_up_to_date(**connection, options, *path);
  if (!upgraded) return fail(about(*path, std::move(upgraded).error()));
  if (auto bound = check_issuer(**connection, options.issuer); !bound) {
    return fail(about(*path, std::move(bound).error()));
  }
  return Opened{std::move(*path), std::move(*connection), std::move(*upgraded)};
}

}  // namespace

Backend::Backend(const SqliteOptions& options, const std::string& absolute_path)
    : path_(absolute_path),
      throttle_windows_(options.throttle_windows),
      readers_(opener(options, absolute_path, Access::query_only)),
      writers_(opener(options, absolute_path, Access::read_write), [this] { readers_.renew(); }) {}

}  // namespace sqlite

void forgo_sqlite_memory_statistics() {
  sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

Result<std::unique_ptr<Store>> open_sqlite_store(const SqliteOptions& options) {
  auto opened = sqlite::open(options);
  if (!opened) return fail(std::move(opened).error());
  auto backend = std::make_unique<sqlite::Backend>(options, opened->path.string());
  if (auto done = opened->connection->execute("PRAGMA query_only = ON"); !done)
    return fail(std::move(done).error());
  backend->adopt_reader(std::move(opened->connection));
  return std::unique_ptr<Store>(std::move(backend));
}

Result<SqliteSchema> examine_sqlite_store(const std::filesystem::path& path) {
  const int current = sqlite::migrations().back().to;
  std::error_code error;
  if (!std::filesystem::exists(path, error)) return SqliteSchema{0, current};
  auto connection = sqlite::Connection::open(
      {.path = std::filesystem::absolute(path).string(), .access = sqlite::Access::query_only});
  if (!connection) return fail(sqlite::about(path, std::move(connection).error()));
  const auto state = sqlite::examine(**connection);
  if (!state) return fail(sqlite::about(path, state.error()));
  if (state->version > current) return fail(sqlite::too_new(path, state->version, current));
  return SqliteSchema{state->version, current};
}

Result<SqliteMigration> migrate_sqlite_store(const SqliteOptions& options) {
  auto opened = sqlite::open(options);
  if (!opened) return fail(std::move(opened).error());
  return SqliteMigration{opened->upgrade.from, opened->upgrade.to, opened->upgrade.copy};
}

Result<void> backup_sqlite_store(const std::filesystem::path& path, const std::filesystem::path& target) {
  const auto schema = examine_sqlite_store(path);
  if (!schema) return fail(schema.error());
  if (schema->found == 0) return fail(Errc::not_found, path.string() + ": there is no database to copy");
  return sqlite::copy_database(std::filesystem::absolute(path), std::filesystem::absolute(target),
                               sqlite::IfThere::refuse);
}

}  // namespace oidcop::store
