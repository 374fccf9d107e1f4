#include "config/duration.h"

#include <array>
#include <charconv>
#include <system_error>

namespace oidcop::config {

namespace {

struct Unit {
  char letter;
  std::int64_t seconds;
};
constexpr std::array<Unit, 5> kUnits = {{{'w', 604'800}, {'d', 86'400}, {'h', 3600}, {'m', 60}, {'s', 1}}};

}  // namespace

std::optional<Seconds> parse_duration(std::string_view text) {
  std::int64_t number = 0;
  // from_chars would take a sign.
  if (text.empty() || text.front() < '0' || text.front() > '9') return std::nullopt;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{}) return std::nullopt;
  const std::string_view unit(rest, static_cast<std::size_t>(text.data() + text.size() - rest));
  std::int64_t factor = 0;
  if (unit.empty()) factor = 1;
  for (const auto& [letter, seconds] : kUnits) {
    if (unit.size() == 1 && unit.front() == letter) factor = seconds;
  }
  if (factor == 0 || number > kLongestDuration / factor) return std::nullopt;
  return Seconds(number * factor);
}

std::string duration_text(Seconds duration) {
  for (const auto& [letter, seconds] : kUnits) {
    // Weeks are read, but "30d" and "14d" are how people say it.
    if (letter != 'w' && duration.count() != 0 && duration.count() % seconds == 0) {
      return std::to_string(duration.count() / seconds) + letter;
    }
  }
  return std::to_string(duration.count()) + "s";
}

}  // namespace oidcop::config
