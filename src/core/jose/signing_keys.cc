#include "jose/signing_keys.h"

#include "base/system_clock.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>

namespace oidcop::jose {

namespace {

constexpr std::array<std::string_view, 4> kStateNames = {"next", "active", "retired", "archived"};

constexpr std::array<std::string_view, 16> kKeyMembers = {
    "kty", "crv", "n", "e", "d", "p", "q", "dp", "dq", "qi", "x", "y", "kid", "alg", "use", "key_ops"};
/// Members of others that the world may see (RFC 7517, 4.6 to 4.9).
constexpr std::array<const char*, 4> kPublishedForeign = {"x5c", "x5t", "x5t#S256", "x5u"};

struct History {
  const char* member;
  std::optional<TimePoint> ManagedKey::*time;
};
constexpr std::array<History, 4> kHistory = {{{"oidcop_published_at", &ManagedKey::published_at},
                                              {"oidcop_activated_at", &ManagedKey::activated_at},
                                              {"oidcop_retired_at", &ManagedKey::retired_at},
                                              {"oidcop_archived_at", &ManagedKey::archived_at}}};

bool signs_as(const Jwk& key, Algorithm algorithm);
Result<ManagedKey> parse_entry(const Json& entry);
Result<Jwk> own_key(const Json& entry, KeyState state);
std::shared_ptr<const Json> foreign_members(const Json& entry);
Result<Json> private_entry(const ManagedKey& managed);
Json published_entry(const ManagedKey& managed);
std::vector<const ManagedKey*> for_publication(const std::vector<ManagedKey>& keys);

}  // namespace

std::string_view key_state_name(KeyState state) {
  return kStateNames[static_cast<std::size_t>(state)];
}

Result<KeyState> parse_key_state(std::string_view name) {
  const auto* found = std::find(kStateNames.begin(), kStateNames.end(), name);
  if (found == kStateNames.end()) return fail(Errc::malformed, "\"oidcop_state\" is no state of a key");
  return static_cast<KeyState>(found - kStateNames.begin());
}

std::optional<TimePoint> ManagedKey::since() const {
  switch (state) {
    case KeyState::next:
      return published_at;
    case KeyState::active:
      return activated_at;
    case KeyState::retired:
      return retired_at;
    case KeyState::archived:
      return archived_at;
  }
  return std::nullopt;
}

SigningKeys::SigningKeys(std::vector<ManagedKey> keys) : keys_(std::move(keys)) {
  auto list = Json::array();
  for (const auto* managed : for_publication(keys_)) {
    list.push_back(published_entry(*managed));
    if (auto half = managed->key.public_key()) published_.add(std::move(*half));
  }
  auto set = Json::object();
  set["keys"] = std::move(list);
  published_text_ = dump_json(set);
  for (const auto& managed : keys_) {
    if (auto half = managed.key.public_key()) verification_.add(std::move(*half));
    const bool decrypts = managed.key.labels().use == "enc" && managed.state != KeyState::archived;
    if (decrypts) decryption_.add(managed.key);
  }
}

Result<SigningKeys> SigningKeys::parse(const Secret& text) {
  const auto set = parse_json(text.reveal());
  if (!set) return fail(set.error());
  const Json* list = json_member(*set, "keys");
  if (list == nullptr || !list->is_array()) return fail(Errc::malformed, "the JWK Set has no array \"keys\"");
  std::vector<ManagedKey> keys;
  for (const auto& entry : *list) {
    auto managed = parse_entry(entry);
    if (!managed) {
      managed.error().detail.insert(0, "key " + std::to_string(keys.size() + 1) + ": ");
      return fail(std::move(managed).error());
    }
    for (const auto& other : keys) {
      if (other.key.kid() == managed->key.kid()) return fail(Errc::refused, "two keys have the same kid");
    }
    keys.push_back(std::move(*managed));
  }
  return SigningKeys(std::move(keys));
}

Result<Secret> SigningKeys::dump_private() const {
  auto list = Json::array();
  for (const auto& managed : keys_) {
    auto entry = private_entry(managed);
    if (!entry) return fail(std::move(entry).error());
    list.push_back(std::move(*entry));
  }
  auto set = Json::object();
  set["keys"] = std::move(list);
  return Secret(dump_json_pretty(set) + '\n');
}

const Jwk* SigningKeys::signing_key(Algorithm algorithm) const {
  // Ed25519 before Ed448, where the name leaves it open: "EdDSA" means no more than that to many libraries.
  // An unknown time counts as the earliest; of equals the first in the file signs.
  const auto rank = [](const ManagedKey& managed) {
    return std::pair(managed.key.curve() == Curve::ed25519, managed.activated_at);
  };
  const ManagedKey* best = nullptr;
  for (const auto& managed : keys_) {
    if (managed.state != KeyState::active || !signs_as(managed.key, algorithm)) continue;
    if (best == nullptr || rank(*best) < rank(managed)) best = &managed;
  }
  return best == nullptr ? nullptr : &best->key;
}

std::vector<Algorithm> SigningKeys::algorithms() const {
  auto all = AlgorithmSet::asymmetric().list();
  const auto cannot = [this](Algorithm algorithm) { return signing_key(algorithm) == nullptr; };
  all.erase(std::remove_if(all.begin(), all.end(), cannot), all.end());
  return all;
}

Json describe(const SigningKeys& keys, const KeyTimes& times) {
  auto list = Json::array();
  for (const auto& managed : keys.keys()) {
    auto row = Json::object();
    const auto& key = managed.key;
    row["kid"] = key.kid();
    row["type"] = std::string(key_type_name(key.type()));
    row["size"] =
        key.type() == KeyType::rsa ? std::to_string(key.bits()) : std::string(curve_name(key.curve()));
    row["alg"] = key.labels().alg;
    row["state"] = std::string(key_state_name(managed.state));
    for (const auto& [member, time] : kHistory) {
      if (managed.*time) row[std::string_view(member).substr(7)] = to_unix(*(managed.*time));
    }
    if (managed.state == KeyState::next && managed.published_at) {
      row["may_sign_at"] = to_unix(*managed.published_at + times.before_signing());
    }
    if (managed.state == KeyState::retired && managed.retired_at) {
      row["published_until"] = to_unix(*managed.retired_at + times.after_signing());
    }
    list.push_back(std::move(row));
  }
  return list;
}

namespace {

/// A key is published with its "alg", and libraries compare that with the header by the letter. So we sign
/// under no other name, although "EdDSA" and "Ed25519" mean the same.
bool signs_as(const Jwk& key, Algorithm algorithm) {
  const auto& alg = key.labels().alg;
  return key.can_sign(algorithm) && (alg.empty() || alg == algorithm_name(algorithm));
}

Result<ManagedKey> parse_entry(const Json& entry) {
  auto state_name = json_text(entry, "oidcop_state");
  if (!state_name) return fail(std::move(state_name).error());
  auto state = parse_key_state(state_name->value_or("active"));
  if (!state) return fail(std::move(state).error());
  auto key = own_key(entry, *state);
  if (!key) return fail(std::move(key).error());
  ManagedKey managed{.key = std::move(*key), .state = *state};
  for (const auto& [member, time] : kHistory) {
    auto seconds = json_integer(entry, member);
    if (!seconds) return fail(std::move(seconds).error());
    if (*seconds) managed.*time = from_unix(**seconds);
  }
  managed.foreign = foreign_members(entry);
  return managed;
}

Result<Jwk> own_key(const Json& entry, KeyState state) {
  auto key = Jwk::parse(entry);
  if (!key) return key;
  if (key->type() == KeyType::oct) {
    return fail(Errc::refused, "a symmetric key does not belong to the provider's signing keys");
  }
  if (!key->is_private() && state != KeyState::archived)
    return fail(Errc::refused, "the key has no private half");
  if (!key->kid().empty()) return key;
  auto labels = key->labels();  // relying parties tell our keys apart by kid
  labels.kid = key->thumbprint();
  return key->with_labels(std::move(labels));
}

std::shared_ptr<const Json> foreign_members(const Json& entry) {
  auto foreign = Json::object();
  for (const auto& [name, value] : entry.items()) {
    const bool known = std::find(kKeyMembers.begin(), kKeyMembers.end(), name) != kKeyMembers.end();
    if (!known && !name.starts_with("oidcop_")) foreign[name] = value;
  }
  return foreign.empty() ? nullptr : std::make_shared<const Json>(std::move(foreign));
}

Result<Json> private_entry(const ManagedKey& managed) {
  auto entry = managed.state == KeyState::archived ? managed.key.public_json() : managed.key.private_json();
  if (!entry) return entry;
  if (managed.foreign) entry->update(*managed.foreign);
  (*entry)["oidcop_state"] = std::string(key_state_name(managed.state));
  for (const auto& [member, time] : kHistory) {
    if (managed.*time) (*entry)[member] = to_unix(*(managed.*time));
  }
  return entry;
}

Json published_entry(const ManagedKey& managed) {
  auto entry = managed.key.public_json().value_or(Json::object());
  if (!managed.foreign) return entry;
  for (const auto* name : kPublishedForeign) {
    if (managed.foreign->contains(name)) entry[name] = managed.foreign->at(name);
  }
  return entry;
}

/// Active keys first: some relying parties only look at the first one.
std::vector<const ManagedKey*> for_publication(const std::vector<ManagedKey>& keys) {
  std::vector<const ManagedKey*> list;
  for (auto state : {KeyState::active, KeyState::next, KeyState::retired}) {
    for (const auto& managed : keys) {
      const bool no_more = state == KeyState::retired && managed.key.labels().use == "enc";
      if (managed.state == state && !no_more) list.push_back(&managed);
    }
  }
  return list;
}

}  // namespace

}  // namespace oidcop::jose
