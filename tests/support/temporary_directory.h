#pragma once

#include "base/descriptor.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <string>
#include <system_error>

namespace oidcop::testing {

/// A folder of mode 0700 that is gone with its content when the test ends. A test that crashes or is killed
/// leaves it behind; the next process that makes one removes such folders.
class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    [[maybe_unused]] static const bool once = remove_abandoned(std::filesystem::temp_directory_path());
    std::string pattern = (std::filesystem::temp_directory_path() / kName).string() + "XXXXXX";
    if (::mkdtemp(pattern.data()) == nullptr) std::abort();
    path_ = pattern;
    in_use_ = Descriptor(::open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!in_use_.valid() || ::flock(in_use_.get(), LOCK_SH) != 0) std::abort();
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  ~TemporaryDirectory() { remove(path_); }
  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path operator/(const std::filesystem::path& name) const { return path_ / name; }

  /// Removes those of our folders in `where` that are a day old and that nobody holds a lock on.
  static bool remove_abandoned(const std::filesystem::path& where) {
    std::error_code error;
    for (std::filesystem::directory_iterator entry(where, error), end; !error && entry != end;
         entry.increment(error)) {
      const auto& path = entry->path();
      if (!path.filename().string().starts_with(kName)) continue;
      const Descriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
      struct stat status {};
      if (!folder.valid() || ::fstat(folder.get(), &status) != 0 || status.st_uid != ::geteuid()) continue;
      const bool is_old =
          status.st_mtime < std::time(nullptr) - kLongEnough;  // younger: perhaps not locked yet
      if (is_old && ::flock(folder.get(), LOCK_EX | LOCK_NB) == 0) remove(path);
    }
    return true;
  }

 private:
  static constexpr const char* kName = "oidcop-test-";
  static constexpr std::time_t kLongEnough = 24L * 60 * 60;

  static void remove(const std::filesystem::path& path) {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }

  std::filesystem::path path_;
  Descriptor in_use_;  ///< locked while the folder is wanted
};

}  // namespace oidcop::testing
