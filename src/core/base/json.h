#pragma once

#include <oidcop/result.h>

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace oidcop {

using Json = nlohmann::json;

enum class JsonComments : std::uint8_t { refused, allowed };

struct JsonLimits {
  std::size_t octets = 1U << 20U;
  std::size_t depth = 16;
  JsonComments comments = JsonComments::refused;
};

/// Strict parse (RFC 8259): valid UTF-8, nothing after the value, duplicate members refused, size and depth
/// bounded, numbers that do not fit kept out. Errors: malformed, with line and column, no content.
Result<Json> parse_json(std::string_view text, const JsonLimits& limits = {});

/// Writes without whitespace; octets that are not UTF-8 become U+FFFD instead of an exception.
std::string dump_json(const Json& value);
std::string dump_json_pretty(const Json& value);

// Checked accessors: the only way this house reads numbers and members of foreign JSON (a raw get<int>() of
// 1e300 is undefined behaviour). Absent -> nothing; present with another type -> malformed naming the member.
Result<std::optional<std::string>> json_text(const Json& object, std::string_view name);
Result<std::optional<std::int64_t>> json_integer(const Json& object, std::string_view name);  ///< 0 … 2^53
Result<std::optional<bool>> json_bool(const Json& object, std::string_view name);
Result<std::optional<std::vector<std::string>>> json_texts(const Json& object, std::string_view name);
const Json* json_member(const Json& object, std::string_view name);  ///< null when absent or not an object

/// A number that stands alone, 0 … 2^53; a finite fraction (NumericDate may have one) is cut off.
Result<std::int64_t> json_as_integer(const Json& value);

}  // namespace oidcop
