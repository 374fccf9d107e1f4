#include "endpoint/logout/end_session_endpoint.h"

#include "endpoint/authorization/authorization_pages.h"
#include "endpoint/own_form.h"

#include <array>

namespace oidcop::endpoint {
namespace {

constexpr std::array<std::string_view, 4> kFrozen{"client_id", "id_token_hint", "post_logout_redirect_uri",
                                                  "state"};

}  // namespace

EndpointSettings end_session_settings(std::string issuer) {
  EndpointSettings settings;
  settings.name = "end_session";
  settings.issuer = std::move(issuer);
  settings.methods = {"GET", "POST"};
  settings.head = HeadRequests::refused;  // a GET may end a session
  settings.rules.formats = {RequestFormat::query, RequestFormat::form, RequestFormat::message};
  return settings;
}

EndSessionEndpoint::EndSessionEndpoint(EndpointSettings settings, const Hooks& hooks, Log& log,
                                       const Parts& parts)
    : TypedEndpoint(std::move(settings), hooks, log, nullptr), parts_(parts) {}

Verdict EndSessionEndpoint::look_up(const Message& request, RequestScope& scope) const {
  return find_logout_client(request, scope, parts_.checks);
}

std::span<const std::string_view> EndSessionEndpoint::frozen_members() const {
  return kFrozen;
}

Result<LogoutRequest, ProtocolError> EndSessionEndpoint::check_request(const Message& request,
                                                                       RequestScope& scope) const {
  return check_logout_request(request, scope, parts_.checks);
}

Result<ResponseArgs, ProtocolError> EndSessionEndpoint::process_request(const LogoutRequest& request,
                                                                        RequestScope& scope) const {
  if (scope.http.method == "POST" && !parts_.cookies.may_set(scope.http)) {
    ResponseArgs again;
    again.redirect_location = as_get(parts_.url, request.received);
    if (!again.redirect_location.empty()) return again;
    return fail(invalid_request("The request is too large to be posted from another site."));
  }
  return parts_.flow.proceed(request, scope);
}

/// Nothing is sent to a relying party about a request that failed: the specification knows no error
/// responses.
ResponseArgs EndSessionEndpoint::error_args(const ProtocolError& error, const RequestScope& scope) const {
  page::ErrorPage page = page::error_page(error, scope.http.request_id);
  if (page.cause == page::ErrorCause::application) page.cause = page::ErrorCause::logout;
  if (scope.client) page.client = scope.client->name;
  return error_page_args(parts_.pages, page,
                         locale_of(parts_.pages, scope.request.words("ui_locales"), scope));
}

}  // namespace oidcop::endpoint
