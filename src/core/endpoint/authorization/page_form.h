#pragma once

#include "endpoint/authorization/authorization_endpoint.h"
#include "endpoint/authorization/authorization_flow.h"
#include "endpoint/authorization/interaction.h"
#include "endpoint/endpoint.h"

#include <oidcop/protocol_error.h>

#include <optional>

namespace oidcop::endpoint {

/// What every posted page of ours goes through. References outlive it.
struct PageFormParts {
  const AuthorizationEndpoint& authorization;
  const AuthorizationFlow& flow;
  const InteractionSeals& seals;
  const session::Cookies& cookies;
};

/// A posted page, found to come from this browser and this site, with its authorization request checked anew.
struct ReturnedPage {
  AuthorizationRequest request;
  Presence presence;
  std::optional<ShownConsent> shown;
  bool expired = false;  ///< the request may start again, and must not be finished
};

/// Opens the seal and runs every check of the authorization request again: client, redirect URI and keys may
/// have changed while the page was open. Errors before the request is proven are for a page of ours.
Result<ReturnedPage, ProtocolError> returned_page(const PageFormParts& parts, const Message& form,
                                                  InteractionStep step, RequestScope& scope);

/// A form post with a seal in it.
EndpointSettings page_form_settings(std::string name, std::string issuer);

}  // namespace oidcop::endpoint
