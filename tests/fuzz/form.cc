// Forms: what was encoded is decoded, and a text is read alike in one piece and in two.

#include "base/form.h"

#include "base/url.h"
#include "fuzz/input.h"
#include "fuzz/property.h"

#include <algorithm>

namespace oidcop::fuzz {
namespace {

/// The same by other means: '+' is a space, the rest is percent-encoding.
Result<std::string> decoded_otherwise(std::string_view value) {
  std::string text(value);
  std::replace(text.begin(), text.end(), '+', ' ');
  auto decoded = percent_decode(text);
  if (decoded && !is_valid_utf8(*decoded)) return fail(Errc::malformed, "no UTF-8");
  return decoded;
}

void check_value(std::string_view value) {
  const auto decoded = form_decode(value);
  const auto otherwise = decoded_otherwise(value);
  require(decoded.has_value() == otherwise.has_value(), "percent-encoding agrees on what can be decoded");
  if (!decoded) return;
  require(*decoded == *otherwise, "percent-encoding agrees on the value");
  require(decoded->find('\0') == std::string::npos && is_valid_utf8(*decoded), "values are text without NUL");
  require(form_decode(form_encode(*decoded)) == *decoded, "a value that is encoded is decoded");
}

void check_fields(const FormFields& fields, const FormLimits& limits) {
  require(fields.size() <= limits.fields, "the fields are bounded");
  for (const auto& [name, value] : fields) {
    require(name.size() <= limits.name_octets && value.size() <= limits.value_octets,
            "each field is bounded");
    require(is_valid_utf8(name) && is_valid_utf8(value), "fields are UTF-8");
    require((name + value).find('\0') == std::string::npos, "fields hold no NUL");
  }
  const auto encoded = encode_form(fields);
  require(decode_form(encoded, limits) == fields, "fields that are encoded are decoded");
  require(encoded.find_first_not_of(
              "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._*+%=&") == std::string::npos,
          "nothing of a field stands bare that could mean something else");
}

void check_text(std::string_view text, const FormLimits& limits) {
  const auto fields = decode_form(text, limits);
  if (fields) check_fields(*fields, limits);
  const auto end = text.find('&');
  if (end == std::string_view::npos) return;
  const auto first = decode_form(text.substr(0, end), limits);
  const auto others = decode_form(text.substr(end + 1), limits);
  if (!first || !others) {
    require(!fields, "a form with a bad part is refused");
    return;
  }
  auto all = *first;
  all.insert(all.end(), others->begin(), others->end());
  require(all.size() > limits.fields ? !fields.has_value() : fields == all,
          "parts are decoded in their order");
}

}  // namespace
}  // namespace oidcop::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace oidcop::fuzz;  // NOLINT: a function without a namespace of its own
  Input input(data, size);
  const bool narrow = input.choice(2) == 1;
  check_text(input.rest(), narrow ? oidcop::FormLimits{3, 8, 16} : oidcop::FormLimits{});
  check_value(input.rest());
  return 0;
}
