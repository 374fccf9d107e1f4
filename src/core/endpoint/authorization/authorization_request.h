#pragma once

#include "authn/acr_broker.h"
#include "claims/claims_request.h"
#include "endpoint/request_origin.h"
#include "model/client.h"
#include "model/response_type.h"
#include "model/scope.h"
#include "session/prompt.h"

#include <oidcop/message.h>
#include <oidcop/time.h>

#include <optional>
#include <string>
#include <vector>

namespace oidcop::endpoint {

/// An authorization request that passed every check (OpenID Connect Core 1.0, 3.1.2.1). Immutable once made;
/// where the answer goes is in RequestScope::return_route.
struct AuthorizationRequest {
  model::SharedClient client;  ///< never null
  model::ResponseType response_type;
  model::ScopeSet scope;  ///< requested, and of it what the client may have
  session::PromptSet prompt;
  std::optional<Seconds> max_age;  ///< the request's, else the client's default
  authn::AcrRequest acr;
  claims::ClaimsRequest claims;
  std::optional<std::string> requested_subject;  ///< of id_token_hint or the claims parameter
  std::string login_hint;
  std::vector<std::string> ui_locales;
  Message parameters;  ///< after the hooks; kept with the grant
  Message received;    ///< before them; what an interaction carries
  RequestOrigin origin;
};

}  // namespace oidcop::endpoint
