#include "provider/private_files.h"

#include "base/folder.h"

#include <algorithm>
#include <memory>

namespace oidcop::provider {

std::vector<std::filesystem::path> private_files(const config::LoadedConfig& loaded) {
  auto files = loaded.secret_files;
  const auto& config = loaded.config;
  files.insert(files.end(), {config.keys.private_path, config.keys.secrets_path, config.database.path});
  return files;
}

config::ConfigProblems unsafe_folders(const config::LoadedConfig& loaded) {
  auto files = private_files(loaded);
  for (const auto& file : loaded.files) {
    if (std::find(files.begin(), files.end(), file) == files.end()) files.push_back(file);
  }
  config::ConfigProblems problems;
  for (const auto& file : files) {
    if (auto why = why_folder_unsafe(file)) problems.push_back({file.string(), "", std::move(*why), ""});
  }
  return problems;
}

std::optional<std::string> Exposure::below(std::string_view document_root) const {
  if (document_root.empty()) return std::nullopt;
  if (const auto seen = seen_.load(); seen && seen->root == document_root) return seen->exposed;
  auto seen = std::make_shared<Seen>(Seen{std::string(document_root), std::nullopt});
  for (const auto& file : files_) {
    if (!lies_below(file, seen->root)) continue;
    seen->exposed = file.string() + ": lies below the web server's document root " + seen->root +
                    ", where anybody may fetch it; move it elsewhere, then replace what it held";
    break;
  }
  seen_.store(seen);
  return seen->exposed;
}

}  // namespace oidcop::provider
