#include "authn/password_login.h"

#include "base/base64url.h"
#include "jose/keyed_hash.h"
#include "model/username.h"

namespace oidcop::authn {
namespace {

constexpr std::size_t kIdOctets = 16;  // of random_id: keys for borrowing look like user ids

std::string_view outcome_event(const PasswordOutcome& outcome) {
  if (std::holds_alternative<SignedIn>(outcome)) return "login.succeeded";
  if (std::holds_alternative<Throttled>(outcome)) return "login.throttled";
  if (std::holds_alternative<Busy>(outcome)) return "login.busy";
  return "login.failed";
}

}  // namespace

Result<PasswordOutcome> PasswordLogin::sign_in(const PasswordAttempt& attempt, TimePoint now) {
  const AttemptOrigin origin{.account = attempt.username.substr(0, model::kLongestUsername),
                             .device = attempt.device,
                             .remote_address = attempt.remote_address};
  auto reservation = parts_.throttle.reserve(origin, now);
  if (!reservation) return fail(reservation.error());
  return check_and_log(attempt, *reservation, now);
}

Result<PasswordOutcome> PasswordLogin::check_again(const PasswordAttempt& attempt, const SignedIn& before,
                                                   TimePoint now) {
  return check_and_log(attempt, {.refused_until = std::nullopt, .buckets = before.refunds}, now);
}

void PasswordLogin::finish(const PasswordAttempt& attempt, const SignedIn& signed_in) {
  write_log(attempt, {.outcome = signed_in, .user = signed_in.user, .reason = {}});
  if (!parts_.hasher.needs_rehash(signed_in.user.password_hash)) return;
  const auto renewed = renew_hash(signed_in.user, attempt.password);
  parts_.log.write(LogLevel::info, renewed ? "password_hash.renewed" : "password_hash.kept",
                   {{"request_id", std::string(attempt.request_id)},
                    {"user", signed_in.user.username},
                    {"detail", renewed ? std::string() : renewed.error().detail}});
}

Result<PasswordOutcome> PasswordLogin::check_and_log(const PasswordAttempt& attempt,
                                                     const Reservation& reservation, TimePoint now) {
  auto checked = check(attempt, reservation, now);
  if (!checked) return fail(checked.error());
  const bool is_decided = !std::holds_alternative<SignedIn>(checked->outcome);  // else by the store
  if (is_decided) write_log(attempt, *checked);
  return std::move(checked->outcome);
}

Result<PasswordLogin::Checked> PasswordLogin::check(const PasswordAttempt& attempt,
                                                    const Reservation& reservation, TimePoint now) {
  auto user = find_user(attempt.username);
  if (!user) return fail(user.error());
  Checked checked{.outcome = WrongCredentials{}, .user = *std::move(user), .reason = {}};
  if (reservation.refused_until) {
    checked.outcome = Throttled{*reservation.refused_until};
    return checked;
  }
  const auto borrowed = borrowed_hash(attempt.username);  // always: the store works alike for every name
  if (!borrowed) return fail(borrowed.error());
  const bool is_own = checked.user && is_acceptable_password_hash(checked.user->password_hash);
  const auto verified =
      parts_.hasher.verify(attempt.password, is_own ? checked.user->password_hash : *borrowed);
  if (!verified) {
    if (auto refunded = parts_.throttle.refund(reservation, now); !refunded) return fail(refunded.error());
    checked.outcome = Busy{};
    return checked;
  }
  if (!checked.user) {
    checked.reason = "unknown_user";
  } else if (!is_own || !*verified) {  // a borrowed hash proves nothing, whatever it says
    checked.reason = "wrong_password";
  } else if (!checked.user->enabled) {
    checked.reason = "disabled";
  } else {
    checked.outcome = signed_in(*checked.user, attempt, reservation, now);
  }
  return checked;
}

Result<std::optional<model::User>> PasswordLogin::find_user(std::string_view username) {
  if (!model::check_username(username)) return std::nullopt;  // nobody can have it
  auto user = parts_.users.find_user_by_name(username);
  if (user) return *std::move(user);
  if (user.error().code == Errc::not_found) return std::nullopt;
  return fail(user.error());
}

/// Empty when nobody is there to borrow from.
Result<std::string> PasswordLogin::borrowed_hash(std::string_view username) {
  const auto digest = parts_.pepper.digest("login.borrowed_hash", {username});
  auto hash = parts_.users.borrow_password_hash(base64url_encode(digest.octets().substr(0, kIdOctets)));
  if (!hash && hash.error().code == Errc::not_found) return std::string();
  return hash;
}

Result<void> PasswordLogin::renew_hash(const model::User& user, const Secret& password) {
  const auto next = parts_.hasher.hash(password, parts_.random);
  if (!next) return fail(next.error());
  return parts_.users.replace_password_hash(user.id, user.password_hash, *next);
}

SignedIn PasswordLogin::signed_in(const model::User& user, const PasswordAttempt& attempt,
                                  const Reservation& reservation, TimePoint now) const {
  SignedIn result;
  result.user = user;
  result.event = {.time = now, .acr = policy_.acr, .amr = policy_.amr, .interaction = attempt.interaction};
  result.refunds = reservation.buckets;
  if (attempt.device) {
    result.known_device = store::KnownDevice{parts_.throttle.device_key(attempt.username, *attempt.device),
                                             now + policy_.known_device_lifetime};
  }
  return result;
}

void PasswordLogin::write_log(const PasswordAttempt& attempt, const Checked& checked) {
  const auto event = outcome_event(checked.outcome);
  const bool is_good = std::holds_alternative<SignedIn>(checked.outcome);
  // A name that nobody has may be a password typed into the wrong field.
  const auto user = checked.user
                        ? checked.user->username
                        : "unknown:" + parts_.pepper.digest("log.username", {attempt.username}).short_hex();
  parts_.log.write(is_good ? LogLevel::info : LogLevel::warning, event,
                   {{"request_id", std::string(attempt.request_id)},
                    {"address", std::string(attempt.remote_address)},
                    {"user", user},
                    {"reason", std::string(checked.reason)}});
}

}  // namespace oidcop::authn
