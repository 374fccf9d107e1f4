#include "cli/time_input.h"

#include "base/system_clock.h"

#include <charconv>
#include <chrono>
#include <optional>

namespace oidcop::cli {
namespace {

/// Decimal digits only.
std::optional<std::int64_t> digits(std::string_view text) {
  std::int64_t value = 0;
  if (text.empty() || text.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end || value > (std::int64_t{1} << 53)) return std::nullopt;
  return value;
}

std::optional<TimePoint> calendar_time(std::string_view text) {
  constexpr std::string_view kForm = "____-__-__T__:__:__Z";
  if (text.size() != kForm.size()) return std::nullopt;
  for (std::size_t i = 0; i < kForm.size(); ++i) {
    if (kForm[i] != '_' && kForm[i] != text[i]) return std::nullopt;
  }
  const auto year = digits(text.substr(0, 4));
  const auto month = digits(text.substr(5, 2));
  const auto day = digits(text.substr(8, 2));
  const auto hour = digits(text.substr(11, 2));
  const auto minute = digits(text.substr(14, 2));
  const auto second = digits(text.substr(17, 2));
  if (!year || !month || !day || !hour || !minute || !second) return std::nullopt;
  const std::chrono::year_month_day date(std::chrono::year(static_cast<int>(*year)),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day)));
  if (!date.ok() || *hour > 23 || *minute > 59 || *second > 59) return std::nullopt;
  return std::chrono::sys_days(date) + std::chrono::hours(*hour) + std::chrono::minutes(*minute) +
         Seconds(*second);
}

}  // namespace

Result<TimePoint> parse_time(std::string_view text) {
  if (const auto seconds = digits(text)) return from_unix(*seconds);
  if (const auto time = calendar_time(text)) return *time;
  return fail(Errc::malformed, "is neither a time like 2026-11-23T18:00:00Z nor seconds since the epoch");
}

}  // namespace oidcop::cli
