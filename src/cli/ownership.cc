#include "cli/ownership.h"

#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace oidcop::cli {
namespace {

std::string reason() {
  return std::error_code(errno, std::generic_category()).message();
}

Result<void> give_one(const std::filesystem::path& path, uid_t uid, gid_t gid) {
  if (::lchown(path.c_str(), uid, gid) == 0) return {};
  return fail(errno == EPERM ? Errc::refused : Errc::unavailable, path.string() + ": " + reason());
}

}  // namespace

Result<void> give_to(const std::string& user, const std::vector<std::filesystem::path>& paths) {
  const passwd* entry = ::getpwnam(user.c_str());  // NOLINT(concurrency-mt-unsafe): one thread
  if (entry == nullptr) return fail(Errc::not_found, "there is no user " + user);
  const uid_t uid = entry->pw_uid;
  const gid_t gid = entry->pw_gid;
  for (const auto& path : paths) {
    if (auto given = give_one(path, uid, gid); !given) return given;
    std::error_code error;
    if (!std::filesystem::is_directory(path, error)) continue;
    for (const auto& entry_below : std::filesystem::recursive_directory_iterator(path, error)) {
      if (auto given = give_one(entry_below.path(), uid, gid); !given) return given;
    }
  }
  return {};
}

Result<void> make_private_folder(const std::filesystem::path& path) {
  std::error_code error;
  if (path.empty() || std::filesystem::is_directory(path, error)) return {};
  if (path.has_parent_path()) {
    std::filesystem::create_directories(path.parent_path(), error);
    if (error) return fail(Errc::unavailable, path.parent_path().string() + ": " + error.message());
  }
  if (::mkdir(path.c_str(), 0700) == 0) return {};
  return fail(Errc::unavailable, path.string() + ": " + reason());
}

}  // namespace oidcop::cli
