#include "config/shapes.h"

#include <algorithm>

namespace oidcop::config {

namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_alpha(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_alnum(char c) {
  return is_digit(c) || is_alpha(c);
}
bool is_visible(char c) {
  return c >= '!' && c <= '~';
}

/// Whether all of a text that is not empty is of letters, digits and these.
bool consists_of(std::string_view text, std::string_view besides_alnum) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return is_alnum(c) || besides_alnum.find(c) != std::string_view::npos;
  });
}

/// Whether every part between separators passes; an empty text is one empty part.
template <class Predicate>
bool all_parts(std::string_view text, char separator, Predicate predicate) {
  while (true) {
    const auto end = std::min(text.find(separator), text.size());
    if (!predicate(text.substr(0, end))) return false;
    if (end == text.size()) return true;
    text.remove_prefix(end + 1);
  }
}

bool is_port(std::string_view text) {
  return !text.empty() && text.size() <= 5 && std::all_of(text.begin(), text.end(), is_digit);
}

}  // namespace

bool is_url_path(std::string_view text) {
  constexpr std::string_view well_known = ".well-known/";
  if (text.substr(0, well_known.size()) == well_known) text.remove_prefix(well_known.size());
  return all_parts(text, '/', [](std::string_view segment) {
    return consists_of(segment, "._~-") && segment.front() != '.';
  });
}

bool is_scope(std::string_view text) {
  return is_word(text) && text.find_first_of("\"\\") == std::string_view::npos;
}

bool is_word(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_visible);
}

bool is_words(std::string_view text) {
  return all_parts(text, ' ', is_word);
}

bool is_name(std::string_view text) {
  return text.size() <= 32 && consists_of(text, "_-") && is_alnum(text.front());
}

bool is_user(std::string_view text) {
  return text.size() <= 32 && consists_of(text, "_.-") && (is_alnum(text.front()) || text.front() == '_');
}

bool is_locale(std::string_view text) {
  const auto language = text.substr(0, text.find('-'));
  return language.size() >= 2 && std::all_of(language.begin(), language.end(), is_alpha) &&
         all_parts(text, '-',
                   [](std::string_view part) { return part.size() <= 8 && consists_of(part, ""); });
}

bool is_scheme(std::string_view text) {
  return consists_of(text, "+.-") && is_alpha(text.front());
}

bool is_resource(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos || !is_scheme(text.substr(0, colon))) return false;
  const auto rest = text.substr(colon + 1);
  return is_word(rest) && rest.find_first_of("\"#") == std::string_view::npos;
}

bool is_listen(std::string_view text) {
  constexpr std::string_view unix_prefix = "unix:";
  if (text.substr(0, unix_prefix.size()) == unix_prefix) {
    const auto path = text.substr(unix_prefix.size());
    if (!path.empty() && path.find_first_of("\r\n") == std::string_view::npos) return true;
  }
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos || !is_port(text.substr(colon + 1))) return false;
  auto host = text.substr(0, colon);
  if (host.size() < 3 || host.front() != '[' || host.back() != ']') return consists_of(host, ".-");
  host = host.substr(1, host.size() - 2);
  return host.find_first_not_of("0123456789abcdefABCDEF:.") == std::string_view::npos;
}

bool is_network(std::string_view text) {
  const auto slash = text.find('/');
  const auto address = text.substr(0, slash);
  if (address.empty() || address.find_first_not_of("0123456789abcdefABCDEF:.") != std::string_view::npos)
    return false;
  if (slash == std::string_view::npos) return true;
  const auto length = text.substr(slash + 1);
  return !length.empty() && length.size() <= 3 && std::all_of(length.begin(), length.end(), is_digit);
}

bool is_host(std::string_view text) {
  const auto is_label = [](char c) { return is_digit(c) || (c >= 'a' && c <= 'z'); };
  const auto colon = text.find(':');
  const auto host = text.substr(0, colon);
  const bool is_name =
      !host.empty() && is_label(host.front()) &&
      std::all_of(host.begin(), host.end(), [&](char c) { return is_label(c) || c == '.' || c == '-'; });
  if (!is_name || colon == std::string_view::npos) return is_name;
  const auto port = text.substr(colon + 1);
  return !port.empty() && port.size() <= 5 && std::all_of(port.begin(), port.end(), is_digit);
}

bool is_line(std::string_view text) {
  return !text.empty() && std::none_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
  });
}

}  // namespace oidcop::config
