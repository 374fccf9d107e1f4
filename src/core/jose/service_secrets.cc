#include "jose/service_secrets.h"

#include "base/file.h"
#include "base/system_clock.h"
#include "jose/key_material.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace oidcop::jose {

namespace {

constexpr std::size_t kMasterOctets = 32;
constexpr std::array<std::string_view, 4> kPurposeNames = {"seal", "pepper", "data", "pairwise"};
constexpr std::array<SecretPurpose, 4> kPurposes = {SecretPurpose::seal, SecretPurpose::pepper,
                                                    SecretPurpose::data, SecretPurpose::pairwise};

Result<MasterSecret> parse_master(const Json& entry);
Result<SecretPurpose> parse_purpose(const std::optional<std::string>& name);
Result<void> check_complete(const std::vector<MasterSecret>& masters);
MasterId id_of(std::string_view kid);
Result<void> store(const std::filesystem::path& path, const ServiceSecrets& secrets);

}  // namespace

std::string_view secret_purpose_name(SecretPurpose purpose) {
  return kPurposeNames[static_cast<std::size_t>(purpose)];
}

Result<MasterSecret> make_master(Random& random, SecretPurpose purpose, KeyState state, TimePoint now) {
  auto key = generate_octets(random, kMasterOctets, {});
  if (!key) return fail(std::move(key).error());
  MasterSecret master{
      .purpose = purpose, .kid = key->kid(), .octets = key->material().octets, .state = state};
  master.id = id_of(master.kid);
  master.created_at = now;
  return master;
}

MasterRing::MasterRing(SecretPurpose purpose, std::vector<MasterSecret> masters)
    : purpose_(purpose), masters_(std::move(masters)) {
  std::stable_partition(masters_.begin(), masters_.end(),
                        [](const MasterSecret& master) { return master.state == KeyState::active; });
}

const MasterSecret* MasterRing::find(const MasterId& id) const {
  const auto found = std::find_if(masters_.begin(), masters_.end(),
                                  [&id](const MasterSecret& master) { return master.id == id; });
  return found == masters_.end() ? nullptr : &*found;
}

Result<ServiceSecrets> ServiceSecrets::create(Random& random, TimePoint now) {
  std::vector<MasterSecret> masters;
  for (auto purpose : kPurposes) {
    auto master = make_master(random, purpose, KeyState::active, now);
    if (!master) return fail(std::move(master).error());
    masters.push_back(std::move(*master));
  }
  return ServiceSecrets(std::move(masters));
}

Result<ServiceSecrets> ServiceSecrets::parse(const Secret& text) {
  const auto set = parse_json(text.reveal());
  if (!set) return fail(set.error());
  const Json* list = json_member(*set, "keys");
  if (list == nullptr || !list->is_array()) return fail(Errc::malformed, "the JWK Set has no array \"keys\"");
  std::vector<MasterSecret> masters;
  for (const auto& entry : *list) {
    auto master = parse_master(entry);
    if (!master) {
      master.error().detail.insert(0, "secret " + std::to_string(masters.size() + 1) + ": ");
      return fail(std::move(master).error());
    }
    masters.push_back(std::move(*master));
  }
  if (auto complete = check_complete(masters); !complete) return fail(std::move(complete).error());
  return ServiceSecrets(std::move(masters));
}

Secret ServiceSecrets::dump() const {
  auto list = Json::array();
  for (const auto& master : masters_) {
    const auto key = Jwk::from_octets(master.octets, {.kid = master.kid});
    auto entry = key ? key->private_json().value_or(Json::object()) : Json::object();
    entry["oidcop_purpose"] = std::string(secret_purpose_name(master.purpose));
    entry["oidcop_state"] = std::string(key_state_name(master.state));
    if (master.created_at) entry["oidcop_created_at"] = to_unix(*master.created_at);
    if (master.retired_at) entry["oidcop_retired_at"] = to_unix(*master.retired_at);
    list.push_back(std::move(entry));
  }
  auto set = Json::object();
  set["keys"] = std::move(list);
  return Secret(dump_json_pretty(set) + '\n');
}

MasterRing ServiceSecrets::ring(SecretPurpose purpose) const {
  std::vector<MasterSecret> masters;
  std::copy_if(masters_.begin(), masters_.end(), std::back_inserter(masters),
               [purpose](const MasterSecret& master) { return master.purpose == purpose; });
  return {purpose, std::move(masters)};
}

Result<ServiceSecrets> load_service_secrets(const std::filesystem::path& path) {
  const auto text = read_private_file(path);
  if (!text) return fail(text.error());
  auto secrets = ServiceSecrets::parse(*text);
  if (!secrets) secrets.error().detail.insert(0, path.string() + ": ");
  return secrets;
}

Result<ServiceSecrets> create_service_secrets(const std::filesystem::path& path, Random& random,
                                              TimePoint now) {
  const auto lock = FileLock::acquire(path);
  if (!lock) return fail(lock.error());
  auto present = load_service_secrets(path);
  if (present || present.error().code != Errc::not_found) return present;
  auto secrets = ServiceSecrets::create(random, now);
  if (!secrets) return secrets;
  if (auto stored = store(path, *secrets); !stored) return fail(std::move(stored).error());
  return secrets;
}

Result<ServiceSecrets> rotate_service_secret(const std::filesystem::path& path, Random& random,
                                             const SecretRotationOrder& order) {
  const auto lock = FileLock::acquire(path);
  if (!lock) return fail(lock.error());
  const auto present = load_service_secrets(path);
  if (!present) return present;
  auto secrets = rotate_secret(*present, random, order);
  if (!secrets) return secrets;
  if (auto stored = store(path, *secrets); !stored) return fail(std::move(stored).error());
  return secrets;
}

namespace {

Result<MasterSecret> parse_master(const Json& entry) {
  const auto key = Jwk::parse(entry);
  if (!key) return fail(key.error());
  if (key->type() != KeyType::oct || key->bits() != static_cast<int>(kMasterOctets * 8) ||
      key->kid().empty()) {
    return fail(Errc::refused, "a secret of the service is an oct key of 32 octets with a kid");
  }
  auto name = json_text(entry, "oidcop_purpose");
  if (!name) return fail(std::move(name).error());
  const auto purpose = parse_purpose(*name);
  if (!purpose) return fail(purpose.error());
  auto state_name = json_text(entry, "oidcop_state");
  if (!state_name) return fail(std::move(state_name).error());
  const auto state = parse_key_state(state_name->value_or("active"));
  if (!state) return fail(state.error());
  if (*state == KeyState::archived) return fail(Errc::refused, "a secret is next, active or retired");
  MasterSecret master{
      .purpose = *purpose, .kid = key->kid(), .octets = key->material().octets, .state = *state};
  master.id = id_of(master.kid);
  const auto created = json_integer(entry, "oidcop_created_at");
  if (!created) return fail(created.error());
  if (*created) master.created_at = from_unix(**created);
  const auto retired = json_integer(entry, "oidcop_retired_at");
  if (!retired) return fail(retired.error());
  if (*retired) master.retired_at = from_unix(**retired);
  return master;
}

Result<SecretPurpose> parse_purpose(const std::optional<std::string>& name) {
  for (auto purpose : kPurposes) {
    if (name && *name == secret_purpose_name(purpose)) return purpose;
  }
  return fail(Errc::malformed, "\"oidcop_purpose\" is none of seal, pepper, data, pairwise");
}

Result<void> check_complete(const std::vector<MasterSecret>& masters) {
  for (auto purpose : kPurposes) {
    const auto active = std::count_if(masters.begin(), masters.end(), [purpose](const MasterSecret& master) {
      return master.purpose == purpose && master.state == KeyState::active;
    });
    if (active != 1) {
      return fail(Errc::refused, "there must be exactly one active secret for the purpose " +
                                     std::string(secret_purpose_name(purpose)));
    }
  }
  for (auto one = masters.begin(); one != masters.end(); ++one) {
    for (auto other = masters.begin(); other != one; ++other) {
      if (one->id == other->id) return fail(Errc::refused, "two secrets have the same kid");
      if (equal_in_constant_time(one->octets, other->octets)) {
        return fail(Errc::refused, "two secrets are the same; each purpose needs one of its own");
      }
    }
  }
  return {};
}

MasterId id_of(std::string_view kid) {
  MasterId id{};
  const auto digest = sha256(kid);
  std::copy_n(digest.bytes.begin(), id.size(), id.begin());
  return id;
}

Result<void> store(const std::filesystem::path& path, const ServiceSecrets& secrets) {
  return write_file_atomically(path, secrets.dump().reveal(), FileMode::secret);
}

}  // namespace

}  // namespace oidcop::jose
