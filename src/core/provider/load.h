#pragma once

#include "config/load.h"
#include "provider/snapshot.h"
#include "store/store.h"

#include <oidcop/hooks.h>
#include <oidcop/result.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <string_view>

namespace oidcop::provider {

/// The configuration, with its problems folded into one error, each on a line of its own.
Result<config::LoadedConfig> load_configuration(const std::filesystem::path& path);

/// Keys, secrets and pages that the configuration names, and `hooks` with those of the built-in add-ons.
/// Errors: not_found names the command that makes what is missing; conflict when a hook has an add-on's name.
Result<Material> load_material(const config::Config& config, Hooks hooks, page::Loading loading);

/// The state, made when it is not there yet.
Result<std::unique_ptr<store::Store>> open_store(const config::Config& config);

/// Where events go: to `line`, or when that is empty to where the configuration says. `clock` outlives the
/// log.
std::unique_ptr<Log> make_log_for(const config::Config& config, const Clock& clock,
                                  std::function<void(std::string_view)> line = {});

}  // namespace oidcop::provider
