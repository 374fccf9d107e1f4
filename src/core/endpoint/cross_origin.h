#pragma once

#include <cstdint>

namespace oidcop::endpoint {

/// Whether scripts of other sites may read the answer (Fetch standard, CORS protocol). Credentials are never
/// allowed along, so what a script reads is what anybody could have asked for.
enum class CrossOrigin : std::uint8_t { refused, allowed };

}  // namespace oidcop::endpoint
