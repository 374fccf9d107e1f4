#pragma once

#include <oidcop/result.h>
#include <oidcop/time.h>

#include <string_view>

namespace oidcop::cli {

/// "2026-11-23T18:00:00Z", as we print times, or seconds since the epoch. Errors: malformed.
Result<TimePoint> parse_time(std::string_view text);

}  // namespace oidcop::cli
