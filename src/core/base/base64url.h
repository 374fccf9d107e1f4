#pragma once

#include <oidcop/result.h>

#include <string>
#include <string_view>

namespace oidcop {

/// RFC 4648, 5 without padding, as RFC 7515 Appendix C wants it.
std::string base64url_encode(std::string_view octets);
/// Strict: only the alphabet, no padding, no whitespace, unused trailing bits zero. Errors: malformed.
Result<std::string> base64url_decode(std::string_view text);

/// RFC 4648, 4 with padding (HTTP Basic, PEM, x5c).
std::string base64_encode(std::string_view octets);
/// Strict as above, padding required. Errors: malformed.
Result<std::string> base64_decode(std::string_view text);

}  // namespace oidcop
