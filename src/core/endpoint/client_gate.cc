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

Verdict ClientGate::authenticate(Message& request, RequestScope& scope, const HookRunner& hooks,
                                 const HookContext& context) const {
  using Authenticated = Result<client::AuthenticatedClient, ProtocolError>;
  const auto authorization = scope.http.header("authorization");
  const auto built_in = [&]() -> Authenticated {
    return authenticator_.authenticate(
        {request, authorization, allowed_, endpoint_url_, scope.http.remote_address, scope.http.request_id},
        scope.now);
  };
  const auto decide = [&]() -> Authenticated {
    if (client::presents_credential(request, authorization)) return built_in();
    auto by_hook = hooks.authenticate_client(request, scope.http, context);
    if (!by_hook) return fail(std::move(by_hook).error());
    if (!*by_hook) return built_in();
    return authenticator_.admit_extension(model::ClientId((*by_hook)->client_id), (*by_hook)->method,
                                          allowed_);
  };
  auto authenticated = decide();
  if (!authenticated) return fail(std::move(authenticated).error());

  // Whoever authenticated is the client, and the request says so from here on.
  request.set("client_id", authenticated->client.id.text());
  for (const char* name : {"client_secret", "client_assertion", "client_assertion_type"})
    request.remove(name);
  scope.client_view = view_of(authenticated->client);
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

Verdict ClientGate::take_jti(RequestScope& scope) const {
  if (!scope.pending_jti) return {};
  const auto jti = std::move(*scope.pending_jti);
  scope.pending_jti.reset();
  auto fresh = tokens_.use_jti(jti, scope.now);
  if (!fresh) return fail(from_error(fresh.error()));
  if (!*fresh) return fail(client::assertion_was_used());
  return {};
}

}  // namespace oidcop::endpoint
