#pragma once

#include <string_view>

namespace oidcop::http {

/// Whether this is a token (RFC 9110, 5.6.2): method names, header names, cookie names, auth schemes.
bool is_token(std::string_view text);

/// Whether this may stand as a header's value: no control character (horizontal tab excepted), thus no CR, LF
/// or NUL that could end the header and begin another (RFC 9110, 5.5). Octets above 127 pass.
bool is_header_value(std::string_view text);

/// Compares ASCII letters without case, all else exactly.
bool equals_ignoring_case(std::string_view a, std::string_view b);

}  // namespace oidcop::http
