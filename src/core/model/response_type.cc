#include "model/response_type.h"

#include <algorithm>
#include <array>
#include <utility>

namespace oidcop::model {
namespace {

using Part = ResponseType::Part;

constexpr std::string_view kNone = "none";
constexpr std::array<std::pair<Part, std::string_view>, 3> kParts{
    {{Part::code, "code"}, {Part::id_token, "id_token"}, {Part::token, "token"}}};

std::optional<Part> part_named(std::string_view word) {
  for (const auto& [part, name] : kParts) {
    if (name == word) return part;
  }
  return std::nullopt;
}

}  // namespace

std::optional<ResponseType> ResponseType::parse(std::string_view text) {
  ResponseType type;
  bool says_none = false;
  bool is_empty = true;
  while (!text.empty()) {
    const auto end = std::min(text.find(' '), text.size());
    const auto word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (word.empty()) continue;
    const auto part = part_named(word);
    const bool repeated = says_none || (part ? type.has(*part) : !is_empty);
    if (repeated || (!part && word != kNone)) return std::nullopt;
    if (part) type.bits_ |= bit(*part);
    says_none = !part;
    is_empty = false;
  }
  if (is_empty) return std::nullopt;
  return type;
}

std::string ResponseType::text() const {
  if (is_none()) return std::string(kNone);
  std::string text;
  for (const auto& [part, name] : kParts) {
    if (has(part)) text.append(text.empty() ? "" : " ").append(name);
  }
  return text;
}

std::vector<std::string> openid_response_types() {
  return {"code", "id_token", "id_token token", "code id_token", "code token", "code id_token token", "none"};
}

bool has_response_type(const std::vector<std::string>& registered, ResponseType type) {
  return std::any_of(registered.begin(), registered.end(),
                     [&](const std::string& text) { return ResponseType::parse(text) == type; });
}

}  // namespace oidcop::model
