// JSON: stricter than the library below, otherwise of its opinion; and written as it was read.

#include "base/json.h"

#include "base/form.h"
#include "fuzz/input.h"
#include "fuzz/property.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace oidcop::fuzz {
namespace {

constexpr JsonLimits kLimits{.octets = 3000, .depth = 8};
constexpr std::int64_t kMostExact = std::int64_t{1} << 53U;

std::size_t depth_of(const Json& value) {
  if (!value.is_structured()) return 0;
  std::size_t deepest = 0;
  for (const auto& item : value) deepest = std::max(deepest, depth_of(item));
  return deepest + 1;
}

std::size_t members_of(const Json& value) {
  std::size_t count = value.is_object() ? value.size() : 0;
  if (!value.is_structured()) return 0;
  for (const auto& item : value) count += members_of(item);
  return count;
}

bool has_large_number(const Json& value) {
  if (value.is_number_float()) return std::fabs(value.get_ref<const double&>()) >= 9.2e18;
  return value.is_structured() && std::any_of(value.begin(), value.end(), has_large_number);
}

/// The library's own reading, and how many member names it met, repeated ones too.
struct LooseReading {
  Json value;
  std::size_t names = 0;
};

LooseReading read_loosely(std::string_view text, JsonComments comments) {
  LooseReading reading;
  const auto count = [&reading](int /*depth*/, Json::parse_event_t event, Json& /*parsed*/) {
    if (event == Json::parse_event_t::key) ++reading.names;
    return true;
  };
  reading.value = Json::parse(text, count, false, comments == JsonComments::allowed);
  return reading;
}

void check_refusal(std::string_view text, const LooseReading& loose) {
  const bool reason = loose.value.is_discarded() || text.size() > kLimits.octets ||
                      text.find('\0') != std::string_view::npos || depth_of(loose.value) > kLimits.depth ||
                      members_of(loose.value) < loose.names || has_large_number(loose.value);
  require(reason, "what is refused is no JSON, too large, too deep, repeats a member or has a huge integer");
}

void check_members(const Json& value) {
  for (const auto& [name, member] : value.items()) {
    const auto number = json_integer(value, name);
    if (number) require(*number && **number >= 0 && **number <= kMostExact && member == **number, "integers");
    if (const auto cut = json_as_integer(member)) require(*cut >= 0 && *cut <= kMostExact, "cut integers");
    require(json_text(value, name).has_value() == member.is_string(), "texts are texts");
    require(json_bool(value, name).has_value() == member.is_boolean(), "truth values are truth values");
    if (const auto texts = json_texts(value, name)) require(Json(**texts) == member, "lists of texts");
  }
}

void check_accepted(const Json& value, const LooseReading& loose) {
  require(!loose.value.is_discarded() && value == loose.value, "the library reads the same value");
  require(members_of(value) == loose.names, "no member is repeated");
  require(depth_of(value) <= kLimits.depth, "the depth is bounded");
  const auto text = dump_json(value);
  require(is_valid_utf8(text), "what is written is UTF-8");
  for (const auto& written : {text, dump_json_pretty(value)}) {
    const auto again = parse_json(written, {.depth = kLimits.depth});
    require(again && *again == value, "what was written is read as the same value");
    require(dump_json(*again) == text, "writing is a fixed point");
  }
  if (value.is_object()) check_members(value);
}

}  // namespace
}  // namespace oidcop::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace oidcop;        // NOLINT: a function without a namespace of its own
  using namespace oidcop::fuzz;  // NOLINT
  Input input(data, size);
  const auto comments = input.choice(2) == 0 ? JsonComments::refused : JsonComments::allowed;
  auto limits = kLimits;
  limits.comments = comments;
  const auto loose = read_loosely(input.rest(), comments);
  const auto value = parse_json(input.rest(), limits);
  if (value) {
    check_accepted(*value, loose);
  } else {
    check_refusal(input.rest(), loose);
  }
  return 0;
}
