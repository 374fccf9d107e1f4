#include "endpoint/authorization/consent_endpoint.h"

#include "model/scope.h"
#include "page/views.h"

namespace oidcop::endpoint {

ConsentEndpoint::ConsentEndpoint(EndpointSettings settings, const Hooks& hooks, Log& log,
                                 const PageFormParts& parts)
    : Endpoint(std::move(settings), hooks, log, nullptr), parts_(parts) {}

EndpointResponse ConsentEndpoint::handle_raw(const RawRequest& raw, RequestScope& scope) const {
  return parts_.authorization.finish(answer(raw, scope), scope);
}

Result<ResponseArgs, ProtocolError> ConsentEndpoint::answer(const RawRequest& raw,
                                                            RequestScope& scope) const {
  if (auto parsed = parse_message(raw, scope); !parsed) return fail(std::move(parsed).error());
  const Message form = scope.request;
  auto page = returned_page(parts_, form, InteractionStep::consent, scope);
  if (!page) return fail(std::move(page).error());

  const auto decision = form.text(page::kDecisionField);
  if (decision == page::kDecisionDeny) {
    log().info("consent.denied",
               {{"client_id", page->request.client->id.text()}, {"request_id", scope.http.request_id}});
    return fail(access_denied("The person refused."));
  }
  if (page->expired || !page->shown || decision != page::kDecisionAllow) {
    return parts_.flow.ask_consent_again(page->request, page->presence, scope);
  }
  const model::ScopeSet ticked(form.words(page::kScopeField));
  return parts_.flow.consented(page->request, page->presence, *page->shown, ticked, scope);
}

}  // namespace oidcop::endpoint
