#include "jose/jwk_set.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace oidcop::jose {

namespace {

constexpr std::size_t kMaxKeys = 128;
constexpr std::size_t kMaxCandidates = 8;

}  // namespace

Result<JwkSet> JwkSet::parse(const Json& set) {
  const Json* keys = json_member(set, "keys");
  if (keys == nullptr || !keys->is_array()) return fail(Errc::malformed, "the JWK Set has no array \"keys\"");
  if (keys->size() > kMaxKeys) return fail(Errc::refused, "the JWK Set has more than 128 keys");
  JwkSet result;
  std::size_t position = 0;
  for (const auto& entry : *keys) {
    ++position;
    auto key = Jwk::parse(entry);
    if (key) {
      result.keys_.push_back(std::move(*key));
    } else {
      result.skipped_.push_back("key " + std::to_string(position) + ": " + key.error().detail);
    }
  }
  return result;
}

Result<JwkSet> JwkSet::parse_text(std::string_view text) {
  auto json = parse_json(text);
  if (!json) return fail(std::move(json).error());
  return parse(*json);
}

Json JwkSet::dump_public() const {
  auto list = Json::array();
  for (const auto& key : keys_) {
    if (auto json = key.public_json()) list.push_back(std::move(*json));
  }
  auto set = Json::object();
  set["keys"] = std::move(list);
  return set;
}

std::string JwkSet::dump_public_text() const {
  return dump_json(dump_public());
}

std::vector<Jwk> JwkSet::candidates(Algorithm algorithm, std::string_view kid,
                                    const AlgorithmSet& allowed) const {
  std::vector<Jwk> fitting;
  const auto may_verify = [&](const Jwk& key) {
    return allowed.allows(algorithm, key.curve()) && key.can_verify(algorithm);
  };
  const auto collect = [&](auto&& wanted) {
    for (const auto& key : keys_) {
      if (fitting.size() == kMaxCandidates) return;
      if (wanted(key) && may_verify(key)) fitting.push_back(key);
    }
  };
  if (kid.empty()) {
    collect([](const Jwk&) { return true; });
  } else {
    collect([kid](const Jwk& key) { return key.kid() == kid; });
    collect([](const Jwk& key) { return key.kid().empty(); });
  }
  return fitting;
}

const Jwk* JwkSet::find(std::string_view kid) const {
  const auto found =
      std::find_if(keys_.begin(), keys_.end(), [kid](const Jwk& key) { return key.kid() == kid; });
  return found == keys_.end() ? nullptr : &*found;
}

}  // namespace oidcop::jose
