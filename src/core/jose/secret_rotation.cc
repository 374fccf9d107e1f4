#include "jose/service_secrets.h"

#include <algorithm>

namespace oidcop::jose {

namespace {

/// A seal opens until the end of the day after its own; a day more for clocks and late readers of the file.
constexpr Seconds kSealRetention{3 * 86400};

}  // namespace

/// The only one besides the reader who makes ServiceSecrets from masters.
struct SecretRotation {
  static ServiceSecrets make(std::vector<MasterSecret> masters) { return ServiceSecrets(std::move(masters)); }
};

Result<ServiceSecrets> rotate_secret(const ServiceSecrets& secrets, Random& random,
                                     const SecretRotationOrder& order) {
  if (order.purpose != SecretPurpose::seal && order.purpose != SecretPurpose::data) {
    return fail(Errc::refused, "the " + std::string(secret_purpose_name(order.purpose)) +
                                   " secret does not rotate: all that was made with it would be worthless");
  }
  auto masters = secrets.masters();
  const auto find = [&](KeyState state) {
    return std::find_if(masters.begin(), masters.end(), [&](const MasterSecret& master) {
      return master.purpose == order.purpose && master.state == state;
    });
  };
  const auto next = find(KeyState::next);
  if (next == masters.end()) {
    auto master = make_master(random, order.purpose, KeyState::next, order.now);
    if (!master) return fail(std::move(master).error());
    masters.push_back(std::move(*master));
  } else if (!next->created_at || *next->created_at + order.reload_interval <= order.now) {
    const auto active = find(KeyState::active);
    active->state = KeyState::retired;
    active->retired_at = order.now;
    next->state = KeyState::active;
  }
  masters.erase(std::remove_if(masters.begin(), masters.end(),
                               [&](const MasterSecret& master) {
                                 return master.purpose == SecretPurpose::seal &&
                                        master.state == KeyState::retired && master.retired_at &&
                                        *master.retired_at + kSealRetention <= order.now;
                               }),
                masters.end());
  return SecretRotation::make(std::move(masters));
}

ServiceSecrets forget_retired_data_masters(const ServiceSecrets& secrets) {
  auto masters = secrets.masters();
  masters.erase(std::remove_if(masters.begin(), masters.end(),
                               [](const MasterSecret& master) {
                                 return master.purpose == SecretPurpose::data &&
                                        master.state == KeyState::retired;
                               }),
                masters.end());
  return SecretRotation::make(std::move(masters));
}

}  // namespace oidcop::jose
