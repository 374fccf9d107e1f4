#pragma once

#include "authn/password_login.h"
#include "endpoint/request_scope.h"
#include "page/views.h"
#include "session/cookies.h"
#include "store/session_store.h"

#include <oidcop/protocol_error.h>
#include <oidcop/random.h>

#include <optional>
#include <string>
#include <variant>

namespace oidcop::endpoint {

struct SessionLifetimes {
  Seconds idle = std::chrono::hours(8);
  Seconds absolute = std::chrono::hours(24);
};

/// What a login page has to say besides asking.
struct LoginNotice {
  page::LoginError error = page::LoginError::none;
  std::string username;  ///< as typed before
  Seconds retry_after{};
};

/// The session that a posted login page began, under the cookie that goes out with the answer.
struct BegunSession {
  store::LiveSession session;
  session::HeldCookie cookie;
};

/// For which interaction, and in place of which session, if the browser brought one along.
struct SignInOccasion {
  model::InteractionId interaction;
  std::optional<model::SessionId> replaces;
};

/// What every login page that comes back goes through: the password is checked, a session begins, and the
/// browser gets a new cookie for it. References outlive it; thread-safe.
class PasswordSignIn {
 public:
  struct Parts {
    authn::PasswordLogin& password_login;
    store::SessionStore& sessions;
    const session::Cookies& cookies;
    Random& random;
    SessionLifetimes lifetimes;
  };
  explicit PasswordSignIn(const Parts& parts) : parts_(parts) {}

  /// \param form  of the login page
  /// \return the session, whose cookie is in the scope now; or what the page has to say when it is shown
  /// again. Errors: temporarily_unavailable (too much is being hashed; the store).
  Result<std::variant<BegunSession, LoginNotice>, ProtocolError> sign_in(const Message& form,
                                                                         const SignInOccasion& occasion,
                                                                         RequestScope& scope) const;

 private:
  /// The outcome of an attempt and, when it is a success that the store has taken, the cookie of the session.
  struct Attempted {
    authn::PasswordOutcome outcome;
    std::optional<session::HeldCookie> session;
  };
  Result<Attempted> attempt_sign_in(const authn::PasswordAttempt& attempt, const SignInOccasion& occasion,
                                    TimePoint now) const;
  Result<session::HeldCookie> begin_session(const authn::SignedIn& signed_in, const SignInOccasion& occasion,
                                            TimePoint now) const;
  Result<BegunSession, ProtocolError> begun(session::HeldCookie cookie, RequestScope& scope) const;

  Parts parts_;
};

}  // namespace oidcop::endpoint
