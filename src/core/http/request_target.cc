#include "http/request_target.h"

#include <algorithm>

namespace oidcop::http {
namespace {

bool is_hex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/// pchar and '/' without the escapes (RFC 3986, 3.3).
bool is_path_character(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         std::string_view("-._~!$&'()*+,;=:@/").find(c) != std::string_view::npos;
}

bool is_control(char c) {
  const auto octet = static_cast<unsigned char>(c);
  return octet < 0x20 || octet == 0x7f;
}

std::string_view without_origin(std::string_view uri);

}  // namespace

Result<std::string> path_of_request_uri(std::string_view request_uri) {
  auto path = without_origin(request_uri);
  path = path.substr(0, path.find('?'));
  if (!path.starts_with('/')) return fail(Errc::malformed, "The request target is not a path.");
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (is_path_character(path[i])) continue;
    if (path[i] != '%')
      return fail(Errc::malformed, "The path has a character that must be percent-encoded.");
    if (i + 2 >= path.size() || !is_hex(path[i + 1]) || !is_hex(path[i + 2])) {
      return fail(Errc::malformed, "The path has a broken percent-encoding.");
    }
    if (path.substr(i + 1, 2) == "00") return fail(Errc::malformed, "The path has an encoded NUL.");
    i += 2;
  }
  return std::string(path);
}

Result<std::string> path_of_script(std::string_view script_name, std::string_view path_info) {
  std::string decoded(script_name);
  decoded += path_info;
  if (decoded.empty() || decoded.front() != '/') return fail(Errc::malformed, "The request has no path.");
  if (std::any_of(decoded.begin(), decoded.end(), is_control)) {
    return fail(Errc::malformed, "The path has a control character.");
  }
  std::string encoded;
  for (const char c : decoded) {
    if (is_path_character(c)) {
      encoded += c;
      continue;
    }
    constexpr std::string_view kHex = "0123456789ABCDEF";
    const auto octet = static_cast<unsigned char>(c);
    encoded += '%';
    encoded += kHex[octet >> 4U];
    encoded += kHex[octet & 0x0fU];
  }
  return encoded;
}

bool is_query(std::string_view query) {
  return std::none_of(query.begin(), query.end(),
                      [](char c) { return is_control(c) || c == ' ' || c == '#'; });
}

namespace {

std::string_view without_origin(std::string_view uri) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!uri.starts_with(scheme)) continue;
    const auto path = uri.substr(std::min(uri.find_first_of("/?#", scheme.size()), uri.size()));
    return path.empty() || path.starts_with('?') ? std::string_view("/") : path;
  }
  return uri;
}

}  // namespace
}  // namespace oidcop::http
