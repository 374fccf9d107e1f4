#pragma once

#include "store/sqlite/connection.h"

#include <oidcop/result.h>

#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace oidcop::store::sqlite {

/// One step forward: the script that makes schema `to` out of `to - 1` (0 is an empty file).
struct Migration {
  int to;
  std::string_view script;
};

/// All steps of this program, in order.
std::span<const Migration> migrations();

/// What the file says of itself.
struct FileState {
  int version = 0;  ///< 0: empty, nothing was ever written
  bool is_wal = false;
};

/// Errors: refused (another program's database); unavailable.
Result<FileState> examine(Connection& connection);

struct Upgrade {
  int from = 0;
  int to = 0;
  std::string copy;  ///< where the old file was kept; empty when there was none to keep
};

/// Brings the file to the last of `steps`, in one transaction; a file with content is copied first, beside it
/// as NAME.v<version>, mode 0600. Safe when several processes try at once. The issuer is bound when the file
/// is new. Errors: refused (newer than this program, another program's database); unavailable.
Result<Upgrade> upgrade(Connection& connection, const std::filesystem::path& path,
                        std::span<const Migration> steps, const std::string& issuer);

/// Errors: refused when the database belongs to another issuer.
Result<void> check_issuer(Connection& connection, const std::string& issuer);

/// The refusal of a file from the future, in words for the administrator.
Error too_new(const std::filesystem::path& path, int version, int known);

}  // namespace oidcop::store::sqlite
