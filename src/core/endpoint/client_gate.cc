#include "endpoint/client_gate.h"

namespace oidcop::endpoint {

ClientView view_of(const model::Client& client) {
  ClientView view;
  view.client_id = client.id.text();
  view.is_public = client.is_public();
  view.metadata = client.metadata;
  if (client.pkce_essential) view.metadata.set_bool("pkce_essential", *client.pkce_essential);
  return view;
}

ClientGate::Authenticated ClientGate::by_built_in(const Message& request, const RequestScope& scope) const {
  return authenticator_.authenticate({request, scope.http.header("authorization"), allowed_.built_in,
                                      endpoint_url_, scope.http.remote_address, scope.http.request_id},
                                     scope.now);
}

ClientGate::Authenticated ClientGate::by_hook(const RecognisedClient& recognised,
                                              const Message& request) const {
  const auto& [owner, client] = recognised;
  auto admitted =
      authenticator_.admit_extension(model::ClientId(client.client_id), client.method, allowed_.extensions);
  if (!admitted) {
    admitted.error().detail = "hook " + owner + ": " + admitted.error().detail;
    return admitted;
  }
  if (request.has("client_id") && request.text("client_id") != client.client_id) {
    return fail(invalid_request("client_id differs from the client that authenticated.", "client_id"));
  }
  return admitted;
}

ClientGate::Authenticated ClientGate::decide(const Message& request, const RequestScope& scope,
                                             const HookRunner& hooks, const HookContext& context) const {
  // Hooks are asked even when a built-in credential is there: a second one beside it must not go unseen.
  auto recognised = hooks.authenticate_client(request, scope.http, allowed_.extensions, context);
  const bool by_extension = recognised ? recognised->has_value() : recognised.error().http_status < 500;
  if (by_extension && client::presents_credential(request, scope.http.header("authorization"))) {
    return fail(client::several_mechanisms());
  }
  if (!recognised) return fail(std::move(recognised).error());
  return *recognised ? by_hook(**recognised, request) : by_built_in(request, scope);
}

Verdict ClientGate::authenticate(Message& request, RequestScope& scope, const HookRunner& hooks,
                                 const HookContext& context) const {
  auto authenticated = decide(request, scope, hooks, context);
  if (!authenticated) return fail(std::move(authenticated).error());

  // Whoever authenticated is the client, and the request says so from here on.
  request.set("client_id", authenticated->client->id.text());
  for (const char* name : {"client_secret", "client_assertion", "client_assertion_type"})
    request.remove(name);
  scope.client_view = view_of(*authenticated->client);
  scope.client = std::move(authenticated->client);
  scope.client_auth_method = authenticated->method_name;
  scope.pending_jti = std::move(authenticated->pending_jti);
  return {};
}

void ClientGate::keep_promises(RequestScope& scope) const {
  if (!scope.pending_jti) return;
  // The answer is an error by now; whether the jti was new changes nothing in it.
  (void)tokens_.use_jti(*scope.pending_jti, scope.now);
  scope.pending_jti.reset();
}

}  // namespace oidcop::endpoint
