#include "endpoint/device/device_flow.h"

#include "base/system_random.h"
#include "endpoint/authorization/authorization_pages.h"
#include "endpoint/own_form.h"
#include "token/authorization_code.h"

#include <variant>

namespace oidcop::endpoint {
namespace {

constexpr const char* kUserCode = "user_code";  // member of what the pages are sealed with

/// The person of a session that counts.
std::optional<model::UserId> person_of(const Presence& presence, TimePoint now) {
  if (!presence.session || !presence.session->session.is_active(now) || !presence.session->user.enabled)
    return std::nullopt;
  return presence.session->user.id;
}

Interaction interaction_of(const WaitingDevice& device, const Presence& presence) {
  Interaction interaction;
  interaction.id = presence.interaction;
  interaction.request.set(kUserCode, device.code.letters());
  return interaction;
}

}  // namespace

DeviceFlow::Answer DeviceFlow::ask_for_code(const CodeNotice& notice, RequestScope& scope) const {
  auto id = random_id(parts_.random);
  if (!id) return fail(from_error(id.error()));
  Interaction interaction;
  interaction.id = model::InteractionId(std::move(*id));
  auto seal = sealed(InteractionStep::device_code, interaction, scope);
  if (!seal) return fail(std::move(seal).error());
  page::DeviceCodePage page;
  page.action = settings_.verification_url;
  page.seal = std::move(*seal);
  const auto code = token::UserCode::read(notice.typed);
  page.user_code = code ? code->shown() : notice.typed;
  page.error = notice.error;
  page.retry_after = notice.retry_after;
  page.request_id = scope.http.request_id;
  return page_answer(parts_.pages, page, locale_of(parts_.pages, {}, scope));
}

DeviceFlow::Answer DeviceFlow::code_entered(const Message& form, RequestScope& scope) const {
  const std::string typed = form.text(page::kUserCodeField).value_or("");
  auto page = returned(form, InteractionStep::device_code, scope);
  if (!page) return fail(std::move(page).error());
  if (!*page) return ask_for_code({page::DeviceCodeError::restarted, typed, {}}, scope);
  auto presence = presence_of(parts_.sessions, parts_.cookies, scope, (*page)->interaction.id);
  if (!presence) return fail(std::move(presence).error());
  auto found = parts_.devices.find_typed(typed, person_of(*presence, scope.now), scope);
  if (!found) return fail(std::move(found).error());
  if (found->refused_until) {
    const auto wait = *found->refused_until - scope.now;
    return ask_for_code({page::DeviceCodeError::too_many_attempts, typed, wait}, scope);
  }
  if (!found->device) return ask_for_code({page::DeviceCodeError::unknown, typed, {}}, scope);
  scope.client = found->device->client;
  return proceed(*found->device, *presence, scope);
}

DeviceFlow::Answer DeviceFlow::login_posted(const Message& form, RequestScope& scope) const {
  auto page = returned(form, InteractionStep::device_login, scope);
  if (!page) return fail(std::move(page).error());
  if (!*page) return ask_for_code({page::DeviceCodeError::restarted, {}, {}}, scope);
  if (form.text(page::kDecisionField) == page::kDecisionCancel) return ask_for_code({}, scope);
  if (!(*page)->device) return ask_for_code({page::DeviceCodeError::unknown, {}, {}}, scope);
  auto presence = presence_of(parts_.sessions, parts_.cookies, scope, (*page)->interaction.id);
  if (!presence) return fail(std::move(presence).error());
  SignInOccasion occasion{presence->interaction, std::nullopt};
  if (presence->session) occasion.replaces = presence->session->session.id;
  auto signed_in = parts_.sign_in.sign_in(form, occasion, scope);
  if (!signed_in) return fail(std::move(signed_in).error());
  if (const auto* notice = std::get_if<LoginNotice>(&*signed_in)) {
    auto state = sign_in_state(*(*page)->device, *presence, scope.now);
    if (!state) return fail(std::move(state).error());
    return ask_to_sign_in(*(*page)->device, *presence, *state, *notice, scope);
  }
  auto& begun = std::get<BegunSession>(*signed_in);
  presence->cookie = std::move(begun.cookie);
  presence->session = std::move(begun.session);
  return proceed(*(*page)->device, *presence, scope);
}

DeviceFlow::Answer DeviceFlow::answered(const Message& form, RequestScope& scope) const {
  auto page = returned(form, InteractionStep::device_confirm, scope);
  if (!page) return fail(std::move(page).error());
  if (!*page) return ask_for_code({page::DeviceCodeError::restarted, {}, {}}, scope);
  const auto& [interaction, device] = **page;
  if (!device || !interaction.shown) return ask_for_code({page::DeviceCodeError::unknown, {}, {}}, scope);
  if (form.text(page::kDecisionField) == page::kDecisionDeny) return deny(*device, scope);
  auto presence = presence_of(parts_.sessions, parts_.cookies, scope, interaction.id);
  if (!presence) return fail(std::move(presence).error());
  const model::ScopeSet ticked(form.words(page::kScopeField));
  return allow(*device, *presence, *interaction.shown, ticked, scope);
}

/// Nothing when the seal is of another browser or step, changed, or too old to go on with.
Result<std::optional<DeviceFlow::Returned>, ProtocolError> DeviceFlow::returned(const Message& form,
                                                                                InteractionStep step,
                                                                                RequestScope& scope) const {
  const auto nothing = std::optional<Returned>();
  const auto browser = parts_.cookies.browser(scope.http);
  if (!browser) return nothing;
  auto opened = parts_.seals.open(form.text(page::kSealField).value_or(""), step, browser->digest, scope.now);
  if (!opened || opened->expired) return nothing;
  Returned page{std::move(opened->interaction), std::nullopt};
  const auto code = token::UserCode::read(page.interaction.request.text(kUserCode).value_or(""));
  if (!code) return std::optional(std::move(page));
  auto device = parts_.devices.find(*code, scope.now);
  if (!device) return fail(std::move(device).error());
  page.device = std::move(*device);
  if (page.device) scope.client = page.device->client;
  return std::optional(std::move(page));
}

DeviceFlow::Answer DeviceFlow::proceed(const WaitingDevice& device, const Presence& presence,
                                       RequestScope& scope, const LoginNotice& notice) const {
  auto state = sign_in_state(device, presence, scope.now);
  if (!state) return fail(std::move(state).error());
  if (!state->is_settled()) return ask_to_sign_in(device, presence, *state, notice, scope);
  auto allowed = check_may_use(*device.client, presence.session->user, parts_.log, scope);
  if (!allowed) return fail(std::move(allowed).error());
  return ask_to_confirm(device, presence, scope);
}

Result<session::SignInState, ProtocolError> DeviceFlow::sign_in_state(const WaitingDevice& device,
                                                                      const Presence& presence,
                                                                      TimePoint now) const {
  auto acr = parts_.acr.read(Message(), *device.client);
  if (!acr) return fail(std::move(acr).error());
  session::SignInQuestion question;
  question.interaction = presence.interaction;
  question.max_age = session::effective_max_age(std::nullopt, *device.client);
  question.acr_values = acr->values;
  question.supported_acrs = parts_.acr.acr_values_supported();
  if (presence.session) {
    question.session = &*presence.session;
    question.event_lifetime = parts_.acr.event_lifetime(presence.session->session.authentication.acr);
  }
  return session::sign_in_state(question, now);
}

DeviceFlow::Answer DeviceFlow::ask_to_sign_in(const WaitingDevice& device, const Presence& presence,
                                              const session::SignInState& state, const LoginNotice& notice,
                                              RequestScope& scope) const {
  auto seal = sealed(InteractionStep::device_login, interaction_of(device, presence), scope);
  if (!seal) return fail(std::move(seal).error());
  const page::Locale& locale = locale_of(parts_.pages, {}, scope);
  page::LoginPage login;
  login.action = settings_.verification_url;
  login.seal = std::move(*seal);
  login.client = shown_client(*device.client, {}, locale);
  login.username = notice.username;
  login.error = notice.error;
  login.retry_after = notice.retry_after;
  login.reason = login_reason(state);
  if (presence.session) login.account = presence.session->user.username;
  login.request_id = scope.http.request_id;
  return page_answer(parts_.pages, login, locale);
}

DeviceFlow::Answer DeviceFlow::ask_to_confirm(const WaitingDevice& device, const Presence& presence,
                                              RequestScope& scope) const {
  auto interaction = interaction_of(device, presence);
  interaction.shown = shown_now(device, presence);
  auto seal = sealed(InteractionStep::device_confirm, interaction, scope);
  if (!seal) return fail(std::move(seal).error());
  const page::Locale& locale = locale_of(parts_.pages, {}, scope);
  page::DeviceConfirmPage page;
  page.action = settings_.verification_url;
  page.seal = std::move(*seal);
  page.client = shown_client(*device.client, {}, locale);
  page.account = presence.session->user.username;
  page.user_code = device.code.shown();
  page.items = items_of(device, presence.session->user);
  page.request_id = scope.http.request_id;
  return page_answer(parts_.pages, page, locale);
}

DeviceFlow::Answer DeviceFlow::allow(const WaitingDevice& device, const Presence& presence,
                                     const ShownConsent& shown, const model::ScopeSet& ticked,
                                     RequestScope& scope) const {
  auto state = sign_in_state(device, presence, scope.now);
  if (!state) return fail(std::move(state).error());
  const bool unchanged = state->is_settled() && presence.cookie && shown == shown_now(device, presence);
  const bool may_use = unchanged && model::may_use(*device.client, presence.session->user.groups);
  if (!may_use) return proceed(device, presence, scope);

  AuthorizationRequest request;
  request.client = device.client;
  request.scope = device.scope;
  request.parameters = device.stored.request;
  const auto granted = session::narrowed_scope(device.scope, ticked);
  auto command = issuer_.command_for(
      {request, *presence.session, granted, std::nullopt, scope.now + settings_.session_idle_lifetime},
      scope);
  if (!command) return fail(std::move(command).error());
  command->device = device.stored.user_code;
  command->tokens = {
      token::code_record(command->grant, device.stored.device_code, scope.now, device.stored.expires_at)};
  const auto outcome = parts_.sessions.commit(*command);
  if (!outcome) return fail(from_error(outcome.error()));
  if (*outcome == store::AuthorizeOutcome::session_ended)
    return proceed(device, Presence{std::nullopt, std::nullopt, std::nullopt, presence.interaction}, scope);
  if (*outcome != store::AuthorizeOutcome::issued)
    return ask_for_code({page::DeviceCodeError::unknown, {}, {}}, scope);
  parts_.log.info("device.allowed", {{"client_id", device.client->id.text()},
                                     {"user", presence.session->user.username},
                                     {"scope", granted.text()},
                                     {"request_id", scope.http.request_id}});
  return done(device, page::DeviceEnd::allowed, scope);
}

DeviceFlow::Answer DeviceFlow::deny(const WaitingDevice& device, RequestScope& scope) const {
  const auto was_open = parts_.decisions.deny_device(device.stored.user_code, scope.now);
  if (!was_open) return fail(from_error(was_open.error()));
  if (!*was_open) return ask_for_code({page::DeviceCodeError::unknown, {}, {}}, scope);
  parts_.log.info("device.denied",
                  {{"client_id", device.client->id.text()}, {"request_id", scope.http.request_id}});
  return done(device, page::DeviceEnd::denied, scope);
}

DeviceFlow::Answer DeviceFlow::done(const WaitingDevice& device, page::DeviceEnd end,
                                    RequestScope& scope) const {
  const page::Locale& locale = locale_of(parts_.pages, {}, scope);
  const auto client = shown_client(*device.client, {}, locale);
  return page_answer(parts_.pages, page::DeviceDonePage{end, client.name, scope.http.request_id}, locale);
}

Result<std::string, ProtocolError> DeviceFlow::sealed(InteractionStep step, const Interaction& interaction,
                                                      RequestScope& scope) const {
  auto browser = browser_to_seal_for(parts_.cookies, parts_.random, scope);
  if (!browser) return fail(std::move(browser).error());
  auto seal = parts_.seals.seal(step, interaction, *browser, scope.now);
  if (!seal) return fail(from_error(seal.error()));
  return std::move(*seal);
}

std::vector<page::RequestedItem> DeviceFlow::items_of(const WaitingDevice& device,
                                                      const model::User& user) const {
  session::ConsentState state;
  state.shown = device.scope;
  return shown_items(state, user, parts_.release.scopes());
}

ShownConsent DeviceFlow::shown_now(const WaitingDevice& device, const Presence& presence) const {
  const model::User& user = presence.session->user;
  return {presence.cookie->digest,
          user.id,
          device.client->version,
          device.scope,
          {},
          shown_data(user, items_of(device, user))};
}

}  // namespace oidcop::endpoint
