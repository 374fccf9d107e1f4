#pragma once

#include "base/secret.h"

#include <oidcop/result.h>

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace oidcop {

/// Reads a whole file of at most `limit` octets. Errors: not_found, refused (too large), unavailable.
Result<std::string> read_file(const std::filesystem::path& path, std::size_t limit = 16U << 20U);

/// Reads a file that only its owner may read: opened without following a link, regular, one name, owned by
/// root or by us, no permission for others, none for the group except root-owned 0640. Errors: refused with
/// the command that would mend it, not_found, unavailable.
Result<Secret> read_private_file(const std::filesystem::path& path, std::size_t limit = 1U << 20U);

enum class FileMode : std::uint16_t { secret = 0600, published = 0644 };

/// Replaces a file in one step: temporary beside it, fsync, rename, fsync of the folder. An existing file's
/// owner, group and mode are kept; a new one gets `mode`. On failure the old file is untouched.
Result<void> write_file_atomically(const std::filesystem::path& path, std::string_view content,
                                   FileMode mode);

/// Exclusive advisory lock on `path` + ".lock" until the object ends; waits. Errors: unavailable.
class FileLock {
 public:
  static Result<FileLock> acquire(const std::filesystem::path& path);
  FileLock(FileLock&& other) noexcept;
  FileLock& operator=(FileLock&& other) noexcept;
  ~FileLock();

 private:
  explicit FileLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

}  // namespace oidcop
