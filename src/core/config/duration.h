#pragma once

#include <oidcop/time.h>

#include <optional>
#include <string>
#include <string_view>

namespace oidcop::config {

/// Reads a duration: digits alone are seconds, else digits and one of s, m, h, d (days of 24 hours), w.
/// Nothing when it is none of these or longer than 100 years.
std::optional<Seconds> parse_duration(std::string_view text);

/// The shortest way to write it that parse_duration reads back: 5400 s is "90m", 3600 s "1h", 61 s "61s".
std::string duration_text(Seconds duration);

inline constexpr std::int64_t kLongestDuration = std::int64_t{36'525} * 86'400;
/// What parse_duration accepts, for the JSON Schema.
inline constexpr std::string_view kDurationPattern = "^[0-9]{1,10}[smhdw]?$";

}  // namespace oidcop::config
