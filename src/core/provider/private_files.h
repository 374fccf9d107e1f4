#pragma once

#include "base/shared_value.h"
#include "config/load.h"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace oidcop::provider {

/// The files that nobody else may read: keys, secrets, the database, and what holds secrets of the
/// configuration.
std::vector<std::filesystem::path> private_files(const config::LoadedConfig& loaded);

/// What lies in folders that every user of the machine can write to, private files and the configuration;
/// empty when all is well.
config::ConfigProblems unsafe_folders(const config::LoadedConfig& loaded);

/// Notices when the web server that asks would hand out private files by itself, because they lie where it
/// takes its static files from (DOCUMENT_ROOT). Thread-safe.
class Exposure {
 public:
  explicit Exposure(std::vector<std::filesystem::path> files) : files_(std::move(files)) {}

  /// Which private file lies below the document root, with the remedy; nothing when none does. The same root
  /// as the last time costs no look at the disk.
  std::optional<std::string> below(std::string_view document_root) const;

 private:
  struct Seen {
    std::string root;
    std::optional<std::string> exposed;
  };

  std::vector<std::filesystem::path> files_;
  mutable SharedValue<Seen> seen_;
};

}  // namespace oidcop::provider
