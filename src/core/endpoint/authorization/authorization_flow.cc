#include "endpoint/authorization/authorization_flow.h"

#include "base/system_random.h"
#include "endpoint/authorization/authorization_pages.h"
#include "endpoint/own_form.h"
#include "endpoint/set_cookie.h"
#include "session/browser_state.h"

#include <algorithm>

namespace oidcop::endpoint {

struct AuthorizationFlow::Situation {
  session::SignInState sign_in;
  session::ConsentQuestion question;
  std::optional<model::Consent> remembered;
  session::ConsentState consent;
};

namespace {

using Answer = Result<ResponseArgs, ProtocolError>;

/// Claims that the request asks for one by one, may be given, and that its scopes do not cover already.
std::vector<std::string> single_claims(const AuthorizationRequest& request,
                                       const claims::ClaimRelease& release) {
  const auto covered = release.scopes().claims_of(request.scope);
  std::vector<std::string> single;
  for (auto& name : release.releasable(request.claims, *request.client).names()) {
    if (std::find(covered.begin(), covered.end(), name) == covered.end()) single.push_back(std::move(name));
  }
  return single;
}

}  // namespace

Result<Presence, ProtocolError> AuthorizationFlow::presence_of(const RequestScope& scope,
                                                               model::InteractionId interaction) const {
  return endpoint::presence_of(parts_.sessions, parts_.cookies, scope, std::move(interaction));
}

Answer AuthorizationFlow::proceed(const AuthorizationRequest& request, const Presence& presence,
                                  RequestScope& scope, const LoginNotice& notice) const {
  auto situation = assess(request, presence, scope);
  if (!situation) return fail(std::move(situation).error());
  if (!situation->sign_in.is_settled()) {
    return ask_to_sign_in(request, presence, situation->sign_in, notice, scope);
  }
  if (!situation->consent.is_settled()) return ask_for_consent(request, presence, *situation, scope);
  return issue(request, presence, situation->consent.shown, std::nullopt, scope);
}

Answer AuthorizationFlow::login_page(const AuthorizationRequest& request, const Presence& presence,
                                     RequestScope& scope, const LoginNotice& notice) const {
  auto state = sign_in_state(request, presence, scope);
  if (!state) return fail(std::move(state).error());
  return ask_to_sign_in(request, presence, *state, notice, scope);
}

Answer AuthorizationFlow::consented(const AuthorizationRequest& request, const Presence& presence,
                                    const ShownConsent& shown, const model::ScopeSet& ticked,
                                    RequestScope& scope) const {
  auto situation = assess(request, presence, scope);
  if (!situation) return fail(std::move(situation).error());
  const bool unchanged = situation->sign_in.is_settled() && presence.cookie &&
                         shown == shown_now(request, presence, situation->consent);
  if (!unchanged) return ask_consent_again(request, presence, scope);

  if (situation->remembered) situation->question.remembered = &*situation->remembered;
  session::ConsentAnswer answer;
  answer.user = presence.session->user.id;
  answer.asked = situation->consent;
  answer.granted = session::narrowed_scope(situation->consent.shown, ticked);
  answer.now = scope.now;
  answer.lifetime = request.client->consent_lifetime.value_or(settings_.consent_lifetime);
  parts_.log.info("consent.given", {{"client_id", request.client->id.text()},
                                    {"user", presence.session->user.username},
                                    {"scope", answer.granted.text()},
                                    {"request_id", scope.http.request_id}});
  return issue(request, presence, answer.granted, session::consent_to_remember(answer, situation->question),
               scope);
}

Answer AuthorizationFlow::ask_consent_again(const AuthorizationRequest& request, const Presence& presence,
                                            RequestScope& scope) const {
  auto situation = assess(request, presence, scope);
  if (!situation) return fail(std::move(situation).error());
  if (situation->sign_in.is_settled()) return ask_for_consent(request, presence, *situation, scope);
  return ask_to_sign_in(request, presence, situation->sign_in, {}, scope);
}

Result<session::SignInState, ProtocolError> AuthorizationFlow::sign_in_state(
    const AuthorizationRequest& request, const Presence& presence, const RequestScope& scope) const {
  session::SignInQuestion question;
  question.interaction = presence.interaction;
  question.prompt = request.prompt;
  question.max_age = request.max_age;
  question.requested_subject = request.requested_subject;
  question.login_hint = request.login_hint;
  const bool essential = request.acr.need == authn::AcrRequest::Need::essential;
  (essential ? question.essential_acrs : question.acr_values) = request.acr.values;
  question.supported_acrs = parts_.acr.acr_values_supported();
  if (presence.session) {
    question.session = &*presence.session;
    auto subject = parts_.subjects.subject_of(presence.session->user, *request.client);
    if (!subject) return fail(from_error(subject.error()));
    question.session_subject = std::move(*subject);
    question.event_lifetime = parts_.acr.event_lifetime(presence.session->session.authentication.acr);
  }
  if (auto possible = session::check_sign_in_possible(question, *request.client); !possible) {
    return fail(std::move(possible).error());
  }
  auto state = session::sign_in_state(question, scope.now);
  if (request.prompt.has(session::Prompt::none)) {
    if (auto silent = session::check_silent_sign_in(state); !silent) return fail(std::move(silent).error());
    state.reasons.clear();  // what is left is a wish that only a page could grant
  }
  return state;
}

Result<AuthorizationFlow::Situation, ProtocolError> AuthorizationFlow::assess(
    const AuthorizationRequest& request, const Presence& presence, const RequestScope& scope) const {
  Situation situation;
  auto sign_in = sign_in_state(request, presence, scope);
  if (!sign_in) return fail(std::move(sign_in).error());
  situation.sign_in = std::move(*sign_in);
  if (!situation.sign_in.is_settled()) return situation;
  auto allowed = check_may_use(*request.client, presence.session->user, parts_.log, scope);
  if (!allowed) return fail(std::move(allowed).error());

  auto remembered = parts_.sessions.find_consent(presence.session->user.id, request.client->id, scope.now);
  if (remembered) {
    situation.remembered = std::move(*remembered);
  } else if (remembered.error().code != Errc::not_found) {
    return fail(from_error(remembered.error()));
  }
  situation.question.client = request.client.get();
  situation.question.scope = request.scope;
  situation.question.claims = single_claims(request, parts_.release);
  situation.question.prompt = request.prompt;
  situation.question.remembered = situation.remembered ? &*situation.remembered : nullptr;
  situation.consent = session::consent_state(situation.question, scope.now);
  situation.question.remembered = nullptr;  // pointed into a value that moves now
  return situation;
}

Answer AuthorizationFlow::ask_to_sign_in(const AuthorizationRequest& request, const Presence& presence,
                                         const session::SignInState& state, const LoginNotice& notice,
                                         RequestScope& scope) const {
  if (auto method = parts_.acr.choose(request.acr); !method) return fail(std::move(method).error());
  auto interaction = interaction_of(presence);
  if (!interaction) return fail(std::move(interaction).error());
  auto seal =
      sealed(InteractionStep::login, {*interaction, request.received, std::nullopt, request.origin}, scope);
  if (!seal) return fail(std::move(seal).error());

  const page::Locale& locale = locale_of(parts_.pages, request.ui_locales, scope);
  page::LoginPage login;
  login.action = settings_.login_url;
  login.seal = std::move(*seal);
  login.client = shown_client(*request.client, *scope.return_route, locale);
  login.username = notice.username.empty() ? request.login_hint : notice.username;
  login.error = notice.error;
  login.retry_after = notice.retry_after;
  login.reason = login_reason(state);
  if (presence.session && login.reason != page::LoginReason::sign_in)
    login.account = presence.session->user.username;
  login.request_id = scope.http.request_id;
  return page_answer(parts_.pages, login, locale);
}

Answer AuthorizationFlow::ask_for_consent(const AuthorizationRequest& request, const Presence& presence,
                                          const Situation& situation, RequestScope& scope) const {
  if (request.prompt.has(session::Prompt::none)) {
    if (auto silent = session::check_silent_consent(situation.consent); !silent) {
      return fail(std::move(silent).error());
    }
  }
  auto interaction = interaction_of(presence);
  if (!interaction) return fail(std::move(interaction).error());
  auto seal = sealed(
      InteractionStep::consent,
      {*interaction, request.received, shown_now(request, presence, situation.consent), request.origin},
      scope);
  if (!seal) return fail(std::move(seal).error());

  const page::Locale& locale = locale_of(parts_.pages, request.ui_locales, scope);
  page::ConsentPage consent;
  consent.action = settings_.consent_url;
  consent.seal = std::move(*seal);
  consent.client = shown_client(*request.client, *scope.return_route, locale);
  consent.account = presence.session->user.username;
  consent.items = shown_items(situation.consent, presence.session->user, parts_.release.scopes());
  consent.memory =
      situation.consent.may_remember ? page::ConsentMemory::remembered : page::ConsentMemory::asked_again;
  consent.request_id = scope.http.request_id;
  return page_answer(parts_.pages, consent, locale);
}

Answer AuthorizationFlow::issue(const AuthorizationRequest& request, const Presence& presence,
                                const model::ScopeSet& granted, std::optional<model::Consent> consent,
                                RequestScope& scope) const {
  auto issued = issuer_.issue(
      {request, *presence.session, granted, std::move(consent), scope.now + settings_.session_idle_lifetime},
      scope);
  if (!issued) return fail(std::move(issued).error());
  if (!*issued) {
    return proceed(request, Presence{std::nullopt, std::nullopt, std::nullopt, presence.interaction}, scope);
  }
  if (settings_.session_management) {
    if (auto told = tell_session_state(request, presence, **issued, scope); !told)
      return fail(std::move(told).error());
  }
  return **std::move(issued);
}

/// Where the redirect URI has no origin there is no page that could ask.
Verdict AuthorizationFlow::tell_session_state(const AuthorizationRequest& request, const Presence& presence,
                                              ResponseArgs& response, RequestScope& scope) const {
  const auto target = Url::parse(scope.return_route->redirect_uri);
  if (!target || !target->has_authority()) return {};
  const auto salt = random_id(parts_.random);
  if (!salt) return fail(from_error(salt.error()));
  Presence standing;
  standing.state = presence.state;
  if (!standing.state) {
    if (auto renewed = renew_state(standing, scope); !renewed) return renewed;
  }
  response.args.set("session_state", session::session_state(request.client->id.text(), target->origin(),
                                                            standing.state->value.reveal(), *salt));
  return {};
}

Verdict AuthorizationFlow::renew_state(Presence& presence, RequestScope& scope) const {
  if (!settings_.session_management) return {};
  auto state = parts_.cookies.new_state(parts_.random);
  if (!state) return fail(from_error(state.error()));
  if (auto set = set_cookie(parts_.cookies.set_state(*state), scope); !set) return set;
  presence.state = std::move(*state);
  return {};
}

Result<std::string, ProtocolError> AuthorizationFlow::sealed(InteractionStep step,
                                                             const Interaction& interaction,
                                                             RequestScope& scope) const {
  auto browser = browser_to_seal_for(parts_.cookies, parts_.random, scope);
  if (!browser) return fail(std::move(browser).error());
  auto seal = parts_.seals.seal(step, interaction, *browser, scope.now);
  if (seal) return std::move(*seal);
  if (seal.error().code == Errc::refused) {
    return fail(
        invalid_request("The authorization request is too large to be kept while a person is asked."));
  }
  return fail(from_error(seal.error()));
}

Result<model::InteractionId, ProtocolError> AuthorizationFlow::interaction_of(
    const Presence& presence) const {
  if (!presence.interaction.empty()) return presence.interaction;
  auto id = random_id(parts_.random);
  if (!id) return fail(from_error(id.error()));
  return model::InteractionId(std::move(*id));
}

ShownConsent AuthorizationFlow::shown_now(const AuthorizationRequest& request, const Presence& presence,
                                          const session::ConsentState& state) const {
  const model::User& user = presence.session->user;
  const auto items = shown_items(state, user, parts_.release.scopes());
  return {presence.cookie->digest, user.id, request.client->version, state.shown, state.claims,
          shown_data(user, items)};
}

}  // namespace oidcop::endpoint
