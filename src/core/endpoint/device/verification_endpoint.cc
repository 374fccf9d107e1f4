#include "endpoint/device/verification_endpoint.h"

#include "endpoint/authorization/authorization_pages.h"
#include "endpoint/own_form.h"
#include "page/views.h"

namespace oidcop::endpoint {

EndpointSettings verification_settings(std::string issuer) {
  EndpointSettings settings;
  settings.name = "device";
  settings.issuer = std::move(issuer);
  settings.methods = {"GET", "POST"};
  settings.rules.formats = {RequestFormat::query, RequestFormat::form, RequestFormat::message};
  settings.rules.repeatable = {std::string(page::kScopeField)};
  return settings;
}

VerificationEndpoint::VerificationEndpoint(EndpointSettings settings, const Hooks& hooks, Log& log,
                                           const Parts& parts)
    : Endpoint(std::move(settings), hooks, log, nullptr), parts_(parts) {}

EndpointResponse VerificationEndpoint::handle_raw(const RawRequest& raw, RequestScope& scope) const {
  return do_response(answer(raw, scope), scope);
}

Result<ResponseArgs, ProtocolError> VerificationEndpoint::answer(const RawRequest& raw,
                                                                 RequestScope& scope) const {
  if (auto parsed = parse_message(raw, scope); !parsed) return fail(std::move(parsed).error());
  const Message form = std::move(scope.request);  // may hold a password
  scope.request = Message();
  scope.received = Message();
  if (scope.http.method != "POST") {
    CodeNotice notice;
    notice.typed = form.text(page::kUserCodeField).value_or("");
    return parts_.flow.ask_for_code(notice, scope);
  }
  if (!comes_from_here(scope.http, parts_.cookies)) {  // without our cookies; the GET brings them
    ResponseArgs question;
    question.redirect_location = parts_.flow.url();
    return question;
  }
  const auto decision = form.text(page::kDecisionField).value_or(std::string(page::kDecisionContinue));
  if (decision == page::kDecisionContinue) return parts_.flow.code_entered(form, scope);
  if (decision == page::kDecisionLogin || decision == page::kDecisionCancel) {
    return parts_.flow.login_posted(form, scope);
  }
  if (decision == page::kDecisionAllow || decision == page::kDecisionDeny) {
    return parts_.flow.answered(form, scope);
  }
  return fail(invalid_request("decision has a value that no page of ours sends.", "decision"));
}

ResponseArgs VerificationEndpoint::error_args(const ProtocolError& error, const RequestScope& scope) const {
  page::ErrorPage page = page::error_page(error, scope.http.request_id);
  if (scope.client) page.client = scope.client->name;
  return error_page_args(parts_.pages, page, locale_of(parts_.pages, {}, scope));
}

}  // namespace oidcop::endpoint
