#pragma once

#include "client/authentication/client_authentication_policy.h"
#include "store/throttle_store.h"

#include <oidcop/protocol_error.h>
#include <oidcop/time.h>

#include <string_view>
#include <vector>

namespace oidcop::jose {
class Pepper;
}

namespace oidcop::client {

/// Counts wrong secrets that are short enough to be guessed (OWASP ASVS 2.2.1), per client and network and
/// per network alone: a stranger far away cannot lock a client out. Strong secrets are not counted.
/// References outlive it.
class SecretAttempts {
 public:
  SecretAttempts(store::ThrottleStore& store, const jose::Pepper& pepper,
                 const ClientAuthenticationPolicy& policy)
      : store_(store), pepper_(pepper), policy_(policy) {}

  /// Counts one attempt. Errors: 429 with Retry-After; 503 when the store is not available.
  Verdict reserve(std::string_view client_id, std::string_view remote_address, TimePoint now) const;
  /// The secret was right.
  Verdict refund(std::string_view client_id, std::string_view remote_address, TimePoint now) const;

 private:
  std::vector<store::ThrottleBucket> buckets(std::string_view client_id,
                                             std::string_view remote_address) const;

  store::ThrottleStore& store_;
  const jose::Pepper& pepper_;
  const ClientAuthenticationPolicy& policy_;
};

}  // namespace oidcop::client
