#pragma once

#include "base/json.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace oidcop::jose {

/// What "crit" of a protected header names (RFC 7515, 4.1.11; RFC 7516, 4.1.13); nothing when there is none.
/// \param header      where the named members must be.
/// \param registered  what the specifications themselves define, which must not be named.
/// Errors: malformed; refused for what is not among `understood`.
Result<std::vector<std::string>> read_critical(const Json& header,
                                               std::span<const std::string_view> registered,
                                               const std::vector<std::string>& understood);

}  // namespace oidcop::jose
