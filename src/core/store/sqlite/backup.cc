#include "store/sqlite/backup.h"

#include "store/sqlite/connection.h"
#include "store/sqlite/file_system.h"
#include "store/sqlite/query.h"

#include <sqlite3.h>

#include <system_error>

namespace oidcop::store::sqlite {
namespace {

namespace fs = std::filesystem;

/// A file that is gone again unless it was kept.
class Unfinished {
 public:
  explicit Unfinished(fs::path path) : path_(std::move(path)) {}
  Unfinished(const Unfinished&) = delete;
  Unfinished& operator=(const Unfinished&) = delete;
  ~Unfinished() {
    std::error_code ignored;
    if (!kept_) fs::remove(path_, ignored);
    fs::remove(path_.string() + "-journal", ignored);
  }
  void keep() { kept_ = true; }

 private:
  fs::path path_;
  bool kept_ = false;
};

Result<void> copy_pages(Connection& source, Connection& target) {
  auto* backup = sqlite3_backup_init(target.handle(), "main", source.handle(), "main");
  if (backup == nullptr) return fail(target.error_of(sqlite3_extended_errcode(target.handle())));
  sqlite3_backup_step(backup, -1);  // all at once: one snapshot, and writers do not wait for it
  const int code = sqlite3_backup_finish(backup);
  if (code != SQLITE_OK) return fail(target.error_of(code));
  return {};
}

/// A copy stands alone: no log beside it. And it is worth something only if it can be read.
Result<void> finish(Connection& target) {
  if (auto mode = target.execute("PRAGMA journal_mode = DELETE"); !mode) return mode;
  auto check = target.query("PRAGMA quick_check(1)");
  const auto row = check.next();
  if (!row) return fail(row.error());
  const auto found = *row ? check.text() : std::string("no answer");
  if (found == "ok") return {};
  return fail(Errc::internal, "the copy is damaged: " + found);
}

Result<void> fill(const fs::path& from, const fs::path& to) {
  auto source = Connection::open({.path = from.string(), .access = Access::query_only});
  if (!source) return fail(std::move(source).error());
  auto target = Connection::open({.path = to.string()});
  if (!target) return fail(std::move(target).error());
  if (auto copied = copy_pages(**source, **target); !copied) return copied;
  return finish(**target);
}

}  // namespace

Result<void> copy_database(const fs::path& from, const fs::path& to, IfThere if_there) {
  std::error_code error;
  if (if_there == IfThere::refuse && fs::exists(fs::symlink_status(to, error))) {
    return fail(Errc::conflict, to.string() + ": is there already");
  }
  const fs::path unfinished = to.string() + ".part";
  fs::remove(unfinished, error);
  if (auto made = create_private_file(unfinished); !made) return made;
  Unfinished guard(unfinished);
  if (auto filled = fill(from, unfinished); !filled) return filled;
  if (auto synced = sync_file(unfinished); !synced) return synced;
  fs::rename(unfinished, to, error);
  if (error) return fail(Errc::unavailable, to.string() + ": cannot be put in place: " + error.message());
  guard.keep();
  return sync_folder_of(to);
}

}  // namespace oidcop::store::sqlite
