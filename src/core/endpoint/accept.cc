#include "endpoint/accept.h"

#include <algorithm>
#include <string>

namespace oidcop::endpoint {
namespace {

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; });
  return result;
}

/// "q=0", "q=0.000": not acceptable (RFC 9110, 12.4.2).
bool is_zero_weight(std::string_view parameter) {
  const auto text = lower(trimmed(parameter));
  return text.rfind("q=0", 0) == 0 && text.find_first_not_of("0.", 2) == std::string::npos;
}

}  // namespace

bool accepts_media_type(const http::Request& request, std::string_view media_type) {
  auto rest = request.header("accept").value_or("");
  while (!rest.empty()) {
    const auto comma = rest.find(',');
    auto range = rest.substr(0, comma);
    rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
    const auto semicolon = range.find(';');
    if (lower(trimmed(range.substr(0, semicolon))) != media_type) continue;
    bool refused = false;
    while (!refused && range.find(';') != std::string_view::npos) {
      range.remove_prefix(range.find(';') + 1);
      refused = is_zero_weight(range.substr(0, range.find(';')));
    }
    if (!refused) return true;
  }
  return false;
}

}  // namespace oidcop::endpoint
