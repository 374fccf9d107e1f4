#pragma once

#include "client/secret.h"
#include "endpoint/logout/logout_request.h"
#include "endpoint/request_scope.h"
#include "jose/signing_keys.h"
#include "store/client_store.h"

#include <oidcop/message.h>
#include <oidcop/protocol_error.h>

#include <string>

namespace oidcop::endpoint {

/// What a request to sign out is checked against. References outlive the checks.
struct LogoutCheckParts {
  std::string issuer;
  store::ClientStore& clients;
  const jose::SigningKeys& keys;
  const client::ClientSecrets& secrets;
};

/// The client that client_id names, else the one whose ID Token the hint says it is; noted in the scope. None
/// is fine, too (OpenID Connect RP-Initiated Logout 1.0, 2: all parameters are optional).
Verdict find_logout_client(const Message& request, RequestScope& scope, const LogoutCheckParts& parts);

/// The table of checks, in order; stops at the first refusal. Refusals are for a page of ours: nothing about
/// a request that fails is sent anywhere (OpenID Connect RP-Initiated Logout 1.0, 4).
Result<LogoutRequest, ProtocolError> check_logout_request(const Message& request, const RequestScope& scope,
                                                          const LogoutCheckParts& parts);

}  // namespace oidcop::endpoint
