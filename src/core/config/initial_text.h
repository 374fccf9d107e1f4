#pragma once

#include "config/config.h"

#include <filesystem>
#include <optional>
#include <string>

namespace oidcop::config {

/// What `oidcop init` wants to say in a new configuration; everything else keeps its default.
struct InitialSettings {
  Url issuer;
  std::optional<std::string> op_name;
  std::optional<std::filesystem::path> database;  ///< absent: the default beside the file
  std::optional<std::filesystem::path> data_dir;  ///< absent: where the installation put the pages
  std::optional<std::string> listen;
};

/// The text of a new, short, commented oidcop.json. It loads without a problem when the settings are valid.
std::string default_config_text(const InitialSettings& settings);

}  // namespace oidcop::config
