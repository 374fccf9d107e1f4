#include "base/folder.h"

#include <sys/stat.h>

#include <algorithm>
#include <system_error>

namespace oidcop {
namespace {

namespace fs = std::filesystem;

std::optional<fs::path> folder_of(const fs::path& file) {
  std::error_code error;
  const auto absolute = fs::absolute(file, error);
  if (error) return std::nullopt;
  auto folder = fs::canonical(absolute.parent_path(), error);
  return error ? std::nullopt : std::optional(std::move(folder));
}

mode_t mode_of(const fs::path& folder) {
  struct stat status {};
  return ::stat(folder.c_str(), &status) == 0 ? status.st_mode : 0;
}

}  // namespace

std::optional<std::string> why_folder_unsafe(const fs::path& file) {
  const auto own = folder_of(file);
  if (!own) return std::nullopt;
  for (auto folder = *own;; folder = folder.parent_path()) {
    const auto mode = mode_of(folder);
    const bool sticky = (mode & S_ISVTX) != 0;  // others cannot replace what is there, only add to it
    const bool open = (mode & S_IWOTH) != 0 && (folder == *own || !sticky);
    const auto name = folder.string();
    if (open && sticky) {
      return "every user of this machine can put files into " + name + "; move it into a folder of its own";
    }
    if (open) return "every user of this machine can write to " + name + "; mend with: chmod o-w " + name;
    if (!folder.has_relative_path()) return std::nullopt;
  }
}

bool lies_below(const fs::path& file, const fs::path& folder) {
  std::error_code error;
  const auto top = fs::canonical(folder, error);
  const auto own = folder_of(file);
  if (error || !own) return false;
  return std::mismatch(top.begin(), top.end(), own->begin(), own->end()).first == top.end();
}

}  // namespace oidcop
