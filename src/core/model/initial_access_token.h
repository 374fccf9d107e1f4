#pragma once

#include "base/digest.h"

#include <oidcop/time.h>

#include <optional>
#include <string>

namespace oidcop::model {

/// A token with which clients register themselves (RFC 7591, 1.2). Given out by the administrator.
struct InitialAccessToken {
  std::string id;  ///< what it is called in lists and logs; no secret
  Digest digest;   ///< of the token, which only its holder knows
  std::string note;
  TimePoint created_at{};
  TimePoint expires_at{};
  int max_uses = 1;  ///< how many clients may be registered with it
  int uses = 0;      ///< how many were
  std::optional<TimePoint> revoked_at;

  bool is_usable(TimePoint now) const { return !revoked_at && now < expires_at && uses < max_uses; }
};

}  // namespace oidcop::model
