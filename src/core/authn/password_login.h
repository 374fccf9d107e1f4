#pragma once

#include "authn/throttle.h"
#include "base/log.h"
#include "base/password_hash.h"
#include "base/secret.h"
#include "model/session.h"
#include "model/user.h"
#include "store/session_store.h"
#include "store/user_store.h"

#include <oidcop/result.h>
#include <oidcop/time.h>

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace oidcop::authn {

/// What a successful password login is worth, and how long the browser is remembered.
struct PasswordLoginPolicy {
  std::string acr;
  std::vector<std::string> amr{"pwd"};
  Seconds known_device_lifetime = std::chrono::hours(24 * 180);
};

/// One submission of the login form. Views live as long as the call.
struct PasswordAttempt {
  std::string_view username;  ///< as typed
  const Secret& password;
  std::string_view remote_address;
  std::optional<Digest> device;  ///< digest of the browser's own cookie
  model::InteractionId interaction;
  std::string_view request_id;
};

/// The password was right. Everything that must be written goes into one store::SignIn.
struct SignedIn {
  model::User user;
  model::AuthenticationEvent event;
  std::vector<store::ThrottleBucket> refunds;
  std::optional<store::KnownDevice> known_device;  ///< when the browser has a cookie of its own
};
struct WrongCredentials {};  ///< unknown user, wrong password, disabled account: one answer
struct Throttled {
  TimePoint until;  ///< 429 with Retry-After
};
struct Busy {};  ///< too many passwords are being checked at once: 503, try again in a moment

using PasswordOutcome = std::variant<SignedIn, WrongCredentials, Throttled, Busy>;

/// Checks a user name and password. Logs login.succeeded, login.failed, login.throttled and login.busy, each
/// with the address; a user name that nobody has is logged as a keyed digest, since people type passwords
/// there. Thread-safe; references outlive it.
class PasswordLogin {
 public:
  struct Parts {
    store::UserStore& users;
    Throttle& throttle;
    PasswordHasher& hasher;
    const jose::Pepper& pepper;
    Log& log;
  };
  PasswordLogin(const Parts& parts, PasswordLoginPolicy policy) : parts_(parts), policy_(std::move(policy)) {}

  /// Errors: unavailable (the store).
  Result<PasswordOutcome> sign_in(const PasswordAttempt& attempt, TimePoint now);

 private:
  /// What came out, and what the log is to say of it.
  struct Checked {
    PasswordOutcome outcome;
    std::optional<model::User> user;
    std::string_view reason;  ///< of a failure; a word of ours
  };
  Result<Checked> check(const PasswordAttempt& attempt, const Reservation& reservation, TimePoint now);
  Result<std::optional<model::User>> find_user(std::string_view username);
  SignedIn signed_in(const model::User& user, const PasswordAttempt& attempt, const Reservation& reservation,
                     TimePoint now) const;
  void write_log(const PasswordAttempt& attempt, const Checked& checked);

  Parts parts_;
  PasswordLoginPolicy policy_;
};

}  // namespace oidcop::authn
