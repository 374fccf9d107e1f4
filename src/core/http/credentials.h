#pragma once

#include <string_view>

namespace oidcop::http {

/// Whether an Authorization header's value is exactly one scheme with one credential (RFC 9110, 11.4):
/// `scheme SP token68`, or `scheme SP` and a list of `name=value` parameters as Digest has them.
///
/// Web servers join two Authorization lines into one, with a comma between them. No joined pair fits this
/// grammar, so what passes was one line, and nobody downstream has to wonder which half to believe.
bool is_single_credential(std::string_view value);

}  // namespace oidcop::http
