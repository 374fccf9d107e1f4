#pragma once

#include <oidcop/http.h>
#include <oidcop/result.h>
#include <cstdint>

#include <string>
#include <string_view>

namespace oidcop::http {

enum class BodyPart : std::uint8_t {
  sent,
  omitted
};  ///< omitted for HEAD: same headers, Content-Length included

/// An answer as CGI and FastCGI servers expect it (RFC 3875, 6): `Status`, the headers, an empty line, the
/// body. Content-Length is ours to set, except for 204 and 304, which have no body.
///
/// Errors: malformed, naming the header but not its value, when
/// - a name is no token or a value holds CR, LF, NUL or another control character;
/// - the web server would obey the header instead of passing it on (Status, Content-Length,
/// Transfer-Encoding,
///   Connection, X-Sendfile, X-Accel-…, X-LIGHTTPD-…);
/// - Location is not absolute: servers serve relative ones themselves, from anywhere (RFC 3875, 6.2.2);
/// - the status is outside 200 … 599.
Result<std::string> format_cgi_response(const Response& response, BodyPart body);

/// "Not Found" for 404; "Unknown" for what we do not know.
std::string_view reason_phrase(int status);

/// A short text for people who meet an error before any page can be made: status, reason and request id.
Response plain_response(int status, std::string_view reason, std::string_view request_id);

}  // namespace oidcop::http
