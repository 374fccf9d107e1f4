#include "endpoint/authorization/login_endpoint.h"

#include "base/system_random.h"
#include "endpoint/set_cookie.h"
#include "page/views.h"

#include <variant>

namespace oidcop::endpoint {
namespace {

constexpr int kMostTries = 2;  // a hash is made anew once; whatever comes faster is no login

}  // namespace

LoginEndpoint::LoginEndpoint(EndpointSettings settings, const Hooks& hooks, Log& log, const Parts& parts)
    : Endpoint(std::move(settings), hooks, log, nullptr), parts_(parts) {}

EndpointResponse LoginEndpoint::handle_raw(const RawRequest& raw, RequestScope& scope) const {
  return parts_.form.authorization.finish(answer(raw, scope), scope);
}

LoginEndpoint::Answer LoginEndpoint::answer(const RawRequest& raw, RequestScope& scope) const {
  if (auto parsed = parse_message(raw, scope); !parsed) return fail(std::move(parsed).error());
  const Message form = std::move(scope.request);
  scope.request =
      Message();  // holds a password; from here on the scope's request is the authorization request
  scope.received = Message();
  auto page = returned_page(parts_.form, form, InteractionStep::login, scope);
  if (!page) return fail(std::move(page).error());

  if (form.text(page::kDecisionField) == page::kDecisionCancel) {
    return fail(access_denied("The person cancelled the sign-in."));
  }
  if (page->expired) {
    return parts_.form.flow.login_page(page->request, page->presence, scope,
                                       {page::LoginError::restarted, {}, {}});
  }
  return try_password(*page, form, scope);
}

LoginEndpoint::Answer LoginEndpoint::try_password(const ReturnedPage& page, const Message& form,
                                                  RequestScope& scope) const {
  const std::string username = form.text(page::kUsernameField).value_or("");
  const Secret password(form.text(page::kPasswordField).value_or(""));
  if (username.empty() || password.empty()) {
    return parts_.form.flow.login_page(page.request, page.presence, scope,
                                       {page::LoginError::missing_input, username, {}});
  }
  const auto browser = parts_.form.cookies.browser(scope.http);
  authn::PasswordAttempt attempt{.username = username,
                                 .password = password,
                                 .remote_address = scope.http.remote_address,
                                 .interaction = page.presence.interaction,
                                 .request_id = scope.http.request_id};
  if (browser) attempt.device = browser->digest;
  auto attempted = attempt_sign_in(attempt, page, scope.now);
  if (!attempted) return fail(from_error(attempted.error()));
  if (attempted->session) return signed_in(std::move(*attempted->session), page, scope);
  return refused(attempted->outcome, page, username, scope);
}

/// Between the check of the password and the session the user may change: the store takes the session only if
/// the hash is still the one that was verified. When it is another one, the password is checked against that:
/// it is right if it was merely hashed anew.
Result<LoginEndpoint::Attempted> LoginEndpoint::attempt_sign_in(const authn::PasswordAttempt& attempt,
                                                                const ReturnedPage& page,
                                                                TimePoint now) const {
  auto outcome = parts_.password_login.sign_in(attempt, now);
  Attempted attempted{authn::WrongCredentials{}, std::nullopt};  // until something better is known
  for (int tries = 1; outcome; ++tries) {
    attempted.outcome = std::move(*outcome);
    const auto* signed_in = std::get_if<authn::SignedIn>(&attempted.outcome);
    if (signed_in == nullptr) return attempted;
    auto cookie = begin_session(*signed_in, page, now);
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

Result<session::HeldCookie> LoginEndpoint::begin_session(const authn::SignedIn& signed_in,
                                                         const ReturnedPage& page, TimePoint now) const {
  auto id = random_id(parts_.random);
  if (!id) return fail(std::move(id).error());
  auto cookie = parts_.form.cookies.new_session(parts_.random);
  if (!cookie) return cookie;
  store::SignIn command;
  command.session.id = model::SessionId(std::move(*id));
  command.session.user = signed_in.user.id;
  command.session.cookie = cookie->digest;
  command.session.authentication = signed_in.event;
  command.session.created_at = now;
  command.session.idle_expires_at = now + parts_.lifetimes.idle;
  command.session.expires_at = now + parts_.lifetimes.absolute;
  if (page.presence.session) command.replaces = page.presence.session->session.id;
  command.known_device = signed_in.known_device;
  command.refunds = signed_in.refunds;
  command.verified_hash = signed_in.user.password_hash;
  auto standing = parts_.sessions.commit(command);
  if (!standing) return fail(std::move(standing).error());
  return cookie;
}

LoginEndpoint::Answer LoginEndpoint::signed_in(session::HeldCookie cookie, const ReturnedPage& page,
                                               RequestScope& scope) const {
  if (auto set = set_cookie(parts_.form.cookies.set_session(cookie), scope); !set)
    return fail(std::move(set).error());

  auto session = parts_.sessions.find_session(cookie.digest);
  if (!session) return fail(from_error(session.error()));
  Presence presence;
  presence.interaction = page.presence.interaction;
  presence.cookie = std::move(cookie);
  presence.session = std::move(*session);
  if (auto renewed = parts_.form.flow.renew_state(presence, scope); !renewed)
    return fail(std::move(renewed).error());
  return parts_.form.flow.proceed(page.request, presence, scope);
}

LoginEndpoint::Answer LoginEndpoint::refused(const authn::PasswordOutcome& outcome, const ReturnedPage& page,
                                             const std::string& username, RequestScope& scope) const {
  if (std::holds_alternative<authn::Busy>(outcome)) {
    return fail(temporarily_unavailable("too many passwords are being checked"));
  }
  LoginNotice notice;
  notice.username = username;
  notice.error = page::LoginError::wrong_credentials;
  if (const auto* throttled = std::get_if<authn::Throttled>(&outcome)) {
    notice.error = page::LoginError::too_many_attempts;
    notice.retry_after = throttled->until - scope.now;
  }
  return parts_.form.flow.login_page(page.request, page.presence, scope, notice);
}

}  // namespace oidcop::endpoint
