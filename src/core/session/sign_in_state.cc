#include "session/sign_in_state.h"

#include <algorithm>
#include <array>

namespace oidcop::session {
namespace {

using Question = SignInQuestion;

bool contains(const std::vector<std::string>& list, const std::string& value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

bool overlap(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  return std::any_of(a.begin(), a.end(), [&](const std::string& value) { return contains(b, value); });
}

/// Whether the person signed in for this very interaction. Two empty ids are not the same interaction.
bool is_fresh(const Question& question) {
  return !question.interaction.empty() &&
         question.session->session.authentication.interaction == question.interaction;
}

/// The clock may have been set back since; an event of the future is new, not endlessly young.
Seconds age(const Question& question, TimePoint now) {
  return std::max(now - question.session->session.authentication.time, Seconds{0});
}

bool session_ended(const Question& question, TimePoint now) {
  return !question.session->session.is_active(now);
}

bool user_disabled(const Question& question, TimePoint) {
  return !question.session->user.enabled;
}

bool stale_event(const Question& question, TimePoint now) {
  return question.event_lifetime && age(question, now) >= *question.event_lifetime;
}

bool other_user(const Question& question, TimePoint) {
  return question.requested_subject && *question.requested_subject != question.session_subject;
}

bool prompt_login(const Question& question, TimePoint) {
  return question.prompt.has(Prompt::login) && !is_fresh(question);
}

bool select_account(const Question& question, TimePoint) {
  return question.prompt.has(Prompt::select_account) && !is_fresh(question);
}

/// With max_age=0 nothing but this interaction's own event will do, even if another is of this second.
bool max_age(const Question& question, TimePoint now) {
  if (!question.max_age || is_fresh(question)) return false;
  return *question.max_age <= Seconds{0} || age(question, now) > *question.max_age;
}

/// Essential: until it is met. Voluntary: asked once, and only when a method here could do better.
bool acr(const Question& question, TimePoint) {
  const auto& reached = question.session->session.authentication.acr;
  if (!question.essential_acrs.empty()) return !contains(question.essential_acrs, reached);
  if (question.acr_values.empty() || contains(question.acr_values, reached)) return false;
  return overlap(question.acr_values, question.supported_acrs) && !is_fresh(question);
}

std::string lower_case(std::string_view text) {
  std::string out(text);
  for (auto& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

bool login_hint(const Question& question, TimePoint) {
  if (question.login_hint.empty() || is_fresh(question)) return false;
  const auto hint = lower_case(question.login_hint);
  const auto& user = question.session->user;
  if (hint == lower_case(user.username) || question.login_hint == question.session_subject) return false;
  for (auto name : {"email", "preferred_username", "phone_number"}) {
    auto value = user.claims.text(name);
    if (value && lower_case(*value) == hint) return false;
  }
  return true;
}

struct Check {
  SignInReason reason;
  bool (*applies)(const Question& question, TimePoint now);
};

// Each may count on a session being there; "no_session" stands before all of them.
constexpr std::array kChecks{
    Check{SignInReason::session_ended, session_ended},
    Check{SignInReason::user_disabled, user_disabled},
    Check{SignInReason::stale_event, stale_event},
    Check{SignInReason::other_user, other_user},
    Check{SignInReason::prompt_login, prompt_login},
    Check{SignInReason::select_account, select_account},
    Check{SignInReason::max_age, max_age},
    Check{SignInReason::acr, acr},
    Check{SignInReason::login_hint, login_hint},
};

ProtocolError refusal(std::string code, std::string description) {
  ProtocolError error;
  error.code = std::move(code);
  error.description = std::move(description);
  return error;
}

}  // namespace

std::string_view name_of(SignInReason reason) {
  switch (reason) {
    case SignInReason::no_session:
      return "no_session";
    case SignInReason::session_ended:
      return "session_ended";
    case SignInReason::user_disabled:
      return "user_disabled";
    case SignInReason::stale_event:
      return "stale_event";
    case SignInReason::other_user:
      return "other_user";
    case SignInReason::prompt_login:
      return "prompt_login";
    case SignInReason::select_account:
      return "select_account";
    case SignInReason::max_age:
      return "max_age";
    case SignInReason::acr:
      return "acr";
    case SignInReason::login_hint:
      return "login_hint";
  }
  return "unknown";
}

bool SignInState::has(SignInReason reason) const {
  return std::find(reasons.begin(), reasons.end(), reason) != reasons.end();
}

SignInState sign_in_state(const SignInQuestion& question, TimePoint now) {
  if (question.session == nullptr) return {{SignInReason::no_session}};
  SignInState state;
  for (const auto& check : kChecks)
    if (check.applies(question, now)) state.reasons.push_back(check.reason);
  return state;
}

std::optional<Seconds> effective_max_age(std::optional<Seconds> requested, const model::Client& client) {
  return requested ? requested : client.default_max_age;
}

Verdict check_sign_in_possible(const SignInQuestion& question, const model::Client& client) {
  if (!client.enabled) return fail(unauthorized_client("The client is disabled."));
  if (!question.essential_acrs.empty() && !overlap(question.essential_acrs, question.supported_acrs)) {
    return fail(refusal("unmet_authentication_requirements",
                        "None of the requested authentication context classes can be met here."));
  }
  return {};
}

Verdict check_silent_sign_in(const SignInState& state) {
  for (auto reason : state.reasons) {
    if (reason == SignInReason::login_hint) continue;
    if (reason == SignInReason::select_account)
      return fail(refusal("account_selection_required", "The person has to choose an account."));
    return fail(refusal("login_required", "The person has to sign in."));
  }
  return {};
}

}  // namespace oidcop::session
