#pragma once

#include "base/log.h"
#include "http/fetcher.h"
#include "logout/logout_token.h"
#include "store/client_store.h"
#include "store/logout_store.h"

#include <oidcop/result.h>
#include <oidcop/time.h>

#include <string>
#include <vector>

namespace oidcop::logout {

/// How much of what is due is done in one round.
struct DeliveryBounds {
  int clients = 4;     ///< told at the same time
  int of_each = 20;    ///< notices for one of them, one after the other
  Seconds starts{2};   ///< how long after the beginning of a round deliveries may begin
  Seconds longest{5};  ///< what one delivery may take (the fetcher's deadline)
};

struct DeliveryReport {
  int delivered = 0;
  int failed = 0;  ///< to be tried again
  int given_up = 0;

  int attempts() const { return delivered + failed + given_up; }
  DeliveryReport& operator+=(const DeliveryReport& other) {
    delivered += other.delivered;
    failed += other.failed;
    given_up += other.given_up;
    return *this;
  }
};

/// Tells relying parties that sessions have ended (OpenID Connect Back-Channel Logout 1.0, 2.5 and 2.8). What
/// is to be told waits in the store, so that nothing is lost when a process dies; what could not be delivered
/// is tried again, less and less often, for a day. Each client is told in a thread of its own, so that a slow
/// one delays nobody. Several processes may do this at once. Thread-safe; references outlive it.
class BackChannel {
 public:
  struct Parts {
    store::LogoutStore& notices;
    store::ClientStore& clients;
    const LogoutTokens& tokens;
    http::Fetcher& fetcher;
    const Clock& clock;
    Log& log;
  };
  explicit BackChannel(const Parts& parts) : parts_(parts) {}

  /// One round. Blocks for as long as the bounds say, not at all when nothing is due. Errors: unavailable
  /// (the store); what clients do is no error.
  Result<DeliveryReport> deliver(const DeliveryBounds& bounds) const;

 private:
  using Notices = std::vector<model::LogoutNotice>;
  enum class Outcome : std::uint8_t { delivered, failed, given_up };

  Result<DeliveryReport> deliver_to_one(const Notices& notices, TimePoint begin_before) const;
  Result<Outcome> deliver(const model::LogoutNotice& notice) const;
  Result<Outcome> try_again_later(const model::LogoutNotice& notice, const std::string& why) const;
  Result<void> send(const model::Client& client, const model::LogoutNotice& notice) const;

  Parts parts_;
};

}  // namespace oidcop::logout
