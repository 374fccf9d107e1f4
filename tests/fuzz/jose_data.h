#pragma once

#include "base/file.h"
#include "base/json.h"
#include "fuzz/property.h"
#include "jose/jwk_set.h"

#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace oidcop::fuzz {

// What a JOSE target knows: keys, and everything that their owner ever made with them. A message that is
// accepted and says anything else is a forgery.

/// keys.json, its keys in their order: one for each kind and size, "kid" says which.
inline const jose::JwkSet& own_keys() {
  static const jose::JwkSet keys = [] {
    const auto text = read_file(OIDCOP_FUZZ_DATA "keys.json");
    require(text.has_value(), "keys.json is there");
    auto set = jose::JwkSet::parse_text(*text);
    require(set && set->skipped().empty() && !set->empty(), "all keys of keys.json are good");
    return *std::move(set);
  }();
  return keys;
}

/// A JSON object as JOSE has them: unlike a file of somebody's editor, without a byte order mark (RFC
/// 8259, 8.1).
inline std::optional<Json> bare_object(std::string_view text, const JsonLimits& limits = {}) {
  auto json = parse_json(text, limits);
  if (!json || !json->is_object() || text.starts_with("\xEF\xBB\xBF")) return std::nullopt;
  return *std::move(json);
}

/// A list of genuine.json: the messages of one kind.
inline std::vector<std::string> genuine_messages(const char* kind) {
  const auto text = read_file(OIDCOP_FUZZ_DATA "genuine.json");
  require(text.has_value(), "genuine.json is there");
  const auto json = parse_json(*text);
  require(json.has_value(), "genuine.json is JSON");
  const auto messages = json_texts(*json, kind);
  require(messages && *messages && !(*messages)->empty(), "genuine.json has messages of each kind");
  return **messages;
}

}  // namespace oidcop::fuzz
