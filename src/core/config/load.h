#pragma once

#include "config/config.h"
#include "config/environment.h"
#include "config/problem.h"

#include <oidcop/result.h>

#include <filesystem>
#include <vector>

namespace oidcop::config {

/// A configuration that passed every check, and what was noticed on the way.
struct LoadedConfig {
  Config config;
  ConfigProblems warnings;                   ///< doubtful, not wrong: to be shown, nothing more
  std::vector<std::filesystem::path> files;  ///< what was read, in order: the file itself, then its .d files
  std::vector<std::filesystem::path> secret_files;  ///< those of them that hold a secret, and files they name
};

/// Reads `path` (JSON with comments) and then every `path`.d/*.json in order of their names, and checks all
/// of it.
///
/// Objects merge, lists and scalars of a later file replace those of an earlier one; but when two files of
/// the .d folder set the same scalar, that is a contradiction. Relative paths count from the folder of
/// `path`. Errors: all of them at once, never only the first. Reads the secret files that the configuration
/// names.
Result<LoadedConfig, ConfigProblems> load_config(const std::filesystem::path& path,
                                                 const Environment& environment);

}  // namespace oidcop::config
