#pragma once

#include "model/session.h"
#include "model/user.h"
#include "store/throttle_store.h"

#include <oidcop/result.h>

#include <optional>
#include <string>
#include <vector>

namespace oidcop::store {

/// A device that proved the account's password, under a keyed digest of account and browser cookie.
struct KnownDevice {
  Digest key;
  TimePoint expires_at{};
};

/// A person logged in. The browser's session, if it had one, is over when it belonged to somebody else; the
/// same person keeps theirs (its client sessions with it) under a new cookie and with the new event.
struct SignIn {
  model::UserSession session;  ///< the session to create; its created_at is the moment of the sign-in
  /// The session the browser brought along. Same user and still active: its row takes over cookie, event and
  /// idle end from `session` and keeps id, creation and absolute end. Else it ends.
  std::optional<model::SessionId> replaces;
  std::optional<KnownDevice> known_device;
  std::vector<ThrottleBucket> refunds;
  /// The user's stored hash that the password was verified against; the sign-in counts only while it is still
  /// theirs. Nothing when no password took part.
  std::optional<std::string> verified_hash{};
};

/// One authorization: the client session (made, or the one that stands), the grant, the code, and the
/// consent, in one step, on condition that the user session is still active.
struct Authorize {
  model::SessionId user_session;
  model::ClientSession client_session;  ///< used when (user_session, client) has none that is active
  /// The client session's `sid` is in an ID Token that goes out with this: then no other may stand.
  bool client_session_is_told = false;
  model::Grant grant;                      ///< its client_session is filled in by the store
  std::vector<model::TokenRecord> tokens;  ///< the code; or what a flow without one issues
  std::optional<model::Consent> consent;   ///< replaces the remembered one
  std::optional<Digest> pushed_request;    ///< it was made for; is used by this
  std::optional<Digest> device;  ///< user code of the device that it was made for; is allowed by this
  TimePoint now{};
  /// The session's new idle end. What is kept may lag behind by a sixtieth of the time from now, and by a
  /// minute at most, so that a session in use is not written each time; it is never later.
  TimePoint idle_expires_at{};
};

enum class AuthorizeOutcome : std::uint8_t {
  issued,
  session_ended,
  other_client_session,  ///< it was told, and another one stands; nothing was written
  request_used,          ///< the pushed request was used before, or is gone; nothing was written
  device_decided,        ///< about the device was decided before, or it waits no longer; nothing was written
};

/// A user session with its user, read in one step.
struct LiveSession {
  model::UserSession session;
  model::User user;
};

/// Sessions, grants and consents.
class SessionStore {
 public:
  virtual ~SessionStore() = default;
  /// The session of this cookie, whatever its state; the caller asks is_active and user.enabled.
  /// Errors: not_found; unavailable.
  virtual Result<LiveSession> find_session(const Digest& cookie) = 0;
  /// \return the id of the session that stands. Errors: conflict (the user is gone, disabled or has another
  /// password hash by now; an id or cookie is taken), unavailable.
  virtual Result<model::SessionId> commit(const SignIn& command) = 0;
  /// The one client session of these two that is not over. Never writes. Errors: not_found; unavailable.
  virtual Result<model::ClientSession> find_client_session(const model::SessionId& user_session,
                                                           const model::ClientId& client) = 0;
  /// `session_ended`: there is no such session, it is over or idle too long, or its user is disabled; nothing
  /// was written. Tokens hang on the grant of the command, whatever they say. Errors: conflict (the client is
  /// gone or disabled; an id is taken), unavailable.
  virtual Result<AuthorizeOutcome> commit(const Authorize& command) = 0;
  /// Ends the session and revokes what hangs on it, offline grants excepted; a client session that one of
  /// those hangs on stays open for it. What is over already keeps the moment it ended. Errors: not_found;
  /// unavailable.
  virtual Result<void> end_session(const model::SessionId& id, TimePoint now) = 0;
  /// What is below a user session, whatever its state, oldest first; empty when there is no such session.
  /// Errors: unavailable.
  virtual Result<std::vector<model::ClientSession>> list_client_sessions(const model::SessionId& id) = 0;
  /// Revokes the grant and with it every token below. Errors: not_found; unavailable.
  virtual Result<void> revoke_grant(const model::GrantId& id, TimePoint now) = 0;
  /// Errors: not_found (none, or no longer valid at `now`); unavailable.
  virtual Result<model::Consent> find_consent(const model::UserId& user, const model::ClientId& client,
                                              TimePoint now) = 0;
  /// Writes a chain made by an administrator (offline minting): session, client session, grant and tokens;
  /// the command's user_session is the session's. Errors: conflict (something is taken, gone or not active),
  /// unavailable.
  virtual Result<void> record_minted(const model::UserSession& session, const Authorize& command) = 0;
};

}  // namespace oidcop::store
