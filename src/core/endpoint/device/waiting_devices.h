#pragma once

#include "base/log.h"
#include "claims/scope_claims.h"
#include "endpoint/request_scope.h"
#include "jose/keyed_hash.h"
#include "store/client_store.h"
#include "store/device_code_store.h"
#include "store/throttle_store.h"
#include "token/user_code.h"

#include <oidcop/protocol_error.h>

#include <optional>
#include <string>

namespace oidcop::endpoint {

/// A device that waits for an answer, with its request checked anew.
struct WaitingDevice {
  token::UserCode code;
  store::DeviceAuthorization stored;
  model::SharedClient client;  ///< never null; enabled
  model::ScopeSet scope;       ///< of what was asked for, what the client may still have; never empty
};

/// What came of a code that was typed.
struct TypedCode {
  std::optional<WaitingDevice> device;     ///< nothing: there is none with this code
  std::optional<TimePoint> refused_until;  ///< too many wrong ones; until then none is looked at
};

/// Finds devices by the code a person has. Codes are short, so that wrong ones are counted: per person, or
/// per network where nobody is signed in (RFC 8628, 5.1). Ten in ten minutes, of 20^8 codes of which each
/// counts for minutes: while a thousand devices wait, a network that tries all the time finds one in some
/// fifty years. References outlive it; thread-safe.
class WaitingDevices {
 public:
  struct Parts {
    store::DeviceCodeStore& devices;
    store::ClientStore& clients;
    store::ThrottleStore& throttle;
    const claims::ScopeClaims& scopes;
    const jose::Pepper& pepper;
    Log& log;
  };
  explicit WaitingDevices(const Parts& parts) : parts_(parts) {}

  /// By a code that was found before. Nothing when it is over, answered, or its client may not go on. Errors:
  /// the store's.
  Result<std::optional<WaitingDevice>, ProtocolError> find(const token::UserCode& code, TimePoint now) const;
  /// By a code as it was typed. \param person  who is signed in. Errors: as above.
  Result<TypedCode, ProtocolError> find_typed(const std::string& typed,
                                              const std::optional<model::UserId>& person,
                                              const RequestScope& scope) const;

 private:
  store::ThrottleBucket bucket_of(const std::optional<model::UserId>& person,
                                  const RequestScope& scope) const;
  Parts parts_;
};

}  // namespace oidcop::endpoint
