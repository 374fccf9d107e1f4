#include "jose/json_object.h"

#include <nlohmann/json.hpp>

namespace oidcop::jose {

Result<Json> parse_object(std::string_view text, std::string_view what, const JsonLimits& limits) {
  if (text.starts_with("\xEF\xBB\xBF")) {
    return fail(Errc::malformed, std::string(what) + " begins with a byte order mark");
  }
  auto json = parse_json(text, limits);
  if (!json) return fail(json.error().code, std::string(what) + ": " + json.error().detail);
  if (!json->is_object()) return fail(Errc::malformed, std::string(what) + " is not a JSON object");
  return json;
}

}  // namespace oidcop::jose
