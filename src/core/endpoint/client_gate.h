#pragma once

#include "client/authentication/client_authenticator.h"
#include "endpoint/hook_runner.h"
#include "endpoint/request_scope.h"
#include "store/token_store.h"

#include <oidcop/protocol_error.h>

#include <string>
#include <vector>

namespace oidcop::endpoint {

/// The step client_authentication of one endpoint: the built-in methods and the hooks' own. References
/// outlive it; thread-safe.
class ClientGate {
 public:
  ClientGate(const client::ClientAuthenticator& authenticator, store::TokenStore& tokens,
             client::AllowedMethods allowed, std::string endpoint_url)
      : authenticator_(authenticator),
        tokens_(tokens),
        allowed_(std::move(allowed)),
        endpoint_url_(std::move(endpoint_url)) {}

  /// Finds out who sends the request and notes it in the scope: client, view, method, a jti that waits to be
  /// taken. Exactly one credential may be presented, a hook's counted in; one that fails is the end.
  Verdict authenticate(Message& request, RequestScope& scope, const HookRunner& hooks,
                       const HookContext& context) const;

  /// Takes a jti that the request's own command did not take, so that an assertion works once whatever came
  /// of the request. Called when the outcome is known.
  void keep_promises(RequestScope& scope) const;

 private:
  using Authenticated = Result<client::AuthenticatedClient, ProtocolError>;
  Authenticated by_built_in(const Message& request, const RequestScope& scope) const;
  Authenticated by_hook(const RecognisedClient& recognised, const Message& request) const;
  Authenticated decide(const Message& request, const RequestScope& scope, const HookRunner& hooks,
                       const HookContext& context) const;

  const client::ClientAuthenticator& authenticator_;
  store::TokenStore& tokens_;
  client::AllowedMethods allowed_;
  std::string endpoint_url_;
};

}  // namespace oidcop::endpoint
