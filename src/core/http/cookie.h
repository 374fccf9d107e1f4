#pragma once

#include <oidcop/result.h>
#include <oidcop/time.h>

#include <cstdint>
#include <optional>
#include <string>

namespace oidcop::http {

enum class SameSite : std::uint8_t { strict, lax, none };
enum class ScriptAccess : std::uint8_t { denied, allowed };  ///< denied is HttpOnly

/// One Set-Cookie header (RFC 6265). Always Secure, never with a Domain: no other host gets it, and no plain
/// HTTP request does.
struct SetCookie {
  std::string name;   ///< a token; the prefixes __Host- and __Secure- are obeyed
  std::string value;  ///< cookie-octets (RFC 6265, 4.1.1): visible ASCII without '"' ',' ';' '\'
  std::string path = "/";
  std::optional<Seconds> max_age;  ///< absent: until the browser ends; zero: remove the cookie
  SameSite same_site = SameSite::lax;
  ScriptAccess script_access = ScriptAccess::denied;
};

/// The header's value. Errors: malformed, when a browser would refuse or misread it: a name, value or path
/// out of its alphabet, `__Host-` with a path other than "/", a negative age, more than 4096 octets in all.
Result<std::string> format_set_cookie(const SetCookie& cookie);

/// The cookie that removes another one of this name and path.
SetCookie removal_of(std::string name, std::string path = "/");

}  // namespace oidcop::http
