#pragma once

#include "base/digest.h"
#include "claims/release.h"
#include "endpoint/authorization/authorization_request.h"
#include "endpoint/request_scope.h"
#include "endpoint/response_args.h"
#include "model/user.h"
#include "page/pages.h"
#include "session/consent_state.h"
#include "session/sign_in_state.h"

#include <oidcop/protocol_error.h>

#include <string>
#include <vector>

namespace oidcop::endpoint {

/// The relying party as the pages show it: name and links in the page's language where it registered such
/// (OpenID Connect Dynamic Client Registration 1.0, 2.1).
page::ClientView shown_client(const model::Client& client, const ReturnRoute& route,
                              const page::Locale& locale);

/// What a consent page lists: each scope with its claims, then the claims that were asked for one by one.
std::vector<page::RequestedItem> shown_items(const session::ConsentState& state, const model::User& user,
                                             const claims::ScopeClaims& scopes);

/// A digest of everything on a consent page that comes from the person's record.
Digest shown_data(const model::User& user, const std::vector<page::RequestedItem>& items);

page::LoginReason login_reason(const session::SignInState& state);

/// The locale of the person behind a request: ui_locales, then Accept-Language.
const page::Locale& locale_of(const page::Pages& pages, const std::vector<std::string>& ui_locales,
                              const RequestScope& scope);

/// A rendered page as the outcome of a step; a page that cannot be rendered is a server_error.
template <class Page>
Result<ResponseArgs, ProtocolError> page_answer(const page::Pages& pages, const Page& page,
                                                const page::Locale& locale) {
  auto rendered = pages.render(page, locale);
  if (!rendered) return fail(from_error(rendered.error()));
  ResponseArgs response;
  response.page = std::move(*rendered);
  return response;
}

/// A refusal that a person sees.
ResponseArgs error_page_args(const page::Pages& pages, const page::ErrorPage& page,
                             const page::Locale& locale);

}  // namespace oidcop::endpoint
