#include "endpoint/grant/client_credentials.h"

#include "base/json.h"
#include "client/authentication/client_authenticator.h"
#include "endpoint/resource_indicators.h"

namespace oidcop::endpoint {
namespace {

class ClientCredentialsRequest final : public GrantRequest {
 public:
  ClientCredentialsRequest(const GrantServices& services, store::ClientTokenStore& store,
                           model::ScopeSet requested)
      : services_(services), store_(store), requested_(std::move(requested)) {}

  Result<ResponseArgs, ProtocolError> process(RequestScope& scope) const override {
    return issue_to_client(services_, store_, requested_, "client_credentials", scope);
  }

 private:
  const GrantServices& services_;
  store::ClientTokenStore& store_;
  model::ScopeSet requested_;
};

/// What is about people does not go to a client for itself.
model::ScopeSet without_people(model::ScopeSet scope) {
  for (const auto* name : {"openid", "offline_access"}) scope.remove(name);
  return scope;
}

Result<model::ScopeSet, ProtocolError> granted_scope(const GrantServices& services,
                                                     const model::ScopeSet& requested,
                                                     const model::Client& client) {
  // RFC 6749, 3.3: who asks for none gets a default; here what the client is registered for, if anything.
  if (requested.empty()) return without_people(client.allowed_scopes.value_or(model::ScopeSet()));
  auto allowed = services.release.scopes().filter(requested, client);
  if (!allowed) return allowed;
  auto kept = without_people(std::move(*allowed));
  if (kept.empty())
    return fail(invalid_scope("The client may have none of the requested scopes for itself."));
  return kept;
}

}  // namespace

Result<ResponseArgs, ProtocolError> issue_to_client(const GrantServices& services,
                                                    store::ClientTokenStore& store,
                                                    const model::ScopeSet& requested,
                                                    const std::string& grant_type, RequestScope& scope) {
  auto granted = granted_scope(services, requested, *scope.client);
  if (!granted) return fail(std::move(granted).error());
  auto resources = requested_resources(scope.request, services.access_tokens.resources());
  if (!resources) return fail(std::move(resources).error());
  auto minted = services.access_tokens.mint_for_client(
      {*scope.client, std::move(*granted), std::move(*resources), scope.now}, services.keys, services.random);
  if (!minted && minted.error().code == Errc::conflict) return fail(formats_differ());
  if (!minted) return fail(from_error(minted.error()));
  auto outcome = store.commit({minted->record, scope.now, scope.pending_jti});
  if (!outcome) return fail(from_error(outcome.error()));
  scope.pending_jti.reset();  // taken along with the outcome, whatever that is
  if (*outcome == store::IssueOutcome::jti_seen) return fail(client::assertion_was_used());
  if (*outcome == store::IssueOutcome::client_gone) return fail(invalid_client("removed meanwhile"));
  services.log.info("token.issued", {{"grant_type", grant_type},
                                     {"client_id", scope.client->id.text()},
                                     {"request_id", scope.http.request_id}});
  ResponseArgs response;
  response.args.set("access_token", minted->value.reveal());
  response.args.set("token_type", "Bearer");
  response.args.set_number("expires_in", (minted->record.expires_at - scope.now).count());
  response.args.set("scope", minted->record.scope.text());
  return response;
}

Verdict ClientCredentialsGrant::look_up(const Message&, RequestScope&) const {
  return {};
}

Result<std::unique_ptr<const GrantRequest>, ProtocolError> ClientCredentialsGrant::check(
    const Message& request, RequestScope& scope) const {
  // RFC 6749, 4.4: there is nothing to trust but the client's own credential.
  if (scope.client->is_public())
    return fail(unauthorized_client("A public client has no credentials to get a token with."));
  model::ScopeSet requested;
  if (const auto text = request.text("scope")) {
    auto parsed = model::ScopeSet::parse(*text);
    if (!parsed) return fail(invalid_scope("scope is not well formed."));
    requested = std::move(*parsed);
  }
  return std::make_unique<const ClientCredentialsRequest>(services_, store_, std::move(requested));
}

}  // namespace oidcop::endpoint
