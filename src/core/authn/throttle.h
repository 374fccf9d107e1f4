#pragma once

#include "base/digest.h"
#include "store/session_store.h"
#include "store/throttle_store.h"

#include <oidcop/result.h>
#include <oidcop/time.h>

#include <optional>
#include <string_view>
#include <vector>

namespace oidcop::jose {
class Pepper;
}

namespace oidcop::authn {

/// How many failed attempts within the window close a bucket, each bucket on its own.
struct ThrottlePolicy {
  Seconds window{900};
  int known_device_attempts = 10;    ///< per account and remembered browser
  int unknown_device_attempts = 10;  ///< per account, all other browsers together
  int network_attempts = 100;        ///< per network (/24, /48), all accounts together, unknown browsers only
};

/// Who tries. Views live as long as the call.
struct AttemptOrigin {
  std::string_view account;      ///< the user name as typed
  std::optional<Digest> device;  ///< digest of the browser's own cookie; nothing when it sent none
  std::string_view remote_address;
};

/// An attempt that was counted, or the moment from which on it is worth trying again.
struct Reservation {
  std::optional<TimePoint> refused_until;
  std::vector<store::ThrottleBucket> buckets;  ///< counted; to be refunded when the attempt was right
};

/// Counts password attempts before they cost anything (OWASP ASVS 2.2.1).
///
/// A browser that proved the account's password before has a bucket of its own, so that nobody else's
/// guessing locks the owner out; all others share one bucket per account and one per network. Upper and lower
/// case of a name count as one account. Keys are keyed digests: the table names nobody. Thread-safe;
/// references outlive it.
class Throttle {
 public:
  Throttle(store::ThrottleStore& store, const jose::Pepper& pepper, ThrottlePolicy policy)
      : store_(store), pepper_(pepper), policy_(policy) {}

  /// Counts one attempt, or says until when none is accepted. Errors: unavailable.
  Result<Reservation> reserve(const AttemptOrigin& origin, TimePoint now);
  /// Gives a counted attempt back when nothing was tried. Errors: unavailable.
  Result<void> refund(const Reservation& reservation, TimePoint now);
  /// How the store remembers that this browser proved this account's password.
  Digest device_key(std::string_view account, const Digest& device) const;

 private:
  store::ThrottleStore& store_;
  const jose::Pepper& pepper_;
  ThrottlePolicy policy_;
};

}  // namespace oidcop::authn
