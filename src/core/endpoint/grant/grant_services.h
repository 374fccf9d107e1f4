#pragma once

#include "base/log.h"
#include "claims/release.h"
#include "client/secret.h"
#include "endpoint/request_scope.h"
#include "endpoint/response_args.h"
#include "jose/signing_keys.h"
#include "store/token_store.h"
#include "token/access_token.h"
#include "token/client_jwt.h"
#include "token/id_token.h"
#include "token/refresh_token.h"
#include "token/usage_rules.h"

#include <oidcop/protocol_error.h>
#include <oidcop/random.h>

#include <optional>
#include <string>
#include <vector>

namespace oidcop::endpoint {

/// What the grant types of the token endpoint work with. References outlive them.
struct GrantServices {
  store::TokenStore& tokens;
  const token::AccessTokens& access_tokens;
  const token::IdTokens& id_tokens;
  const token::ClientJwts& client_jwts;
  const token::UsagePolicy& usage;
  const jose::SigningKeys& keys;
  const claims::ClaimRelease& release;
  const client::ClientSecrets& secrets;
  Random& random;
  Log& log;
  int max_refresh_families = 0;  ///< per person and client; 0: no bound
};

/// Reads a code or refresh token. It is noted in the scope only when it is of that class and the client's
/// own; a stranger's looks like none.
Verdict look_up_credential(const GrantServices& services, const std::string& value,
                           model::TokenClass token_class, RequestScope& scope);

/// The same by its digest, for codes that the store knows under another than that of their octets.
Verdict look_up_credential(const GrantServices& services, const Digest& digest, model::TokenClass token_class,
                           RequestScope& scope);

/// The resources that the request's access token is for (RFC 8707, 2.2). Errors: invalid_target, also when
/// they want tokens of different formats.
Result<std::vector<std::string>, ProtocolError> resources_of(const GrantServices& services,
                                                             const Message& request,
                                                             const RequestScope& scope);

/// What a code or a refresh token buys.
struct Purchase {
  model::TokenClass parent = model::TokenClass::authorization_code;
  model::ScopeSet scope;  ///< of access token and claims; a refresh token has that of what was presented
  std::vector<std::string> resources = {};  ///< that the access token is for; empty: the usual audience
  bool with_refresh_token = false;
  std::string nonce;
};

/// The rows to store and the response to send once they are stored (RFC 6749, 5.1; OpenID Connect Core 1.0,
/// 3.1.3.3).
struct Purchased {
  std::vector<model::TokenRecord> records;
  ResponseArgs response;
};

/// Mints and signs everything; nothing is stored yet. The scope holds client and presented credential.
Result<Purchased, ProtocolError> purchase(const GrantServices& services, const Purchase& order,
                                          const RequestScope& scope);

}  // namespace oidcop::endpoint
