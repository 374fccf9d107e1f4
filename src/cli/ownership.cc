#include "cli/ownership.h"

#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <optional>
#include <system_error>
#include <vector>

namespace oidcop::cli {
namespace {

std::string reason() {
  return std::error_code(errno, std::generic_category()).message();
}

struct Owner {
  uid_t uid = 0;
  gid_t gid = 0;
};

Result<Owner> owner_named(const std::string& user) {
  const passwd* entry = ::getpwnam(user.c_str());  // NOLINT(concurrency-mt-unsafe): one thread
  if (entry == nullptr) return fail(Errc::not_found, "there is no user " + user);
  return Owner{entry->pw_uid, entry->pw_gid};
}

Result<void> change(const std::filesystem::path& path, const Owner& owner, std::optional<mode_t> mode) {
  const bool done =
      ::lchown(path.c_str(), owner.uid, owner.gid) == 0 && (!mode || ::chmod(path.c_str(), *mode) == 0);
  if (done) return {};
  return fail(errno == EPERM ? Errc::refused : Errc::unavailable, path.string() + ": " + reason());
}

/// The folder and what is directly in it or below.
std::vector<std::filesystem::path> contents(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> paths;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder, ignored)) {
    paths.push_back(entry.path());
  }
  return paths;
}

}  // namespace

Result<void> give_to(const std::string& user, const std::filesystem::path& folder) {
  auto owner = owner_named(user);
  if (!owner) return fail(std::move(owner).error());
  for (const auto& path : contents(folder)) {
    if (auto changed = change(path, *owner, std::nullopt); !changed) return changed;
  }
  return change(folder, *owner, std::nullopt);
}

Result<void> let_read(const std::string& user, const std::filesystem::path& folder) {
  auto owner = owner_named(user);
  if (!owner) return fail(std::move(owner).error());
  owner->uid = 0;
  for (const auto& path : contents(folder)) {
    std::error_code ignored;
    if (!std::filesystem::is_regular_file(std::filesystem::symlink_status(path, ignored))) continue;
    if (auto changed = change(path, *owner, 0640); !changed) return changed;
  }
  return change(folder, *owner, 0750);
}

Result<void> make_open_folder(const std::filesystem::path& path) {
  std::error_code error;
  if (path.empty() || std::filesystem::is_directory(path, error)) return {};
  if (auto above = make_open_folder(path.parent_path()); !above) return above;
  // The process's umask keeps everything private; here the folder is for others, too.
  if (::mkdir(path.c_str(), 0755) == 0 && ::chmod(path.c_str(), 0755) == 0) return {};
  return fail(Errc::unavailable, path.string() + ": " + reason());
}

Result<void> make_private_folder(const std::filesystem::path& path) {
  std::error_code error;
  if (path.empty() || std::filesystem::is_directory(path, error)) return {};
  if (auto above = make_open_folder(path.parent_path()); !above) return above;
  if (::mkdir(path.c_str(), 0700) == 0) return {};
  return fail(Errc::unavailable, path.string() + ": " + reason());
}

}  // namespace oidcop::cli
