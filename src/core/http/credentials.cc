#include "http/credentials.h"

#include "http/header_syntax.h"

#include <algorithm>

namespace oidcop::http {
namespace {

bool is_token68(std::string_view text);
bool is_parameter_list(std::string_view text);
bool take_parameter(std::string_view& rest);

}  // namespace

bool is_single_credential(std::string_view value) {
  const auto space = value.find(' ');
  if (space == std::string_view::npos || !is_token(value.substr(0, space))) return false;
  const auto start = value.find_first_not_of(' ', space);
  if (start == std::string_view::npos) return false;
  const auto credential = value.substr(start);
  return is_token68(credential) || is_parameter_list(credential);
}

namespace {

bool is_token68(std::string_view text) {
  const auto end = text.find_last_not_of('=');
  if (end == std::string_view::npos) return false;
  return std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(end) + 1, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           std::string_view("-._~+/").find(c) != std::string_view::npos;
  });
}

void skip_blanks(std::string_view& rest) {
  rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size()));
}

bool is_parameter_list(std::string_view text) {
  auto rest = text;
  while (take_parameter(rest)) {
    skip_blanks(rest);
    if (rest.empty()) return true;
    if (rest.front() != ',') return false;
    rest.remove_prefix(1);
    skip_blanks(rest);
  }
  return false;
}

/// Takes `token = token` or `token = "quoted"` off the front.
bool take_parameter(std::string_view& rest) {
  const auto name_end = rest.find_first_of(" \t=,\"");
  if (name_end == std::string_view::npos || !is_token(rest.substr(0, name_end))) return false;
  rest.remove_prefix(name_end);
  skip_blanks(rest);
  if (rest.empty() || rest.front() != '=') return false;
  rest.remove_prefix(1);
  skip_blanks(rest);
  if (rest.empty()) return false;
  if (rest.front() != '"') {
    const auto value_end = std::min(rest.find_first_of(" \t,"), rest.size());
    if (!is_token(rest.substr(0, value_end))) return false;
    rest.remove_prefix(value_end);
    return true;
  }
  for (std::size_t i = 1; i < rest.size(); ++i) {
    if (rest[i] == '\\') {
      ++i;
    } else if (rest[i] == '"') {
      rest.remove_prefix(i + 1);
      return true;
    }
  }
  return false;
}

}  // namespace
}  // namespace oidcop::http
