#pragma once

#include "base/digest.h"
#include "model/id.h"
#include "model/scope.h"

#include <oidcop/time.h>

#include <optional>
#include <string>
#include <vector>

namespace oidcop::model {

/// An access token that a client has for itself (RFC 6749, 4.4): no person and no session stands above it.
struct ClientToken {
  Digest digest;
  ClientId client;
  ScopeSet scope;
  std::vector<std::string> audience;  ///< resources that it was asked for; empty: the usual audience
  TimePoint issued_at{};
  TimePoint expires_at{};
  std::optional<TimePoint> revoked_at;
  bool client_enabled = true;  ///< as it is read; not kept with the token

  bool is_active(TimePoint now) const { return !revoked_at && client_enabled && now < expires_at; }
};

}  // namespace oidcop::model
