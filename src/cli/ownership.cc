#include "cli/ownership.h"

#include "base/descriptor.h"

#include <dirent.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <memory>
#include <optional>
#include <system_error>
#include <utility>

namespace oidcop::cli {
namespace {

namespace fs = std::filesystem;

tl::unexpected<Error> failure(const fs::path& path) {
  return fail(errno == EPERM || errno == EACCES ? Errc::refused : Errc::unavailable,
              path.string() + ": " + std::error_code(errno, std::generic_category()).message());
}

using Folder = std::unique_ptr<DIR, int (*)(DIR*)>;

std::optional<unsigned> number_in(const std::string& text) {
  unsigned number = 0;
  const auto* const end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, number);
  return parsed.ec == std::errc() && parsed.ptr == end ? std::optional(number) : std::nullopt;
}

Result<void> check_single(const struct stat& status, const fs::path& path) {
  if (S_ISDIR(status.st_mode) || status.st_nlink == 1) return {};
  return fail(Errc::refused,
              path.string() + ": has more than one name (hard links), so it is not given away");
}

/// Without opening it for reading: to close a database would end the locks that we hold on it (fcntl(2)).
Result<void> give(const Owner& owner, int folder, const std::string& name, const fs::path& path) {
  const Descriptor file(::openat(folder, name.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
  if (!file.valid() && errno == ENOENT) return {};  // SQLite removed it meanwhile
  struct stat status {};
  if (!file.valid() || ::fstat(file.get(), &status) != 0) return failure(path);
  if (auto single = check_single(status, path); !single) return single;
  if (::fchownat(file.get(), "", owner.uid, owner.gid, AT_EMPTY_PATH) != 0) return failure(path);
  return {};
}

/// The names in a folder, which must all belong to the database: the folder changes hands with it.
Result<std::vector<std::string>> names_of_database(int folder, const fs::path& database) {
  const Folder entries(::fdopendir(::dup(folder)), ::closedir);
  if (!entries) return failure(database.parent_path());
  const auto prefix = database.filename().string();
  std::vector<std::string> names;
  while (const dirent* found = ::readdir(entries.get())) {  // NOLINT(concurrency-mt-unsafe): one thread
    std::string name = found->d_name;
    if (name == "." || name == "..") continue;
    if (!name.starts_with(prefix)) {
      return fail(Errc::refused, database.parent_path().string() + ": holds " + name +
                                     ", too, so it is not given away; let database.path name a folder of "
                                     "its own");
    }
    names.push_back(std::move(name));
  }
  return names;
}

/// In a child of ours: becomes the owner for good. \return the number of files that can be read, from the
/// first on.
int readable_as(const Owner& owner, const std::vector<fs::path>& files) {
  const bool is_owner = ::initgroups(owner.user.c_str(), owner.gid) == 0 && ::setgid(owner.gid) == 0 &&
                        ::setuid(owner.uid) == 0;
  if (!is_owner) return 0;
  int count = 0;
  for (const auto& file : files) {
    if (::access(file.c_str(), R_OK) != 0) break;
    ++count;
  }
  return count;
}

Result<void> make_folder(const fs::path& path, mode_t mode) {
  // The process's umask keeps everything private; some folders are for others, too.
  if (::mkdir(path.c_str(), mode) == 0 && ::chmod(path.c_str(), mode) == 0) return {};
  return failure(path);
}

}  // namespace

Result<Owner> Owner::parse(std::string_view text) {
  if (::geteuid() != 0) {
    return fail(Errc::refused,
                "--owner: only root can give files to another user; run this as root, or without --owner "
                "as the user that runs oidcop.fcgi");
  }
  const auto colon = text.find(':');
  Owner owner{std::string(text.substr(0, colon)), 0, 0};
  const auto uid = number_in(owner.user);
  // NOLINTNEXTLINE(concurrency-mt-unsafe): one thread
  const passwd* user = uid ? ::getpwuid(*uid) : ::getpwnam(owner.user.c_str());
  if (user == nullptr) return fail(Errc::not_found, "--owner: there is no user " + owner.user);
  owner.user = user->pw_name;
  owner.uid = user->pw_uid;
  owner.gid = user->pw_gid;
  if (colon == std::string_view::npos) return owner;
  const std::string name(text.substr(colon + 1));
  const auto gid = number_in(name);
  // NOLINTNEXTLINE(concurrency-mt-unsafe): one thread
  const group* found = gid ? ::getgrgid(*gid) : ::getgrnam(name.c_str());
  if (found == nullptr) return fail(Errc::not_found, "--owner: there is no group " + name);
  owner.gid = found->gr_gid;
  return owner;
}

Result<void> give_database(const Owner& owner, const fs::path& database) {
  const auto path = database.parent_path();
  const Descriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder.valid()) return failure(path);
  const auto names = names_of_database(folder.get(), database);
  if (!names) return fail(names.error());
  for (const auto& name : *names) {
    if (auto given = give(owner, folder.get(), name, path / name); !given) return given;
  }
  if (::fchown(folder.get(), owner.uid, owner.gid) != 0) return failure(path);
  return {};
}

Result<void> let_read_key_file(const Owner& owner, const fs::path& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  struct stat status {};
  if (!file.valid() || ::fstat(file.get(), &status) != 0) return failure(path);
  if (auto single = check_single(status, path); !single) return single;
  if (::fchown(file.get(), 0, owner.gid) != 0 || ::fchmod(file.get(), 0640) != 0) return failure(path);
  return {};
}

Result<void> let_read(const Owner& owner, const fs::path& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  struct stat status {};
  if (!file.valid() || ::fstat(file.get(), &status) != 0) return failure(path);
  const mode_t open_to_all = S_ISDIR(status.st_mode) ? 0005 : 0004;
  if ((status.st_mode & open_to_all) == open_to_all || status.st_uid == owner.uid) return {};
  const mode_t mode = (status.st_mode & 07777U) | (open_to_all << 3U);
  if (::fchown(file.get(), static_cast<uid_t>(-1), owner.gid) != 0 || ::fchmod(file.get(), mode) != 0) {
    return failure(path);
  }
  return {};
}

Result<void> check_readable(const Owner& owner, const std::vector<fs::path>& files) {
  const auto child = ::fork();
  if (child < 0) return failure("fork");
  if (child == 0) ::_exit(readable_as(owner, files));
  int status = 0;
  while (::waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) return failure("wait");
  }
  const auto count = WIFEXITED(status) ? static_cast<std::size_t>(WEXITSTATUS(status)) : 0;
  if (count >= files.size()) return {};
  return fail(Errc::refused, files[count].string() + ": " + owner.user +
                                 " cannot read it; let that user enter all folders above it, or choose a "
                                 "place like /etc/oidcop");
}

Result<void> make_open_folder(const fs::path& path) {
  std::error_code error;
  if (path.empty() || fs::is_directory(path, error)) return {};
  if (auto above = make_open_folder(path.parent_path()); !above) return above;
  return make_folder(path, 0755);
}

Result<void> make_private_folder(const fs::path& path) {
  std::error_code error;
  if (path.empty() || fs::is_directory(path, error)) return {};
  if (auto above = make_open_folder(path.parent_path()); !above) return above;
  return make_folder(path, 0700);
}

}  // namespace oidcop::cli
