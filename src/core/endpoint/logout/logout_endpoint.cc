#include "endpoint/logout/logout_endpoint.h"

#include "endpoint/own_form.h"
#include "page/views.h"

namespace oidcop::endpoint {

EndpointSettings logout_settings(std::string issuer) {
  EndpointSettings settings;
  settings.name = "logout";
  settings.issuer = std::move(issuer);
  settings.methods = {"GET", "POST"};  // a GET has no seal: its answer is the question
  settings.rules.formats = {RequestFormat::query, RequestFormat::form, RequestFormat::message};
  settings.rules.max_value_octets = 64U << 10U;  // a sealed request
  return settings;
}

LogoutEndpoint::LogoutEndpoint(EndpointSettings settings, const Hooks& hooks, Log& log, const Parts& parts)
    : Endpoint(std::move(settings), hooks, log, nullptr), parts_(parts) {}

EndpointResponse LogoutEndpoint::handle_raw(const RawRequest& raw, RequestScope& scope) const {
  return parts_.end_session.finish(answer(raw, scope), scope);
}

Result<ResponseArgs, ProtocolError> LogoutEndpoint::answer(const RawRequest& raw, RequestScope& scope) const {
  if (auto parsed = parse_message(raw, scope); !parsed) return fail(std::move(parsed).error());
  const Message form = std::move(scope.request);
  scope.request = Message();  // from here on it is the request to sign out
  scope.received = Message();
  auto opened = opened_page(form, scope);
  if (!opened) {
    log().info("logout.unproven", {{"detail", opened.error().detail}, {"request_id", scope.http.request_id}});
    ResponseArgs question;
    question.redirect_location = parts_.end_session.url();
    return question;
  }
  RawRequest again;
  again.format = RequestFormat::message;
  again.message = std::move(opened->pending.request);
  auto request = parts_.end_session.parse_request(again, scope);
  if (!request) return fail(std::move(request).error());

  const auto decision = form.text(page::kDecisionField);
  if (decision == page::kDecisionCancel) return parts_.flow.declined(*request, scope);
  if (opened->expired || decision != page::kDecisionLogout) return parts_.flow.ask_again(*request, scope);
  return parts_.flow.confirmed(*request, opened->pending.shown, scope);
}

Result<logout::OpenedLogout> LogoutEndpoint::opened_page(const Message& form,
                                                         const RequestScope& scope) const {
  if (!comes_from_here(scope.http, parts_.cookies)) {
    return fail(Errc::refused, "posted by another site or in a frame");
  }
  const auto browser = parts_.cookies.browser(scope.http);
  if (!browser) return fail(Errc::refused, "the browser cookie is missing");
  const bool posted = scope.http.method == "POST";  // a seal in a URL would end up in histories and logs
  return parts_.seals.open(posted ? form.text(page::kSealField).value_or("") : std::string(), browser->digest,
                           scope.now);
}

}  // namespace oidcop::endpoint
