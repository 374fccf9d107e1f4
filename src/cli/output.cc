#include "cli/output.h"

#include "base/system_clock.h"

#include <algorithm>
#include <array>
#include <ctime>
#include <nlohmann/json.hpp>
#include <ostream>

namespace oidcop::cli {
namespace {

std::string harmless(const std::string& text) {
  std::string result;
  for (const char c : text) {
    const auto octet = static_cast<unsigned char>(c);
    result += octet < 0x20 || octet == 0x7F ? '?' : c;
  }
  return result;
}

}  // namespace

void print_json(Streams& streams, const Json& document) {
  streams.out << dump_json_pretty(document) << '\n';
}

void print_fields(Streams& streams, const std::vector<std::pair<std::string, std::string>>& fields) {
  std::size_t width = 0;
  for (const auto& [label, value] : fields) width = std::max(width, value.empty() ? 0 : label.size());
  for (const auto& [label, value] : fields) {
    if (value.empty()) continue;
    streams.out << label << ':' << std::string(width - label.size() + 2, ' ') << harmless(value) << '\n';
  }
}

void print_table(Streams& streams, const std::vector<std::string>& heading,
                 const std::vector<std::vector<std::string>>& rows, std::string_view nothing) {
  if (rows.empty()) {
    streams.out << nothing << '\n';
    return;
  }
  std::vector<std::size_t> widths;
  for (std::size_t i = 0; i < heading.size(); ++i) {
    std::size_t width = heading[i].size();
    for (const auto& row : rows) width = std::max(width, row[i].size());
    widths.push_back(width);
  }
  const auto line = [&](const std::vector<std::string>& cells) {
    std::string text;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      text += harmless(cells[i]);
      if (i + 1 < cells.size()) text += std::string(widths[i] - cells[i].size() + 2, ' ');
    }
    streams.out << text << '\n';
  };
  line(heading);
  for (const auto& row : rows) line(row);
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
