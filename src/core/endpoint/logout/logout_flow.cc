#include "endpoint/logout/logout_flow.h"

#include "base/form.h"
#include "base/url.h"
#include "endpoint/authorization/authorization_pages.h"
#include "endpoint/own_form.h"
#include "endpoint/set_cookie.h"
#include "logout/front_channel.h"

namespace oidcop::endpoint {
namespace {

using Answer = Result<ResponseArgs, ProtocolError>;

/// Where the person goes on; empty: nowhere.
std::string next_of(const LogoutRequest& request) {
  const auto target = Url::parse(request.post_logout_redirect_uri);
  if (!target) return {};
  return request.state ? target->with_query(encode_form({{"state", *request.state}})) : target->text();
}

/// A link that signs nobody out sends nobody to where only somebody unknown wants them (RFC 9700, 4.11.2).
LogoutRequest without_way_to_unvetted(LogoutRequest request) {
  if (request.client && !request.client->vetted) request.post_logout_redirect_uri.clear();
  return request;
}

}  // namespace

Answer LogoutFlow::proceed(const LogoutRequest& request, RequestScope& scope) const {
  auto present = present_of(scope);
  if (!present) return fail(std::move(present).error());
  if (!*present) return finish(without_way_to_unvetted(request), scope);
  const auto must = must_ask(request, **present);
  if (!must) return fail(must.error());
  return *must ? ask(request, **present, scope) : end(request, **present, scope);
}

Answer LogoutFlow::confirmed(const LogoutRequest& request, const logout::ShownLogout& shown,
                             RequestScope& scope) const {
  auto present = present_of(scope);
  if (!present) return fail(std::move(present).error());
  if (!*present) return finish(request, scope);
  if (!(shown == shown_now(request, **present))) return ask(request, **present, scope);
  return end(request, **present, scope);
}

Answer LogoutFlow::ask_again(const LogoutRequest& request, RequestScope& scope) const {
  auto present = present_of(scope);
  if (!present) return fail(std::move(present).error());
  return *present ? ask(request, **present, scope) : finish(request, scope);
}

Answer LogoutFlow::declined(const LogoutRequest& request, RequestScope& scope) const {
  auto present = present_of(scope);
  if (!present) return fail(std::move(present).error());
  if (!*present) return finish(request, scope);
  parts_.log.info("logout.declined",
                  {{"user", (*present)->session.user.username}, {"request_id", scope.http.request_id}});
  return page_answer(parts_.pages,
                     page::LoggedInPage{(*present)->session.user.username, scope.http.request_id},
                     locale_of(parts_.pages, request.ui_locales, scope));
}

Result<std::optional<LogoutFlow::Present>, ProtocolError> LogoutFlow::present_of(
    const RequestScope& scope) const {
  auto cookie = parts_.cookies.session(scope.http);
  if (!cookie) return std::optional<Present>();
  auto session = parts_.sessions.find_session(cookie->digest);
  if (!session && session.error().code != Errc::not_found) return fail(from_error(session.error()));
  if (!session || !session->session.is_active(scope.now)) return std::optional<Present>();
  return std::optional<Present>(Present{std::move(*session), std::move(*cookie)});
}

Result<bool, ProtocolError> LogoutFlow::must_ask(const LogoutRequest& request, const Present& present) const {
  logout::LogoutQuestion question;
  question.confirmation = settings_.confirmation;
  if (request.hint) {
    question.hint = &*request.hint;
    question.client = request.client->id;
    auto subject = parts_.subjects.subject_of(present.session.user, *request.client);
    if (!subject) return fail(from_error(subject.error()));
    question.session_subject = std::move(*subject);
    auto below = parts_.sessions.list_client_sessions(present.session.session.id);
    if (!below) return fail(from_error(below.error()));
    question.client_sessions = std::move(*below);
  }
  return !logout::reasons_to_ask(question).empty();
}

Answer LogoutFlow::ask(const LogoutRequest& request, const Present& present, RequestScope& scope) const {
  auto seal = sealed(request, present, scope);
  if (!seal) return fail(std::move(seal).error());
  const page::Locale& locale = locale_of(parts_.pages, request.ui_locales, scope);
  page::LogoutPage page;
  page.action = settings_.logout_url;
  page.seal = std::move(*seal);
  if (request.client) {
    ReturnRoute route;
    route.redirect_uri = request.post_logout_redirect_uri;
    page.client = shown_client(*request.client, route, locale);
  }
  page.account = present.session.user.username;
  page.request_id = scope.http.request_id;
  return page_answer(parts_.pages, page, locale);
}

Answer LogoutFlow::end(const LogoutRequest& request, const Present& present, RequestScope& scope) const {
  auto frames = frames_of(present);  // before: afterwards nobody knows who still was there
  if (!frames) return fail(std::move(frames).error());
  auto ended = parts_.sessions.end_session(present.session.session.id, scope.now);
  if (!ended && ended.error().code != Errc::not_found) return fail(from_error(ended.error()));
  parts_.log.info("session.ended", {{"user", present.session.user.username},
                                    {"client_id", request.client ? request.client->id.text() : std::string()},
                                    {"request_id", scope.http.request_id}});
  return finish(request, scope, std::move(*frames));
}

Result<std::vector<Url>, ProtocolError> LogoutFlow::frames_of(const Present& present) const {
  if (!settings_.front_channel) return std::vector<Url>();
  const auto ending = parts_.sessions.list_client_sessions(present.session.session.id);
  if (!ending) return fail(from_error(ending.error()));
  auto frames = logout::front_channel_frames(settings_.issuer, *ending, parts_.clients);
  if (!frames) return fail(from_error(frames.error()));
  return std::move(*frames);
}

/// The end of the way: back to the relying party where the request proved one, else a page of ours; a page in
/// any case when relying parties have to be told in frames.
Answer LogoutFlow::finish(const LogoutRequest& request, RequestScope& scope, std::vector<Url> frames) const {
  if (parts_.cookies.session(scope.http) && parts_.cookies.may_set(scope.http)) {
    if (auto cleared = forget_session(scope); !cleared) return fail(std::move(cleared).error());
  }
  if (request.post_logout_redirect_uri.empty() || !frames.empty()) {
    page::LoggedOutPage page{scope.http.request_id, std::move(frames), next_of(request)};
    return page_answer(parts_.pages, page, locale_of(parts_.pages, request.ui_locales, scope));
  }
  ResponseArgs response;
  response.placement = Placement::url;
  response.return_uri = request.post_logout_redirect_uri;
  if (request.state) response.args.set("state", *request.state);
  return response;
}

/// Relying parties that watch the browser's state see that it is another one (OpenID Connect Session
/// Management 1.0, 3.3).
Verdict LogoutFlow::forget_session(RequestScope& scope) const {
  if (auto cleared = set_cookie(parts_.cookies.clear_session(), scope); !cleared) return cleared;
  if (!settings_.session_management) return {};
  const auto state = parts_.cookies.new_state(parts_.random);
  if (!state) return fail(from_error(state.error()));
  return set_cookie(parts_.cookies.set_state(*state), scope);
}

Result<std::string, ProtocolError> LogoutFlow::sealed(const LogoutRequest& request, const Present& present,
                                                      RequestScope& scope) const {
  auto browser = browser_to_seal_for(parts_.cookies, parts_.random, scope);
  if (!browser) return fail(std::move(browser).error());
  auto seal = parts_.seals.seal({request.received, shown_now(request, present)}, *browser, scope.now);
  if (seal) return std::move(*seal);
  if (seal.error().code == Errc::refused) {
    return fail(invalid_request("The request is too large to be kept while a person is asked."));
  }
  return fail(from_error(seal.error()));
}

logout::ShownLogout LogoutFlow::shown_now(const LogoutRequest& request, const Present& present) {
  logout::ShownLogout shown;
  shown.session = present.cookie.digest;
  shown.user = present.session.user.id;
  if (request.client) {
    shown.client = request.client->id;
    shown.client_version = request.client->version;
  }
  return shown;
}

}  // namespace oidcop::endpoint
