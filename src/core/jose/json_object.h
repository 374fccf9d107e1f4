#pragma once

#include "base/json.h"

namespace oidcop::jose {

/// A part of a message that must be a JSON object; no byte order mark before it (RFC 8259, 8.1).
/// \param what  begins the error, e.g. "the header of the JWS"; then follows what is wrong with it.
/// Errors: malformed.
Result<Json> parse_object(std::string_view text, std::string_view what, const JsonLimits& limits);

}  // namespace oidcop::jose
