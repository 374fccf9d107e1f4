#pragma once

#include "authn/throttle.h"
#include "base/log.h"
#include "base/password_hash.h"
#include "base/secret.h"
#include "model/session.h"
#include "model/user.h"
#include "store/session_store.h"
#include "store/user_store.h"

#include <oidcop/random.h>
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

/// The password was right. Everything that must be written goes into one store::SignIn, with the hash of
/// `user` as the verified one.
struct SignedIn {
  model::User user;  ///< as it was when the password was verified
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
/// there. Whatever the name, an attempt costs one hash, and one of a kind that says nothing about the name:
/// see doc/decisions.md, "A name that nobody has borrows somebody's hash". Thread-safe; references outlive
/// it.
class PasswordLogin {
 public:
  struct Parts {
    store::UserStore& users;
    Throttle& throttle;
    PasswordHasher& hasher;
    const jose::Pepper& pepper;
    Random& random;
    Log& log;
  };
  PasswordLogin(const Parts& parts, PasswordLoginPolicy policy) : parts_(parts), policy_(std::move(policy)) {}

  /// Errors: unavailable (the store).
  Result<PasswordOutcome> sign_in(const PasswordAttempt& attempt, TimePoint now);
  /// Again, without counting: the store did not take `before`, because the user has changed since. Only a
  /// password that is still right signs in, as after a change of its hash by another login. Errors: as above.
  Result<PasswordOutcome> check_again(const PasswordAttempt& attempt, const SignedIn& before, TimePoint now);
  /// The store has the session. Logs it and, when the stored hash is of an old kind or cost, puts a new one
  /// in its place; when that cannot be done now, the next login will do it.
  void finish(const PasswordAttempt& attempt, const SignedIn& signed_in);

 private:
  /// What came out, and what the log is to say of it.
  struct Checked {
    PasswordOutcome outcome;
    std::optional<model::User> user;
    std::string_view reason;  ///< of a failure; a word of ours
  };
  Result<Checked> check(const PasswordAttempt& attempt, const Reservation& reservation, TimePoint now);
  Result<PasswordOutcome> check_and_log(const PasswordAttempt& attempt, const Reservation& reservation,
                                        TimePoint now);
  Result<std::optional<model::User>> find_user(std::string_view username);
  Result<std::string> borrowed_hash(std::string_view username);
  Result<void> renew_hash(const model::User& user, const Secret& password);
  SignedIn signed_in(const model::User& user, const PasswordAttempt& attempt, const Reservation& reservation,
                     TimePoint now) const;
  void write_log(const PasswordAttempt& attempt, const Checked& checked);

  Parts parts_;
  PasswordLoginPolicy policy_;
};

}  // namespace oidcop::authn
