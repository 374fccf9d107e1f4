#pragma once

#include <oidcop/message.h>
#include <oidcop/result.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace oidcop {

using FormFields = std::vector<std::pair<std::string, std::string>>;

struct FormLimits {
  std::size_t fields = 64;
  std::size_t name_octets = 128;
  std::size_t value_octets = 65536;
};

/// Decodes application/x-www-form-urlencoded (also a query string), keeping order and repetitions.
/// Errors: malformed (bad escape, NUL, invalid UTF-8, over a limit), naming the field where that is safe.
Result<FormFields> decode_form(std::string_view text, const FormLimits& limits = {});
/// Encodes; space becomes '+'.
std::string encode_form(const FormFields& fields);
/// The members of a message as they travel in a form or a URL: text as it is, other values as JSON.
FormFields fields_of(const Message& message);
std::string form_encode(std::string_view value);          ///< one value
Result<std::string> form_decode(std::string_view value);  ///< one value (RFC 6749, 2.3.1 and Appendix B)

bool is_valid_utf8(std::string_view text);

}  // namespace oidcop
