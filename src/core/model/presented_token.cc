#include "model/presented_token.h"

namespace oidcop::model {
namespace {

bool is_cut_off(const TokenStanding& standing) {
  if (standing.token_revoked_at || standing.grant_revoked_at || standing.client_session_ended_at) return true;
  if (standing.user_session_ended_at && !standing.offline) return true;
  return !standing.user_enabled || !standing.client_enabled;
}

}  // namespace

TokenStanding standing_of(const PresentedToken& presented) {
  const auto& [token, grant, client_session, user_session_ended_at, user, client_enabled] = presented;
  return {.token_expires_at = token.expires_at,
          .grant_expires_at = grant.expires_at,
          .max_usage = token.max_usage,
          .used = token.used,
          .token_revoked_at = token.revoked_at,
          .grant_revoked_at = grant.revoked_at,
          .client_session_ended_at = client_session.ended_at,
          .user_session_ended_at = user_session_ended_at,
          .offline = grant.offline,
          .user_enabled = user.enabled,
          .client_enabled = client_enabled};
}

TokenState state_of(const TokenStanding& standing, TimePoint now) {
  if (is_cut_off(standing)) return TokenState::revoked;
  // Before "expired": a spent code that comes back late is still a replay (RFC 6749, 4.1.2).
  if (standing.max_usage > 0 && standing.used >= standing.max_usage) return TokenState::used_up;
  if (now >= standing.token_expires_at || now >= standing.grant_expires_at) return TokenState::expired;
  return TokenState::active;
}

TokenState state_of(const PresentedToken& presented, TimePoint now) {
  return state_of(standing_of(presented), now);
}

}  // namespace oidcop::model
