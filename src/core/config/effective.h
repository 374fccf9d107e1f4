#pragma once

#include "base/json.h"
#include "config/config.h"

#include <string>

namespace oidcop::config {

/// The configuration as it is in effect, in the shape of a file: defaults included, paths absolute, every
/// secret as
/// "********", settings without a value left out.
Json effective_json(const Config& config);

}  // namespace oidcop::config
