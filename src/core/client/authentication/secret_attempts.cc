#include "client/authentication/secret_attempts.h"

#include "base/network_prefix.h"
#include "jose/keyed_hash.h"

namespace oidcop::client {
namespace {

ProtocolError too_many_attempts(Seconds wait) {
  ProtocolError error;
  error.code = "temporarily_unavailable";
  error.description = "Too many attempts with a wrong client secret. Try again later.";
  error.detail = "client secret attempts are throttled";
  error.http_status = 429;
  error.retry_after = static_cast<int>(wait.count());
  return error;
}

}  // namespace

std::vector<store::ThrottleBucket> SecretAttempts::buckets(std::string_view client_id,
                                                           std::string_view remote_address) const {
  const auto network = network_prefix(remote_address);
  return {{pepper_.digest("throttle.client", {client_id, network}), policy_.slow_attempts,
           policy_.attempt_window},
          {pepper_.digest("throttle.client_network", {network}), policy_.network_attempts,
           policy_.attempt_window}};
}

Verdict SecretAttempts::reserve(std::string_view client_id, std::string_view remote_address,
                                TimePoint now) const {
  const auto refused_until = store_.reserve_attempt(buckets(client_id, remote_address), now);
  if (!refused_until) return fail(from_error(refused_until.error()));
  if (*refused_until) return fail(too_many_attempts(std::max(**refused_until - now, Seconds(1))));
  return {};
}

Verdict SecretAttempts::refund(std::string_view client_id, std::string_view remote_address,
                               TimePoint now) const {
  const auto refunded = store_.refund_attempt(buckets(client_id, remote_address), now);
  if (!refunded) return fail(from_error(refunded.error()));
  return {};
}

}  // namespace oidcop::client
