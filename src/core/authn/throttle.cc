#include "authn/throttle.h"

#include "base/network_prefix.h"
#include "jose/keyed_hash.h"

#include <algorithm>
#include <string>

namespace oidcop::authn {
namespace {

/// One account has one bucket, however its name is spelt; the rest of the name counts exactly.
std::string folded(std::string_view account) {
  std::string name(account);
  std::transform(name.begin(), name.end(), name.begin(),
                 [](char c) { return (c >= 'A' && c <= 'Z') ? static_cast<char>(c - 'A' + 'a') : c; });
  return name;
}

}  // namespace

Digest Throttle::device_key(std::string_view account, const Digest& device) const {
  return pepper_.digest("known_device", {folded(account), device.octets()});
}

Result<Reservation> Throttle::reserve(const AttemptOrigin& origin, TimePoint now) {
  const auto account = folded(origin.account);
  Reservation reservation;
  if (origin.device) {
    const auto is_known = store_.is_known_device(device_key(account, *origin.device), now);
    if (!is_known) return fail(is_known.error());
    if (*is_known) {
      reservation.buckets = {{pepper_.digest("throttle.known_device", {account, origin.device->octets()}),
                              policy_.known_device_attempts, policy_.window}};
    }
  }
  if (reservation.buckets.empty()) {
    reservation.buckets = {
        {pepper_.digest("throttle.account", {account}), policy_.unknown_device_attempts, policy_.window},
        {pepper_.digest("throttle.network", {network_prefix(origin.remote_address)}),
         policy_.network_attempts, policy_.window}};
  }
  auto refused_until = store_.reserve_attempt(reservation.buckets, now);
  if (!refused_until) return fail(refused_until.error());
  reservation.refused_until = *refused_until;
  return reservation;
}

Result<void> Throttle::refund(const Reservation& reservation, TimePoint now) {
  return store_.refund_attempt(reservation.buckets, now);
}

}  // namespace oidcop::authn
