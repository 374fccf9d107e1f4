#include "cli/output.h"

#include "base/system_clock.h"
#include "base/visible_text.h"

#include <algorithm>
#include <array>
#include <ctime>
#include <nlohmann/json.hpp>
#include <ostream>

namespace oidcop::cli {

void print_json(Streams& streams, const Json& document) {
  streams.out << visible_lines(dump_json_pretty(document)) << '\n';
}

void print_fields(Streams& streams, const std::vector<std::pair<std::string, std::string>>& fields) {
  std::size_t width = 0;
  for (const auto& [label, value] : fields) width = std::max(width, value.empty() ? 0 : label.size());
  for (const auto& [label, value] : fields) {
    if (value.empty()) continue;
    streams.out << label << ':' << std::string(width - label.size() + 2, ' ') << visible_text(value) << '\n';
  }
}

void print_table(Streams& streams, const std::vector<std::string>& heading,
                 const std::vector<std::vector<std::string>>& rows, std::string_view nothing) {
  if (rows.empty()) {
    streams.out << nothing << '\n';
    return;
  }
  std::vector<std::vector<std::string>> lines = {heading};
  lines.insert(lines.end(), rows.begin(), rows.end());
  std::vector<std::size_t> widths(heading.size());
  for (auto& line : lines) {
    for (std::size_t i = 0; i < widths.size(); ++i) {
      line[i] = visible_text(line[i]);
      widths[i] = std::max(widths[i], line[i].size());
    }
  }
  for (const auto& line : lines) {
    std::string text;
    for (std::size_t i = 0; i < widths.size(); ++i) {
      text += line[i];
      if (i + 1 < widths.size()) text += std::string(widths[i] - line[i].size() + 2, ' ');
    }
    streams.out << text << '\n';
  }
}

Result<void> deliver(Streams& streams, std::string_view consequence) {
  streams.out.flush();
  if (streams.out) return {};
  std::string detail = "standard output: the answer could not be written";
  if (!consequence.empty()) detail.append("; ").append(consequence);
  return fail(Errc::unavailable, std::move(detail));
}

std::string time_text(TimePoint time) {
  const std::time_t seconds = to_unix(time);
  std::tm parts{};
  std::array<char, 32> buffer{};
  ::gmtime_r(&seconds, &parts);
  const auto length = std::strftime(buffer.data(), buffer.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  return {buffer.data(), length};
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

}  // namespace oidcop::cli
