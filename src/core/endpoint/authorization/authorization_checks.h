#pragma once

#include "authn/acr_broker.h"
#include "claims/scope_claims.h"
#include "client/secret.h"
#include "endpoint/authorization/authorization_request.h"
#include "endpoint/request_scope.h"
#include "jose/signing_keys.h"
#include "store/client_store.h"
#include "token/resource_policy.h"

#include <oidcop/message.h>
#include <oidcop/protocol_error.h>

#include <string>
#include <vector>

namespace oidcop::endpoint {

/// What an authorization request is checked against. References outlive the checks.
struct AuthorizationCheckParts {
  std::string issuer;
  store::ClientStore& clients;
  const claims::ScopeClaims& scopes;
  const authn::AcrBroker& acr;
  const jose::SigningKeys& keys;
  const client::ClientSecrets& secrets;
  std::vector<std::string> response_types{"code"};  ///< canonical (model::ResponseType::text)
  std::vector<std::string> response_modes{"query", "fragment", "form_post"};
  bool claims_parameter = true;
  bool prompt_create = false;  ///< there is a page where people make an account
  bool require_signed_object = false;
  bool require_pushed = false;
  bool is_push = false;               ///< the request is being pushed, so that it need not have been
  token::ResourcePolicies resources;  ///< those that tokens may be asked for
};

/// Proves client and redirect URI and notes both in the scope: before that no answer may leave for the
/// relying party (RFC 6749, 4.1.2.1; RFC 9700, 2.1 and 4.1.3). Errors are for a page of ours.
Verdict prove_return_route(const Message& request, RequestScope& scope, const AuthorizationCheckParts& parts);

/// The table of checks, in order; stops at the first refusal.
Result<AuthorizationRequest, ProtocolError> check_authorization_request(const Message& request,
                                                                        const RequestScope& scope,
                                                                        const AuthorizationCheckParts& parts);

}  // namespace oidcop::endpoint
