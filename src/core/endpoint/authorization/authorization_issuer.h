#pragma once

#include "base/log.h"
#include "claims/release.h"
#include "claims/subject.h"
#include "client/secret.h"
#include "endpoint/authorization/authorization_request.h"
#include "endpoint/request_scope.h"
#include "endpoint/response_args.h"
#include "jose/signing_keys.h"
#include "store/session_store.h"
#include "token/access_token.h"
#include "token/client_jwt.h"
#include "token/id_token.h"
#include "token/usage_rules.h"

#include <oidcop/protocol_error.h>
#include <oidcop/random.h>

#include <optional>

namespace oidcop::endpoint {

/// What the issuer works with. References outlive it.
struct IssuerParts {
  store::SessionStore& sessions;
  const claims::ClaimRelease& release;
  const claims::Subjects& subjects;
  const token::UsagePolicy& usage;
  const token::AccessTokens& access_tokens;
  const token::IdTokens& id_tokens;
  const token::ClientJwts& client_jwts;
  const jose::SigningKeys& keys;
  const client::ClientSecrets& secrets;
  Random& random;
  Log& log;
};

/// An authorization request that everybody has said yes to. References are borrowed for the call.
struct Allowance {
  const AuthorizationRequest& request;
  const store::LiveSession& session;
  const model::ScopeSet& granted;
  std::optional<model::Consent> consent;  ///< to be remembered
  TimePoint idle_expires_at{};            ///< the session's, from now on
};

/// Makes the authorization response: the code, the ID Token and the access token that the response type asks
/// for (RFC 6749, 4.1.2 and 4.2.2; OpenID Connect Core 1.0, 3.1.2.5, 3.2.2.5 and 3.3.2.5), and what is kept
/// of them. Thread-safe.
class AuthorizationIssuer {
 public:
  explicit AuthorizationIssuer(const IssuerParts& parts) : parts_(parts) {}

  /// The response for the scope's return route; nothing when the session has ended meanwhile. The response
  /// type "none" leaves a client session and a grant without tokens. Errors: server_error,
  /// temporarily_unavailable.
  Result<std::optional<ResponseArgs>, ProtocolError> issue(const Allowance& allowance,
                                                           const RequestScope& scope) const;
  /// Client session, grant and consent, and no tokens yet. Errors: as above.
  Result<store::Authorize, ProtocolError> command_for(const Allowance& allowance,
                                                      const RequestScope& scope) const;

 private:
  struct Issue;  // the command, and the response that goes out when it is done
  Verdict join_client_session(const Allowance& allowance, store::Authorize& command) const;
  Verdict add_code(const Allowance& allowance, Issue& issue, TimePoint now) const;
  Verdict add_access_token(const Allowance& allowance, Issue& issue, TimePoint now) const;
  Verdict add_id_token(const Allowance& allowance, Issue& issue, const RequestScope& scope) const;
  Message id_token_claims(const Allowance& allowance, const store::Authorize& command) const;

  IssuerParts parts_;
};

}  // namespace oidcop::endpoint
