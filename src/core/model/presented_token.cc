#include "model/presented_token.h"

namespace oidcop::model {
namespace {

bool is_cut_off(const PresentedToken& presented) {
  const auto& [token, grant, client_session, user_session_ended_at, user, client_enabled] = presented;
  if (token.revoked_at || grant.revoked_at || client_session.ended_at) return true;
  if (user_session_ended_at && !grant.offline) return true;
  return !user.enabled || !client_enabled;
}

}  // namespace

TokenState state_of(const PresentedToken& presented, TimePoint now) {
  const auto& token = presented.token;
  if (is_cut_off(presented)) return TokenState::revoked;
  // Before "expired": a spent code that comes back late is still a replay (RFC 6749, 4.1.2).
  if (token.max_usage > 0 && token.used >= token.max_usage) return TokenState::used_up;
  if (now >= token.expires_at || now >= presented.grant.expires_at) return TokenState::expired;
  return TokenState::active;
}

}  // namespace oidcop::model
