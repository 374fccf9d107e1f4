#pragma once

#include "base/json.h"
#include "config/config.h"

#include <string>
#include <vector>

namespace oidcop::config {

/// The configuration as it is in effect, in the shape of a file: defaults included, paths absolute, every
/// secret as
/// "********", settings without a value left out.
Json effective_json(const Config& config);

/// What a process that was started with one configuration and is told of another takes up only at its next
/// start: the settings of the sections `responder` and `database` that differ, as paths
/// ("responder.workers").
std::vector<std::string> waiting_for_restart(const Config& started_with, const Config& now);

}  // namespace oidcop::config
