#pragma once

#include "authn/password_login.h"
#include "endpoint/authorization/page_form.h"
#include "endpoint/endpoint.h"
#include "store/session_store.h"

#include <optional>
#include <string>

namespace oidcop::endpoint {

struct SessionLifetimes {
  Seconds idle = std::chrono::hours(8);
  Seconds absolute = std::chrono::hours(24);
};

/// Where the login page posts. Signs the person in, under a new session cookie, and goes on with the
/// authorization request that the page carried. Its answers are the authorization endpoint's, hooks included.
class LoginEndpoint final : public Endpoint {
 public:
  struct Parts {
    PageFormParts form;
    authn::PasswordLogin& password_login;
    store::SessionStore& sessions;
    Random& random;
    SessionLifetimes lifetimes;
  };
  LoginEndpoint(EndpointSettings settings, const Hooks& hooks, Log& log, const Parts& parts);

  EndpointResponse handle_raw(const RawRequest& raw, RequestScope& scope) const override;

 private:
  using Answer = Result<ResponseArgs, ProtocolError>;
  Answer answer(const RawRequest& raw, RequestScope& scope) const;
  Answer try_password(const ReturnedPage& page, const Message& form, RequestScope& scope) const;
  /// The outcome of an attempt and, when it is a success that the store has taken, the cookie of the session.
  struct Attempted {
    authn::PasswordOutcome outcome;
    std::optional<session::HeldCookie> session;
  };
  Result<Attempted> attempt_sign_in(const authn::PasswordAttempt& attempt, const ReturnedPage& page,
                                    TimePoint now) const;
  Result<session::HeldCookie> begin_session(const authn::SignedIn& signed_in, const ReturnedPage& page,
                                            TimePoint now) const;
  Answer signed_in(session::HeldCookie cookie, const ReturnedPage& page, RequestScope& scope) const;
  Answer refused(const authn::PasswordOutcome& outcome, const ReturnedPage& page, const std::string& username,
                 RequestScope& scope) const;

  Parts parts_;
};

}  // namespace oidcop::endpoint
