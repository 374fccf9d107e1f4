#include "model/username.h"

#include "base/visible_text.h"

#include <string>

namespace oidcop::model {
namespace {

/// Unicode's spaces (category Zs).
bool is_space(std::uint32_t point) {
  return point == ' ' || point == 0xA0 || point == 0x1680 || (point >= 0x2000 && point <= 0x200A) ||
         point == 0x202F || point == 0x205F || point == 0x3000;
}

}  // namespace

Result<void> check_username(std::string_view name) {
  if (name.empty()) return fail(Errc::malformed, "is empty");
  if (name.size() > kLongestUsername) {
    return fail(Errc::malformed, "is longer than " + std::to_string(kLongestUsername) + " octets");
  }
  bool at_start = true;
  bool was_space = false;
  while (!name.empty()) {
    const auto point = take_code_point(name);
    if (is_treacherous(point)) {
      return fail(Errc::malformed, point == kNotUtf8 ? "is not UTF-8"
                                                     : "has a character that cannot be seen or turns the "
                                                       "writing direction");
    }
    was_space = is_space(point);
    if (was_space && at_start) return fail(Errc::malformed, "begins with a space");
    at_start = false;
  }
  if (was_space) return fail(Errc::malformed, "ends with a space");
  return {};
}

}  // namespace oidcop::model
