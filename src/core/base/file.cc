#include "base/file.h"

#include "base/descriptor.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <optional>
#include <system_error>
#include <utility>

namespace oidcop {
namespace {

Error system_failure(const std::filesystem::path& path, const char* what, int number) {
  const auto reason = std::error_code(number, std::generic_category()).message();
  return {number == ENOENT ? Errc::not_found : Errc::unavailable,
          path.string() + ": " + what + ": " + reason};
}

/// For the commands in messages, which people paste into a shell.
std::string shell_quoted(const std::filesystem::path& path) {
  std::string quoted = "'";
  for (const char c : path.string()) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

/// Reads until the end of the file or until `out` is full; the count, or -1 with errno set.
ssize_t read_fully(int descriptor, char* out, std::size_t size) {
  std::size_t count = 0;
  while (count < size) {
    const auto got = ::read(descriptor, out + count, size - count);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return -1;
    if (got == 0) break;
    count += static_cast<std::size_t>(got);
  }
  return static_cast<ssize_t>(count);
}

bool write_fully(int descriptor, std::string_view content) {
  while (!content.empty()) {
    const auto put = ::write(descriptor, content.data(), content.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return false;
    content.remove_prefix(static_cast<std::size_t>(put));
  }
  return true;
}

std::filesystem::path folder_of(const std::filesystem::path& path) {
  return path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
}

/// Why a file must not hold a secret, with the command that mends it; nothing when all is well.
std::optional<std::string> why_not_private(const std::filesystem::path& path, const struct stat& status) {
  if (!S_ISREG(status.st_mode)) return "is not a regular file";
  if (status.st_nlink != 1) return "has more than one name (hard links); copy it and remove the others";
  const auto quoted = shell_quoted(path);
  if (status.st_uid != 0 && status.st_uid != ::geteuid()) {
    // For root, the remedy must not lock the service out: its group may read what root owns.
    const bool is_root = ::geteuid() == 0;
    return "belongs to another user; " + std::string(is_root ? "run this as that user, or " : "") +
           "mend with: " +
           (is_root ? "chown 0:" + std::to_string(status.st_gid) + " " + quoted + " && chmod 640 " + quoted
                    : "chown " + std::to_string(::geteuid()) + " " + quoted);
  }
  const auto others = status.st_mode & 0077U;
  if (others == 0 || (others == 0040 && status.st_uid == 0)) return std::nullopt;
  return "can be used by others than its owner; mend with: chmod 600 " + quoted;
}

Error too_large(const std::filesystem::path& path, std::size_t limit) {
  return {Errc::refused, path.string() + ": is larger than " + std::to_string(limit) + " octets"};
}

/// A temporary file that is gone unless it was renamed.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::filesystem::path& target)
      : name_((folder_of(target) / ("." + target.filename().string() + ".XXXXXX")).string()),
        file_(::mkostemp(name_.data(), O_CLOEXEC)) {}
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() {
    if (file_.valid() && !renamed_) ::unlink(name_.c_str());
  }
  bool is_open() const { return file_.valid(); }
  int get() const { return file_.get(); }
  bool rename_to(const std::filesystem::path& target) {
    renamed_ = ::rename(name_.c_str(), target.c_str()) == 0;
    return renamed_;
  }

 private:
  std::string name_;
  Descriptor file_;
  bool renamed_ = false;
};

/// Gives the new file the owner, group and mode of the one it replaces. Nothing, or the failure.
Result<void> take_over_attributes(int descriptor, const std::filesystem::path& path, FileMode mode) {
  struct stat old {};
  auto bits = static_cast<mode_t>(mode);
  if (::lstat(path.c_str(), &old) == 0) {
    if (!S_ISREG(old.st_mode)) {
      return fail(Errc::refused, path.string() + ": is not a regular file and is not replaced");
    }
    struct stat now {};
    if (::fstat(descriptor, &now) != 0) return fail(system_failure(path, "cannot be examined", errno));
    const bool same = now.st_uid == old.st_uid && now.st_gid == old.st_gid;
    if (!same && ::fchown(descriptor, old.st_uid, old.st_gid) != 0) {
      return fail(system_failure(path, "its owner and group cannot be kept", errno));
    }
    bits = old.st_mode & 07777U;
  } else if (errno != ENOENT) {
    return fail(system_failure(path, "cannot be examined", errno));
  }
  if (::fchmod(descriptor, bits) != 0) return fail(system_failure(path, "its mode cannot be set", errno));
  return {};
}

}  // namespace

Result<std::string> read_file(const std::filesystem::path& path, std::size_t limit) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.valid()) return fail(system_failure(path, "cannot be opened", errno));
  std::string content;
  constexpr std::size_t kChunk = 64U << 10U;
  while (true) {  // the size is not asked for: a pipe has none
    const auto had = content.size();
    const auto wanted = std::min(kChunk, limit + 1 - had);
    content.resize(had + wanted);
    const auto got = read_fully(file.get(), content.data() + had, wanted);
    if (got < 0) return fail(system_failure(path, "cannot be read", errno));
    content.resize(had + static_cast<std::size_t>(got));
    if (content.size() > limit) return fail(too_large(path, limit));
    if (static_cast<std::size_t>(got) < wanted) return content;
  }
}

Result<Secret> read_private_file(const std::filesystem::path& path, std::size_t limit) {
  // Without blocking: a FIFO put in its place must not hang us before it is recognised.
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (!file.valid() && errno == ELOOP) {
    return fail(Errc::refused, path.string() + ": is a symbolic link; name the file itself");
  }
  if (!file.valid()) return fail(system_failure(path, "cannot be opened", errno));
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return fail(system_failure(path, "cannot be examined", errno));
  if (auto why = why_not_private(path, status)) return fail(Errc::refused, path.string() + ": " + *why);
  const auto size = static_cast<std::size_t>(status.st_size);
  if (size > limit) return fail(too_large(path, limit));
  std::string content(size + 1, '\0');  // at once, so that growing leaves no copies behind
  const auto got = read_fully(file.get(), content.data(), content.size());
  const int number = errno;
  if (got >= 0 && static_cast<std::size_t>(got) == size) {
    content.resize(size);
    return Secret(std::move(content));
  }
  wipe(content);
  if (got < 0) return fail(system_failure(path, "cannot be read", number));
  return fail(Errc::unavailable, path.string() + ": changed while it was read");
}

Result<void> write_file_atomically(const std::filesystem::path& path, std::string_view content,
                                   FileMode mode) {
  const Descriptor folder(::open(folder_of(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder.valid()) return fail(system_failure(path, "its folder cannot be opened", errno));
  TemporaryFile file(path);
  if (!file.is_open()) return fail(system_failure(path, "no file can be made beside it", errno));
  if (auto taken = take_over_attributes(file.get(), path, mode); !taken) return taken;
  if (!write_fully(file.get(), content)) return fail(system_failure(path, "cannot be written", errno));
  if (::fsync(file.get()) != 0) return fail(system_failure(path, "cannot be written to the disk", errno));
  if (!file.rename_to(path)) return fail(system_failure(path, "cannot be replaced", errno));
  if (::fsync(folder.get()) != 0) {
    return fail(system_failure(path, "was replaced, but its folder cannot be written to the disk", errno));
  }
  return {};
}

Result<FileLock> FileLock::acquire(const std::filesystem::path& path) {
  const auto name = path.string() + ".lock";
  constexpr int kFlags = O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
  Descriptor created(::open(name.c_str(), kFlags | O_CREAT | O_EXCL, 0600));
  struct stat folder {};
  if (created.valid() && ::geteuid() == 0 && ::stat(folder_of(path).c_str(), &folder) == 0) {
    // Made by an administrator's command, but the service must be able to lock, too.
    if (::fchown(created.get(), folder.st_uid, folder.st_gid) != 0) {
      return fail(system_failure(name, "cannot be given to the owner of its folder", errno));
    }
  }
  Descriptor file(created.valid() ? created.release() : ::open(name.c_str(), kFlags));
  if (!file.valid()) return fail(system_failure(name, "cannot be opened", errno));
  while (::flock(file.get(), LOCK_EX) != 0) {
    if (errno != EINTR) return fail(system_failure(name, "cannot be locked", errno));
  }
  return FileLock(file.release());
}

FileLock::FileLock(FileLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

FileLock& FileLock::operator=(FileLock&& other) noexcept {
  if (this != &other) {
    if (descriptor_ >= 0) ::close(descriptor_);
    descriptor_ = std::exchange(other.descriptor_, -1);
  }
  return *this;
}

FileLock::~FileLock() {
  if (descriptor_ >= 0) ::close(descriptor_);  // closing unlocks
}

}  // namespace oidcop
