#pragma once

#include "model/id.h"

#include <oidcop/time.h>

#include <string>

namespace oidcop::model {

/// That a client is to be told of the end of a session at it (OpenID Connect Back-Channel Logout 1.0). There
/// is one for each client session; the token is made when it is delivered.
struct LogoutNotice {
  std::string sid;  ///< of the client session
  ClientId client;
  std::string subject;
  TimePoint created_at{};  ///< when the session ended
  int attempts = 0;        ///< that came to nothing
};

}  // namespace oidcop::model
