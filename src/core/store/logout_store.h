#pragma once

#include "model/logout_notice.h"

#include <oidcop/result.h>
#include <oidcop/time.h>

#include <string>
#include <vector>

namespace oidcop::store {

/// Notices to take for delivery.
struct LeaseNotices {
  TimePoint now{};
  TimePoint until{};  ///< when they are due again, unless they were settled
  int clients = 0;    ///< at most
  int of_each = 0;    ///< at most
};

/// A delivery that came to nothing. All that the client is to be told waits until then, so that a dead one
/// costs one attempt each time, however many people signed out.
struct PostponeNotices {
  model::ClientId client;
  std::string sid;  ///< the one that was tried
  TimePoint until{};
};

/// Whom to tell of sessions that ended. Whatever ends a session puts a notice for each of its client sessions
/// whose client registered a backchannel_logout_uri, in the same step; so none is lost.
class LogoutStore {
 public:
  virtual ~LogoutStore() = default;
  /// What is due, by client, the longest waiting client first and each one's in the order of their ends.
  /// Clients of which something is under lease are left out: nobody is told two things at once. A notice
  /// whose lease ran out is due again. Writes only when there is something. Errors: unavailable.
  virtual Result<std::vector<std::vector<model::LogoutNotice>>> lease_logout_notices(
      const LeaseNotices& command) = 0;
  /// It was delivered, or given up. No error when it is gone. Errors: unavailable.
  virtual Result<void> remove_logout_notice(const std::string& sid) = 0;
  /// Counts the attempt. Leases of the client's notices end. Errors: unavailable.
  virtual Result<void> commit(const PostponeNotices& command) = 0;
  /// Gives back what was leased and not tried. Errors: unavailable.
  virtual Result<void> release_logout_notices(const std::vector<std::string>& sids, TimePoint now) = 0;
};

}  // namespace oidcop::store
