#pragma once

#include "store/store.h"

#include <oidcop/result.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

namespace oidcop::store {

/// What a commit survives. `full`: a power cut. `normal`: a crash of the program; a power cut may undo the
/// last commits, so that a spent code is unspent again.
enum class Synchronous : std::uint8_t { full, normal };

struct SqliteOptions {
  std::filesystem::path path;
  std::string issuer;  ///< bound when the file is new; opening it for another one is refused
  Synchronous synchronous = Synchronous::full;
  std::chrono::milliseconds busy_timeout{5000};  ///< how long a write waits for other processes
  bool read_only = false;          ///< every write is `unavailable`; nothing is made or migrated
  int throttle_windows = 100'000;  ///< most counters of attempts that are kept
};

/// Has the library keep no statistics of its memory, for which it takes a lock of the whole process whenever
/// it allocates. It is the whole process that this is decided for: by a program of ours, before it opens a
/// database. Afterwards it has no effect.
void forgo_sqlite_memory_statistics();

/// Opens the state of one issuer in a SQLite file, shared with the other processes of this machine. A missing
/// file is made (mode 0600), an older one is copied and brought up to date first.
/// Errors: refused (another issuer's or program's file, a newer schema, a network file system; an older
/// schema when read_only), not_found (missing when read_only), malformed (no issuer), unavailable, internal
/// (damaged).
Result<std::unique_ptr<Store>> open_sqlite_store(const SqliteOptions& options);

/// Schema versions; 0 stands for a file that is missing or empty.
struct SqliteSchema {
  int found = 0;
  int current = 0;  ///< this program's
};
/// Errors: refused (another program's file, a newer schema), unavailable, internal.
Result<SqliteSchema> examine_sqlite_store(const std::filesystem::path& path);

struct SqliteMigration {
  int from = 0;
  int to = 0;
  std::filesystem::path copy;  ///< of the file as it was; empty when there was nothing to keep
};
/// Brings a file up to date, as opening does, and tells what was done. Errors: as opening.
Result<SqliteMigration> migrate_sqlite_store(const SqliteOptions& options);

/// A consistent copy while others read and write: one file of mode 0600, complete or not there. The keys are
/// not in it. Errors: not_found, conflict (the target exists), refused (no store), unavailable, internal
/// (damaged).
Result<void> backup_sqlite_store(const std::filesystem::path& path, const std::filesystem::path& target);

}  // namespace oidcop::store
