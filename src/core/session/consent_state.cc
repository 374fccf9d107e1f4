#include "session/consent_state.h"

#include <algorithm>
#include <array>

namespace oidcop::session {
namespace {

using Question = ConsentQuestion;
using model::ConsentMode;

constexpr std::string_view kOpenid = "openid";
constexpr std::string_view kOfflineAccess = "offline_access";

bool contains(const std::vector<std::string>& list, const std::string& value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

/// Public clients installed on a device: whoever controls the redirect controls the client's name.
bool is_public_native(const model::Client& client) {
  return client.is_public() && client.application_type == model::ApplicationType::native;
}

const model::Consent* live_consent(const Question& question, TimePoint now) {
  return question.remembered != nullptr && now < question.remembered->expires_at ? question.remembered
                                                                                 : nullptr;
}

/// The administrator consented for everybody, or the person did at a time that still counts.
bool is_remembering(const Question& question) {
  return question.client->consent == ConsentMode::remember;
}

bool prompt_consent(const Question& question, TimePoint) {
  return question.prompt.has(Prompt::consent);
}

bool public_native(const Question& question, TimePoint) {
  return is_public_native(*question.client);
}

bool always_asked(const Question& question, TimePoint) {
  return question.client->consent == ConsentMode::always;
}

bool never_given(const Question& question, TimePoint now) {
  return is_remembering(question) && live_consent(question, now) == nullptr;
}

bool offline_access(const Question& question, TimePoint now) {
  if (!is_remembering(question) || !question.scope.contains(kOfflineAccess)) return false;
  const auto* consent = live_consent(question, now);
  return consent == nullptr || !consent->scope.contains(kOfflineAccess);
}

bool more_scope(const Question& question, TimePoint now) {
  const auto* consent = live_consent(question, now);
  return is_remembering(question) && consent != nullptr && !question.scope.is_subset_of(consent->scope);
}

bool more_claims(const Question& question, TimePoint now) {
  const auto* consent = live_consent(question, now);
  return is_remembering(question) && consent != nullptr &&
         std::any_of(question.claims.begin(), question.claims.end(),
                     [&](const std::string& name) { return !contains(consent->claims, name); });
}

struct Check {
  ConsentReason reason;
  bool (*applies)(const Question& question, TimePoint now);
};

constexpr std::array kChecks{
    Check{ConsentReason::prompt_consent, prompt_consent}, Check{ConsentReason::public_native, public_native},
    Check{ConsentReason::always_asked, always_asked},     Check{ConsentReason::never_given, never_given},
    Check{ConsentReason::offline_access, offline_access}, Check{ConsentReason::more_scope, more_scope},
    Check{ConsentReason::more_claims, more_claims},
};

}  // namespace

std::string_view name_of(ConsentReason reason) {
  switch (reason) {
    case ConsentReason::prompt_consent:
      return "prompt_consent";
    case ConsentReason::public_native:
      return "public_native";
    case ConsentReason::always_asked:
      return "always_asked";
    case ConsentReason::never_given:
      return "never_given";
    case ConsentReason::offline_access:
      return "offline_access";
    case ConsentReason::more_scope:
      return "more_scope";
    case ConsentReason::more_claims:
      return "more_claims";
  }
  return "unknown";
}

bool ConsentState::has(ConsentReason reason) const {
  return std::find(reasons.begin(), reasons.end(), reason) != reasons.end();
}

ConsentState consent_state(const ConsentQuestion& question, TimePoint now) {
  ConsentState state;
  state.shown = question.scope;
  state.claims = question.claims;
  state.may_remember = is_remembering(question) && !is_public_native(*question.client);
  for (const auto& check : kChecks)
    if (check.applies(question, now)) state.reasons.push_back(check.reason);
  return state;
}

Verdict check_silent_consent(const ConsentState& state) {
  if (state.is_settled()) return {};
  ProtocolError error;
  error.code = "consent_required";
  error.description = "The person has to consent.";
  return fail(std::move(error));
}

bool is_optional_scope(std::string_view scope) {
  return scope != kOpenid;
}

model::ScopeSet narrowed_scope(const model::ScopeSet& shown, const model::ScopeSet& ticked) {
  model::ScopeSet kept;
  for (const auto& scope : shown.values())
    if (!is_optional_scope(scope) || ticked.contains(scope)) kept.add(scope);
  return kept;
}

std::optional<model::Consent> consent_to_remember(const ConsentAnswer& answer,
                                                  const ConsentQuestion& question) {
  if (!answer.asked.may_remember) return std::nullopt;
  model::Consent consent;
  consent.user = answer.user;
  consent.client = question.client->id;
  consent.scope = answer.granted.intersection(answer.asked.shown);
  consent.claims = answer.asked.claims;
  consent.granted_at = answer.now;
  consent.expires_at = answer.now + answer.lifetime;
  const auto* before = live_consent(question, answer.now);
  if (before == nullptr) return consent;

  // What was not on this page keeps its place, and with it its end: this answer did not renew it.
  bool kept = false;
  for (const auto& scope : before->scope.values()) {
    if (answer.asked.shown.contains(scope)) continue;
    consent.scope.add(scope);
    kept = true;
  }
  for (const auto& name : before->claims) {
    if (contains(consent.claims, name)) continue;
    consent.claims.push_back(name);
    kept = true;
  }
  if (kept) consent.expires_at = std::min(consent.expires_at, before->expires_at);
  return consent;
}

}  // namespace oidcop::session
