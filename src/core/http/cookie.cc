#include "http/cookie.h"

#include "http/header_syntax.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace oidcop::http {
namespace {

constexpr std::size_t kMaxOctets = 4096;  // browsers drop longer ones silently (RFC 6265, 6.1)

bool is_cookie_value(std::string_view value) {
  return std::all_of(value.begin(), value.end(), [](char c) {
    return c > 0x20 && c < 0x7f && std::string_view("\",;\\").find(c) == std::string_view::npos;
  });
}

bool is_cookie_path(std::string_view path) {
  return path.starts_with('/') &&
         std::all_of(path.begin(), path.end(), [](char c) { return c > 0x20 && c < 0x7f && c != ';'; });
}

std::string_view spell(SameSite same_site) {
  switch (same_site) {
    case SameSite::strict:
      return "Strict";
    case SameSite::none:
      return "None";
    case SameSite::lax:
      break;
  }
  return "Lax";
}

}  // namespace

Result<std::string> format_set_cookie(const SetCookie& cookie) {
  if (!is_token(cookie.name)) return fail(Errc::malformed, "cookie: the name is not a token");
  if (!is_cookie_value(cookie.value)) return fail(Errc::malformed, "cookie " + cookie.name + ": bad value");
  if (!is_cookie_path(cookie.path)) return fail(Errc::malformed, "cookie " + cookie.name + ": bad path");
  // Browsers compare the prefixes without case (RFC 6265bis, 4.1.3), so do we.
  if (equals_ignoring_case(std::string_view(cookie.name).substr(0, 7), "__Host-") && cookie.path != "/") {
    return fail(Errc::malformed, "cookie " + cookie.name + ": __Host- wants the path /");
  }
  if (cookie.max_age && *cookie.max_age < Seconds::zero()) {
    return fail(Errc::malformed, "cookie " + cookie.name + ": negative age");
  }
  std::string text = cookie.name + "=" + cookie.value + "; Path=" + cookie.path;
  if (cookie.max_age) text += "; Max-Age=" + std::to_string(cookie.max_age->count());
  text += "; Secure";
  if (cookie.script_access == ScriptAccess::denied) text += "; HttpOnly";
  text += "; SameSite=";
  text += spell(cookie.same_site);
  if (text.size() > kMaxOctets) return fail(Errc::malformed, "cookie " + cookie.name + ": too long");
  return text;
}

SetCookie removal_of(std::string name, std::string path) {
  SetCookie cookie;
  cookie.name = std::move(name);
  cookie.path = std::move(path);
  cookie.max_age = Seconds::zero();
  return cookie;
}

}  // namespace oidcop::http
