#pragma once

#include "base/digest.h"
#include "model/id.h"

#include <oidcop/message.h>
#include <oidcop/result.h>
#include <oidcop/time.h>

namespace oidcop::store {

/// An authorization request that a client left here before it sent the person (RFC 9126).
struct PushedRequest {
  Digest uri;  ///< of the request_uri, which only the client knows
  model::ClientId client;
  Message request;         ///< verified then; to be verified anew when it comes back
  bool is_signed = false;  ///< came in a signed request object
  TimePoint created_at{};
  TimePoint expires_at{};  ///< may be opened until then
  TimePoint kept_until{};  ///< and finished until then, by whoever opened it in time
  bool used = false;       ///< something was issued for it
};

/// Requests that were pushed. They are marked as used by the command that issues something for them
/// (Authorize).
class PushedRequestStore {
 public:
  virtual ~PushedRequestStore() = default;
  /// Errors: conflict (the URI is taken, or the client is gone); unavailable.
  virtual Result<void> put_pushed_request(const PushedRequest& request) = 0;
  /// The request, whatever its state. Never writes. Errors: not_found; unavailable.
  virtual Result<PushedRequest> find_pushed_request(const Digest& uri) = 0;
};

}  // namespace oidcop::store
