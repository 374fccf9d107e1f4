#include "endpoint/grant/grant_services.h"

#include "base/digest.h"

#include <chrono>

namespace oidcop::endpoint {
namespace {

/// Minting fails for reasons of ours: no randomness, no key. A rule that forbids it makes the grant
/// worthless.
ProtocolError minting_failed(const Error& error) {
  if (error.code == Errc::refused) return invalid_grant("This grant yields no such token.", error.detail);
  return from_error(error);
}

/// `sid` is told only to clients that can be told of a logout (OpenID Connect Back-Channel Logout 1.0, 2.1).
std::string sid_for(const model::Client& client, const model::ClientSession& session) {
  const bool hears =
      client.metadata.has("backchannel_logout_uri") || client.metadata.has("frontchannel_logout_uri");
  return hears ? session.sid : std::string();
}

Result<std::string, ProtocolError> mint_id_token(const GrantServices& services, const Purchase& order,
                                                 const RequestScope& scope, const Secret& access_token) {
  const model::PresentedToken& presented = *scope.presented;
  auto requested = claims::ClaimsRequest::parse(presented.grant.authorization_request);
  if (!requested) return fail(server_error("a stored claims request does not parse"));

  token::IdTokenOrder id_order{.grant = presented.grant,
                               .client = *scope.client,
                               .subject = presented.client_session.subject,
                               .parent_class = order.parent,
                               .nonce = order.nonce,
                               .sid = sid_for(*scope.client, presented.client_session),
                               .access_token = access_token.reveal(),
                               .now = scope.now};
  id_order.claims = services.release.released(claims::ReleasePoint::id_token,
                                              {presented.user, *scope.client, order.scope, *requested});
  std::vector<Secret> secrets;
  if (client::needs_plain_secret(*scope.client)) {
    auto plain = services.secrets.plain_secrets(*scope.client, scope.now);
    if (!plain) return fail(from_error(plain.error()));
    secrets = std::move(*plain);
    if (!secrets.empty()) id_order.client_secret = &secrets.front();
  }
  auto id_token = services.id_tokens.mint(id_order, services.keys);
  if (!id_token) return fail(minting_failed(id_token.error()));
  return std::move(*id_token);
}

}  // namespace

Verdict look_up_credential(const GrantServices& services, const std::string& value,
                           model::TokenClass token_class, RequestScope& scope) {
  auto found = services.tokens.find_token(sha256(value));
  if (!found) {
    if (found.error().code == Errc::not_found) return {};
    return fail(from_error(found.error()));
  }
  if (found->token.token_class != token_class || found->client_session.client != scope.client->id) return {};
  scope.presented = std::move(*found);
  return {};
}

Result<Purchased, ProtocolError> purchase(const GrantServices& services, const Purchase& order,
                                          const RequestScope& scope) {
  const model::PresentedToken& presented = *scope.presented;
  Purchased purchased;
  Message& answer = purchased.response.args;

  auto requested = claims::ClaimsRequest::parse(presented.grant.authorization_request);
  if (!requested) return fail(server_error("a stored claims request does not parse"));
  token::AccessTokenOrder access_order{.grant = presented.grant,
                                       .client = *scope.client,
                                       .subject = presented.client_session.subject,
                                       .scope = order.scope,
                                       .parent_class = order.parent,
                                       .based_on = presented.token.digest,
                                       .now = scope.now};
  access_order.claims = services.release.released(claims::ReleasePoint::access_token,
                                                  {presented.user, *scope.client, order.scope, *requested});
  auto access_token = services.access_tokens.mint(access_order, services.keys, services.random);
  if (!access_token) return fail(minting_failed(access_token.error()));
  answer.set("access_token", access_token->value.reveal());
  answer.set("token_type", "Bearer");
  answer.set_number("expires_in", (access_token->record.expires_at - scope.now).count());
  answer.set("scope", access_token->record.scope.text());

  const bool may_have_id_token =
      token::check_minting(order.parent, model::TokenClass::id_token, services.usage, *scope.client)
          .has_value();
  if (order.scope.contains("openid") && may_have_id_token) {
    auto id_token = mint_id_token(services, order, scope, access_token->value);
    if (!id_token) return fail(std::move(id_token).error());
    answer.set("id_token", *id_token);
  }
  purchased.records.push_back(std::move(access_token->record));

  if (order.with_refresh_token) {
    auto refresh_token = token::mint_refresh_token({.grant = presented.grant,
                                                    .client = *scope.client,
                                                    .scope = presented.token.scope,
                                                    .parent_class = order.parent,
                                                    .based_on = presented.token.digest,
                                                    .authentication = scope.client_auth_method,
                                                    .now = scope.now},
                                                   services.usage, services.random);
    if (!refresh_token) return fail(minting_failed(refresh_token.error()));
    answer.set("refresh_token", refresh_token->value.reveal());
    purchased.records.push_back(std::move(refresh_token->record));
  }
  return purchased;
}

}  // namespace oidcop::endpoint
