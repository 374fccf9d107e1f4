#pragma once

#include "base/json.h"
#include "config/environment.h"
#include "config/field.h"

#include <oidcop/result.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace oidcop::config {

/// Where a secret comes from. Only from_text holds it already.
struct SecretSource {
  enum class Kind : std::uint8_t { from_text, from_file, from_env };
  Kind kind = Kind::from_text;
  std::string text;  ///< the secret, the file's path as written, or the variable's name
};

struct PathText {
  std::string text;
};
struct ChoiceIndex {
  std::uint8_t index = 0;
};

/// A value of a file that fits its row.
using Value = std::variant<bool, std::size_t, Seconds, std::string, PathText, Url, std::vector<std::string>,
                           ChoiceIndex, std::vector<TokenClass>, std::vector<ClaimSpec>, SecretSource>;

/// Why a value does not fit its row. Never repeats the value, which may be a secret put in the wrong place.
struct Complaint {
  std::string where;  ///< below the row's own place, e.g. "[1]"; mostly empty
  std::string message;
  std::string nearest;  ///< an allowed value that was perhaps meant
};

/// Reads a value as the row wants it: type, range, allowed values, shape. `row` is not a container.
Result<Value, Complaint> parse_value(const Field& row, const Json& value);

/// How messages name what was found: "a list", "a text", "a number", …
std::string_view kind_of(const Json& value);
/// How messages and the manual name what a row wants: "a duration", "a list of texts", …
std::string_view kind_of(FieldType type);

/// What assigning needs besides the value.
struct FillContext {
  std::filesystem::path folder;  ///< relative paths count from here
  const Environment& environment;
};

/// Puts a value into the member. Errors: what went wrong with a secret's file or variable; never its content.
Result<void, Complaint> assign(const Slot& slot, const Value& value, const FillContext& context);

/// The member's value as a file would give it; null when there is none. Secrets come out as kMaskedSecret.
Json read(const Field& row, const Slot& slot);
inline constexpr std::string_view kMaskedSecret = "********";

/// Whether the text fits the shape. An empty shape fits everything.
bool fits(const Shape& shape, std::string_view text);

}  // namespace oidcop::config
