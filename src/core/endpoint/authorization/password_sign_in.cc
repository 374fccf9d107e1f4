#include "endpoint/authorization/password_sign_in.h"

#include "base/system_random.h"
#include "http/cookie.h"

namespace oidcop::endpoint {
namespace {

using Answer = Result<std::variant<BegunSession, LoginNotice>, ProtocolError>;

constexpr int kMostTries = 2;  // a hash is made anew once; whatever comes faster is no login

Answer refused(const authn::PasswordOutcome& outcome, const std::string& username, TimePoint now) {
  if (std::holds_alternative<authn::Busy>(outcome)) {
    return fail(temporarily_unavailable("too many passwords are being checked"));
  }
  LoginNotice notice{page::LoginError::wrong_credentials, username, {}};
  if (const auto* throttled = std::get_if<authn::Throttled>(&outcome)) {
    notice.error = page::LoginError::too_many_attempts;
    notice.retry_after = throttled->until - now;
  }
  return notice;
}

}  // namespace

Answer PasswordSignIn::sign_in(const Message& form, const SignInOccasion& occasion,
                               RequestScope& scope) const {
  const std::string username = form.text(page::kUsernameField).value_or("");
  const Secret password(form.text(page::kPasswordField).value_or(""));
  if (username.empty() || password.empty()) {
    return LoginNotice{page::LoginError::missing_input, username, {}};
  }
  const auto browser = parts_.cookies.browser(scope.http);
  authn::PasswordAttempt attempt{.username = username,
                                 .password = password,
                                 .remote_address = scope.http.remote_address,
                                 .interaction = occasion.interaction,
                                 .request_id = scope.http.request_id};
  if (browser) attempt.device = browser->digest;
  auto attempted = attempt_sign_in(attempt, occasion, scope.now);
  if (!attempted) return fail(from_error(attempted.error()));
  if (!attempted->session) return refused(attempted->outcome, username, scope.now);
  auto session = begun(std::move(*attempted->session), scope);
  if (!session) return fail(std::move(session).error());
  return std::move(*session);
}

/// Between the check of the password and the session the user may change: the store takes the session only if
/// the hash is still the one that was verified. When it is another one, the password is checked against that:
/// it is right if it was merely hashed anew.
Result<PasswordSignIn::Attempted> PasswordSignIn::attempt_sign_in(const authn::PasswordAttempt& attempt,
                                                                  const SignInOccasion& occasion,
                                                                  TimePoint now) const {
  auto outcome = parts_.password_login.sign_in(attempt, now);
  Attempted attempted{authn::WrongCredentials{}, std::nullopt};  // until something better is known
  for (int tries = 1; outcome; ++tries) {
    attempted.outcome = std::move(*outcome);
    const auto* signed_in = std::get_if<authn::SignedIn>(&attempted.outcome);
    if (signed_in == nullptr) return attempted;
    auto cookie = begin_session(*signed_in, occasion, now);
    if (cookie) {
      parts_.password_login.finish(attempt, *signed_in);
      attempted.session = std::move(*cookie);
      return attempted;
    }
    if (cookie.error().code != Errc::conflict) return fail(std::move(cookie).error());
    if (tries == kMostTries) return fail(Errc::unavailable, cookie.error().detail);
    outcome = parts_.password_login.check_again(attempt, *signed_in, now);
  }
  return fail(std::move(outcome).error());
}

Result<session::HeldCookie> PasswordSignIn::begin_session(const authn::SignedIn& signed_in,
                                                          const SignInOccasion& occasion,
                                                          TimePoint now) const {
  auto id = random_id(parts_.random);
  if (!id) return fail(std::move(id).error());
  auto cookie = parts_.cookies.new_session(parts_.random);
  if (!cookie) return cookie;
  store::SignIn command;
  command.session.id = model::SessionId(std::move(*id));
  command.session.user = signed_in.user.id;
  command.session.cookie = cookie->digest;
  command.session.authentication = signed_in.event;
  command.session.created_at = now;
  command.session.idle_expires_at = now + parts_.lifetimes.idle;
  command.session.expires_at = now + parts_.lifetimes.absolute;
  command.replaces = occasion.replaces;
  command.known_device = signed_in.known_device;
  command.refunds = signed_in.refunds;
  command.verified_hash = signed_in.user.password_hash;
  auto standing = parts_.sessions.commit(command);
  if (!standing) return fail(std::move(standing).error());
  return cookie;
}

Result<BegunSession, ProtocolError> PasswordSignIn::begun(session::HeldCookie cookie,
                                                          RequestScope& scope) const {
  auto header = http::format_set_cookie(parts_.cookies.set_session(cookie));
  if (!header) return fail(from_error(header.error()));
  scope.cookies.push_back(std::move(*header));
  auto session = parts_.sessions.find_session(cookie.digest);
  if (!session) return fail(from_error(session.error()));
  return BegunSession{std::move(*session), std::move(cookie)};
}

}  // namespace oidcop::endpoint
