#pragma once

#include "model/session.h"
#include "model/user.h"

#include <oidcop/time.h>

#include <optional>

namespace oidcop::model {

/// A stored token with everything above it, read in one step.
struct PresentedToken {
  TokenRecord token;
  Grant grant;
  ClientSession client_session;
  std::optional<TimePoint> user_session_ended_at;
  User user;
  bool client_enabled = true;
};

/// Of a stored token and everything above it, no more than what decides whether it is worth something.
struct TokenStanding {
  TimePoint token_expires_at{};
  TimePoint grant_expires_at{};
  int max_usage = 0;
  int used = 0;
  std::optional<TimePoint> token_revoked_at, grant_revoked_at, client_session_ended_at, user_session_ended_at;
  bool offline = false;
  bool user_enabled = true;
  bool client_enabled = true;
};

TokenStanding standing_of(const PresentedToken& presented);

/// Why a presented token is worth nothing, or that it is worth something.
enum class TokenState : std::uint8_t { active, expired, used_up, revoked };

/// The one answer to "is this active" of the whole provider: the token AND its grant AND the client session
/// AND the user session (unless the grant is offline) AND the user AND the client. Where several reasons
/// hold, the weightiest is told: revoked, then used_up, then expired. A moment equal to the end is past it.
TokenState state_of(const TokenStanding& standing, TimePoint now);
TokenState state_of(const PresentedToken& presented, TimePoint now);

}  // namespace oidcop::model
