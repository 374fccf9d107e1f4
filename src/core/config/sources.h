#pragma once

#include "base/json.h"
#include "config/problem.h"

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace oidcop::config {

/// One file of the configuration as it was read.
struct Source {
  std::filesystem::path file;
  std::shared_ptr<const Json> tree;  ///< always an object
  bool fragment = false;             ///< from the .d folder
};

/// Reads `path` and `path`.d/*.json in order of their names. What cannot be read or parsed is left out and
/// reported.
std::vector<Source> read_sources(const std::filesystem::path& path, ConfigProblems& problems);

/// All files as one.
struct Merged {
  std::shared_ptr<const Json> tree;
  std::map<std::string, std::string> origins;  ///< path text of each value -> the file it came from
};

/// Objects merge; lists, scalars and secrets of a later file replace those of an earlier one. The same scalar
/// in two fragments is reported as a contradiction (`version`, which every file may bear, only when it
/// differs).
Merged merge(const std::vector<Source>& sources, ConfigProblems& problems);

}  // namespace oidcop::config
