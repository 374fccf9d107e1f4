#include "endpoint/authorization/login_endpoint.h"

#include "page/views.h"

#include <variant>

namespace oidcop::endpoint {

LoginEndpoint::LoginEndpoint(EndpointSettings settings, const Hooks& hooks, Log& log, const Parts& parts)
    : Endpoint(std::move(settings), hooks, log, nullptr), parts_(parts) {}

EndpointResponse LoginEndpoint::handle_raw(const RawRequest& raw, RequestScope& scope) const {
  return parts_.form.authorization.finish(answer(raw, scope), scope);
}

LoginEndpoint::Answer LoginEndpoint::answer(const RawRequest& raw, RequestScope& scope) const {
  if (auto parsed = parse_message(raw, scope); !parsed) return fail(std::move(parsed).error());
  const Message form = std::move(scope.request);
  scope.request =
      Message();  // holds a password; from here on the scope's request is the authorization request
  scope.received = Message();
  auto page = returned_page(parts_.form, form, InteractionStep::login, scope);
  if (!page) return fail(std::move(page).error());

  if (form.text(page::kDecisionField) == page::kDecisionCancel) {
    return fail(access_denied("The person cancelled the sign-in."));
  }
  if (page->expired) {
    return parts_.form.flow.login_page(page->request, page->presence, scope,
                                       {page::LoginError::restarted, {}, {}});
  }
  return try_password(*page, form, scope);
}

LoginEndpoint::Answer LoginEndpoint::try_password(const ReturnedPage& page, const Message& form,
                                                  RequestScope& scope) const {
  SignInOccasion occasion{page.presence.interaction, std::nullopt};
  if (page.presence.session) occasion.replaces = page.presence.session->session.id;
  auto signed_in = parts_.sign_in.sign_in(form, occasion, scope);
  if (!signed_in) return fail(std::move(signed_in).error());
  if (const auto* notice = std::get_if<LoginNotice>(&*signed_in)) {
    return parts_.form.flow.login_page(page.request, page.presence, scope, *notice);
  }
  auto& begun = std::get<BegunSession>(*signed_in);
  Presence presence;
  presence.interaction = page.presence.interaction;
  presence.cookie = std::move(begun.cookie);
  presence.session = std::move(begun.session);
  if (auto renewed = parts_.form.flow.renew_state(presence, scope); !renewed)
    return fail(std::move(renewed).error());
  return parts_.form.flow.proceed(page.request, presence, scope);
}

}  // namespace oidcop::endpoint
