#include "endpoint/authorization/authorization_endpoint.h"

#include "base/form.h"
#include "base/json.h"
#include "base/url.h"
#include "endpoint/authorization/authorization_pages.h"
#include "endpoint/own_form.h"

#include <array>

namespace oidcop::endpoint {
namespace {

constexpr std::array<std::string_view, 4> kFrozen{"client_id", "redirect_uri", "state", "response_mode"};

}  // namespace

EndpointSettings authorization_settings(std::string issuer) {
  EndpointSettings settings;
  settings.name = "authorization";
  settings.issuer = std::move(issuer);
  settings.methods = {"GET", "POST"};
  settings.head = HeadRequests::refused;  // a GET may issue a code
  settings.rules.formats = {RequestFormat::query, RequestFormat::form, RequestFormat::message};
  settings.rules.repeatable = {"resource"};  // RFC 8707, 2
  return settings;
}

AuthorizationEndpoint::AuthorizationEndpoint(EndpointSettings settings, const Hooks& hooks, Log& log,
                                             const Parts& parts)
    : TypedEndpoint(std::move(settings), hooks, log, nullptr), parts_(parts) {}

/// A refusal may travel when the parameters beside the object prove the way back by themselves.
Verdict AuthorizationEndpoint::expand(Message& request, RequestScope& scope) const {
  scope.sent = request;
  auto expanded = parts_.sources.expand(request, scope);
  if (!expanded && scope.sent.has("redirect_uri")) (void)prove_return_route(scope.sent, scope, parts_.checks);
  return expanded;
}

Verdict AuthorizationEndpoint::look_up(const Message& request, RequestScope& scope) const {
  return prove_return_route(request, scope, parts_.checks);
}

std::span<const std::string_view> AuthorizationEndpoint::frozen_members() const {
  return kFrozen;
}

Result<AuthorizationRequest, ProtocolError> AuthorizationEndpoint::check_request(const Message& request,
                                                                                 RequestScope& scope) const {
  return check_authorization_request(request, scope, parts_.checks);
}

Result<ResponseArgs, ProtocolError> AuthorizationEndpoint::process_request(
    const AuthorizationRequest& request, RequestScope& scope) const {
  // A POST from another site comes without our cookies (SameSite=Lax), so that it says nothing about the
  // browser. It comes again as a GET, which brings them.
  if (scope.http.method == "POST" && !parts_.cookies.may_set(scope.http)) {
    ResponseArgs again;
    again.redirect_location = as_get(parts_.url, scope.sent);
    if (!again.redirect_location.empty()) return again;
    return fail(invalid_request("The authorization request is too large to be posted from another site."));
  }
  if (auto location = registration_location(request, scope); !location.empty()) {
    ResponseArgs elsewhere;
    elsewhere.redirect_location = std::move(location);
    return elsewhere;
  }
  auto presence = parts_.flow.presence_of(scope, model::InteractionId());
  if (!presence) return fail(std::move(presence).error());
  return parts_.flow.proceed(request, *presence, scope);
}

/// Errors travel to the relying party once the way there is proven (RFC 6749, 4.1.2.1). A passing fault on
/// our side stays here, where reloading the page repeats the request, unless nobody is looking at the page.
ResponseArgs AuthorizationEndpoint::error_args(const ProtocolError& error, const RequestScope& scope) const {
  const bool silent = scope.request.text("prompt") == "none";
  const bool passing_fault = error.http_status == 503 || error.http_status == 429;
  const bool for_the_person = error.http_status == 403;  // who may not use the client learns it here
  if (!scope.return_route || ((passing_fault || for_the_person) && !silent)) return error_page(error, scope);
  ResponseArgs args;
  args.is_error = true;
  args.placement = Placement::url;
  args.return_uri = scope.return_route->redirect_uri;
  args.response_mode = scope.return_route->response_mode;
  args.args.set("error", error.code);
  if (!error.description.empty()) args.args.set("error_description", error.description);
  if (scope.return_route->state) args.args.set("state", *scope.return_route->state);
  return args;
}

/// Initiating User Registration via OpenID Connect 1.0, 4: the deployment's own page makes the account and
/// sends the person back to this request, which then asks for no account any more. A request that is signed
/// or was pushed cannot be written anew; its person sees the login page.
std::string AuthorizationEndpoint::registration_location(const AuthorizationRequest& request,
                                                         const RequestScope& scope) const {
  const bool is_fixed = scope.origin.is_signed || scope.origin.pushed || scope.sent.has("request");
  if (!request.prompt.has(session::Prompt::create) || !parts_.registration_page || is_fixed) return {};
  Message rest = request.received;
  std::string prompt;
  for (const auto& word : request.received.words("prompt")) {
    if (word != "create") prompt += (prompt.empty() ? "" : " ") + word;
  }
  rest.remove("prompt");
  if (!prompt.empty()) rest.set("prompt", prompt);
  FormFields fields;
  if (auto back = as_get(parts_.url, rest); !back.empty()) fields.emplace_back("continue", std::move(back));
  return parts_.registration_page->with_query(encode_form(fields));
}

void AuthorizationEndpoint::update_http_args(EndpointResponse& response, const RequestScope& scope) const {
  if (leads_astray(response, scope)) response.http_response = way_back_page(response, scope);
  const bool is_posted = response.response_placement == Placement::url &&
                         response.response_mode == ResponseMode::form_post && !response.http_response;
  if (is_posted) response.http_response = form_post_page(response, scope);
  Endpoint::update_http_args(response, scope);
}

/// An error that would send a person on, without having asked them anything, to where somebody wants them
/// whom nobody here knows (RFC 9700, 4.11.2).
bool AuthorizationEndpoint::leads_astray(const EndpointResponse& response, const RequestScope& scope) const {
  if (response.http_response || response.response_placement != Placement::url) return false;
  if (!scope.client || scope.client->vetted || scope.person_answered) return false;
  if (parts_.redirect_errors_of_unvetted) return false;
  const auto* members = std::get_if<Message>(&response.response);
  return members != nullptr && members->has("error");
}

/// The error, and a link where the redirect would have been. None where it would have been a form.
http::Response AuthorizationEndpoint::way_back_page(const EndpointResponse& response,
                                                    const RequestScope& scope) const {
  const auto& members = std::get<Message>(response.response);
  ProtocolError error;
  error.code = members.text("error").value_or("");
  error.description = members.text("error_description").value_or("");
  page::ErrorPage page = page::error_page(error, scope.http.request_id);
  page.client = scope.client->name;
  const page::Locale& locale = locale_of(parts_.pages, scope.request.words("ui_locales"), scope);
  if (response.response_mode != ResponseMode::form_post) {
    EndpointResponse redirect = response;
    redirect.http_headers.clear();
    const auto target = to_http(redirect);
    page.way_back = shown_client(*scope.client, *scope.return_route, locale);
    page.way_back_url = std::string(target.header("Location").value_or(""));
  }
  auto rendered = parts_.pages.render(page, locale);
  if (rendered) return std::move(*rendered);
  http::Response nothing;
  nothing.status = 500;
  return nothing;
}

/// OAuth 2.0 Form Post Response Mode 1.0, 2: a page that posts the members to the relying party.
http::Response AuthorizationEndpoint::form_post_page(const EndpointResponse& response,
                                                     const RequestScope& scope) const {
  const auto* members = std::get_if<Message>(&response.response);
  const page::Locale& locale = locale_of(parts_.pages, scope.request.words("ui_locales"), scope);
  auto target = Url::parse(response.return_uri);
  if (members != nullptr && target && scope.client) {
    const page::FormPostPage page{*std::move(target), fields_of(*members),
                                  shown_client(*scope.client, *scope.return_route, locale),
                                  scope.http.request_id};
    if (auto rendered = parts_.pages.render(page, locale)) return std::move(*rendered);
  }
  http::Response nothing;
  nothing.status = 500;
  return nothing;
}

ResponseArgs AuthorizationEndpoint::error_page(const ProtocolError& error, const RequestScope& scope) const {
  page::ErrorPage page = page::error_page(error, scope.http.request_id);
  if (scope.client) page.client = scope.client->name;
  const page::Locale& locale = locale_of(parts_.pages, scope.request.words("ui_locales"), scope);
  return error_page_args(parts_.pages, page, locale);
}

}  // namespace oidcop::endpoint
