#pragma once

#include "base/log.h"
#include "client/authentication/client_authentication_policy.h"
#include "client/published_keys.h"
#include "client/secret.h"
#include "model/client.h"
#include "store/client_store.h"
#include "store/throttle_store.h"
#include "store/token_store.h"

#include <oidcop/message.h>
#include <oidcop/protocol_error.h>
#include <oidcop/time.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace oidcop::client {

/// One request, as far as client authentication is concerned. Views live as long as the call.
struct ClientAuthenticationRequest {
  const Message& parameters;                            ///< client_id, client_secret, client_assertion(_type)
  std::optional<std::string_view> authorization;        ///< the Authorization header as received
  const std::vector<model::ClientAuthMethod>& allowed;  ///< the endpoint's methods
  std::string_view endpoint_url;                        ///< of the endpoint called
  std::string_view remote_address;
  std::string_view request_id;
};

struct AuthenticatedClient {
  model::SharedClient client;
  model::ClientAuthMethod method = model::ClientAuthMethod::none;
  std::string method_name;  ///< as in the client's metadata; for TokenRecord::authentication
  /// The assertion's jti. Whoever answers the request takes it in the same step as everything else; a jti
  /// that was there before is invalid_client, see assertion_was_used().
  std::optional<store::UsedJti> pending_jti;
};

/// Decides who sends a request (RFC 6749, 2.3; OpenID Connect Core 1.0, 9; RFC 7523, 2.2).
///
/// Exactly one mechanism may be presented, and it must be the one the client registered: a credential that is
/// presented and fails ends in 401, whatever else would have been possible. Only a client that is registered
/// as public goes without a credential. An unknown client, a disabled one and a wrong secret look alike.
/// Thread-safe; references outlive it.
class ClientAuthenticator {
 public:
  struct Parts {
    store::ClientStore& clients;
    store::ThrottleStore& throttle;
    const ClientSecrets& secrets;
    const PublishedKeys& published_keys;
    const jose::Pepper& pepper;
    Log& log;
  };
  ClientAuthenticator(const Parts& parts, ClientAuthenticationPolicy policy);

  /// Errors: invalid_request (400: two mechanisms, a malformed parameter), invalid_client (401 with
  /// WWW-Authenticate), 429 with Retry-After (too many wrong short secrets), 503 (store or hashes busy).
  Result<AuthenticatedClient, ProtocolError> authenticate(const ClientAuthenticationRequest& request,
                                                          TimePoint now) const;

  /// A client that a hook's own method has identified: it must exist, be enabled, be registered for exactly
  /// this method name, and the endpoint must allow it. Errors: as above.
  /// \param allowed  names of the extensions' methods that the endpoint accepts
  Result<AuthenticatedClient, ProtocolError> admit_extension(const model::ClientId& id,
                                                             std::string_view method_name,
                                                             const std::vector<std::string>& allowed) const;

 private:
  struct Attempt;  // one call's state, in the .cc
  Parts parts_;
  ClientAuthenticationPolicy policy_;
};

/// The methods that one endpoint accepts.
struct AllowedMethods {
  std::vector<model::ClientAuthMethod> built_in;
  std::vector<std::string> extensions;  ///< names of hooks' own
};

/// The refusal of a request that presents more than one credential (RFC 6749, 2.3).
ProtocolError several_mechanisms();

/// The refusal of a request whose assertion turned out to be used before (outcome jti_seen).
ProtocolError assertion_was_used();

/// Whether the request presents a credential of one of the built-in kinds.
bool presents_credential(const Message& parameters, std::optional<std::string_view> authorization);

}  // namespace oidcop::client
