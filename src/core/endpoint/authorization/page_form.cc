#include "endpoint/authorization/page_form.h"

#include "endpoint/own_form.h"
#include "page/views.h"

namespace oidcop::endpoint {
namespace {

/// The interaction is over for reasons that lie in the browser; beginning again at the relying party helps.
ProtocolError lost(std::string detail) {
  ProtocolError error;
  error.code = "interaction_lost";
  error.description = "This page does not belong to a sign-in that this browser has begun.";
  error.detail = std::move(detail);
  error.http_status = 400;
  return error;
}

}  // namespace

EndpointSettings page_form_settings(std::string name, std::string issuer) {
  EndpointSettings settings;
  settings.name = std::move(name);
  settings.issuer = std::move(issuer);
  settings.methods = {"GET", "POST"};  // a GET has no seal: its answer says where to begin again
  settings.rules.formats = {RequestFormat::query, RequestFormat::form, RequestFormat::message};
  settings.rules.repeatable = {std::string(page::kScopeField)};
  settings.rules.max_value_octets = 48U << 10U;  // a sealed request
  return settings;
}

Result<ReturnedPage, ProtocolError> returned_page(const PageFormParts& parts, const Message& form,
                                                  InteractionStep step, RequestScope& scope) {
  if (!comes_from_here(scope.http, parts.cookies)) return fail(lost("posted by another site or in a frame"));
  const auto browser = parts.cookies.browser(scope.http);
  if (!browser) return fail(lost("the browser cookie is missing"));
  const bool posted = scope.http.method == "POST";  // a seal in a URL would end up in histories and logs
  const std::string seal = posted ? form.text(page::kSealField).value_or("") : std::string();
  auto opened = parts.seals.open(seal, step, browser->digest, scope.now);
  if (!opened) return fail(lost(opened.error().detail));

  scope.person_answered = true;

  RawRequest raw;
  raw.format = RequestFormat::message;
  raw.message = std::move(opened->interaction.request);
  scope.origin = opened->interaction.origin;
  auto request = parts.authorization.parse_request(raw, scope);
  if (!request) return fail(std::move(request).error());
  auto presence =
      parts.flow.presence_of(scope, opened->expired ? model::InteractionId() : opened->interaction.id);
  if (!presence) return fail(std::move(presence).error());
  return ReturnedPage{std::move(*request), std::move(*presence), std::move(opened->interaction.shown),
                      opened->expired};
}

}  // namespace oidcop::endpoint
