#pragma once

#include "endpoint/request_scope.h"
#include "jose/keyed_hash.h"
#include "store/throttle_store.h"

#include <oidcop/protocol_error.h>

#include <string_view>

namespace oidcop::endpoint {

/// How much may be left here in the name of a client that has no secret, since that is anybody: so many rows
/// per minute, client and network. References outlive it; thread-safe.
class AnonymousQuota {
 public:
  /// \param purpose  what is counted, apart from everything else
  AnonymousQuota(store::ThrottleStore& throttle, const jose::Pepper& pepper, std::string_view purpose)
      : throttle_(throttle), pepper_(pepper), purpose_(purpose) {}

  /// Counts one more of the scope's client. Errors: temporarily_unavailable with status 429 (RFC 9126, 2.3).
  Verdict check(const RequestScope& scope) const;

 private:
  store::ThrottleStore& throttle_;
  const jose::Pepper& pepper_;
  std::string_view purpose_;
};

}  // namespace oidcop::endpoint
