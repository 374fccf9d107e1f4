#pragma once

#include "client/authentication/client_authentication_policy.h"
#include "jose/jwk_set.h"
#include "model/client.h"
#include "store/token_store.h"

#include <oidcop/result.h>
#include <oidcop/time.h>

#include <string>
#include <string_view>

namespace oidcop::client {

inline constexpr std::string_view kJwtBearerAssertion =
    "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// client_secret_jwt or private_key_jwt: a JWT in which the client names itself (RFC 7523, 2.2).
struct AssertionCredential {
  std::string assertion;
  std::string type;
  std::string client_id_parameter;  ///< the form's client_id; empty when absent
};

/// Who an assertion claims to come from, and by which method; nothing in it has been verified.
struct AssertionClaim {
  model::ClientId client;
  model::ClientAuthMethod method = model::ClientAuthMethod::private_key_jwt;
  jose::Algorithm algorithm = jose::Algorithm::none;
};

/// Errors: refused, malformed; the text is for the log.
Result<AssertionClaim> peek_assertion(const AssertionCredential& credential);

/// Verifies signature and claims (RFC 7523, 3; OpenID Connect Core 1.0, 9): iss = sub = client_id, aud ours,
/// exp there and near, typ fitting, jti there. Only then the jti is worth remembering. \param keys  the
/// client's, or those of nobody when there is no such client \return the jti to take, kept until the
/// assertion is worthless anyway. Errors: as jose::verify_jwt.
Result<store::UsedJti> verify_assertion(const AssertionCredential& credential, const AssertionClaim& claim,
                                        const jose::JwkSet& keys, jose::AlgorithmSet algorithms,
                                        const ClientAuthenticationPolicy& policy,
                                        std::string_view endpoint_url, TimePoint now);

}  // namespace oidcop::client
