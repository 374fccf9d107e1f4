#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>

namespace oidcop::provider {

/// What changes when a file is replaced or rewritten. A file that cannot be looked at has the empty stamp.
struct FileStamp {
  ino_t inode = 0;
  off_t size = 0;
  std::int64_t modified_ns = 0;
  bool operator==(const FileStamp&) const = default;

  static FileStamp of(const std::filesystem::path& path);
};

}  // namespace oidcop::provider
