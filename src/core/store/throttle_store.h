#pragma once

#include "base/digest.h"

#include <oidcop/result.h>
#include <oidcop/time.h>

#include <optional>
#include <vector>

namespace oidcop::store {

/// A counter of attempts: keyed by a keyed digest, so that the table names nobody.
struct ThrottleBucket {
  Digest key;
  int limit = 0;     ///< attempts within the window
  Seconds window{};  ///< counted from the first attempt in it
};

/// Attempts at passwords and the like. The table is bounded; the oldest windows leave first. A window that a
/// clock ahead of its time left behind locks nobody out.
class ThrottleStore {
 public:
  virtual ~ThrottleStore() = default;
  /// Counts one attempt in every bucket, or in none when one of them is full; in one atomic step.
  /// \return nothing when allowed, else the moment from which on it is worth trying again.
  /// Errors: unavailable.
  virtual Result<std::optional<TimePoint>> reserve_attempt(const std::vector<ThrottleBucket>& buckets,
                                                           TimePoint now) = 0;
  /// Gives one attempt back (the password was right). Errors: unavailable.
  virtual Result<void> refund_attempt(const std::vector<ThrottleBucket>& buckets, TimePoint now) = 0;
  /// Whether this device was remembered for an account (see SignIn::known_device).
  virtual Result<bool> is_known_device(const Digest& device, TimePoint now) = 0;
};

}  // namespace oidcop::store
