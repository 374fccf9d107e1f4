#include "endpoint/grant/grant_services.h"

#include "base/digest.h"
#include "endpoint/resource_indicators.h"

#include <chrono>

namespace oidcop::endpoint {
namespace {

/// Minting fails for reasons of ours: no randomness, no key. A rule that forbids it makes the grant
/// worthless.
ProtocolError minting_failed(const Error& error) {
  if (error.code == Errc::refused) return invalid_grant("This grant yields no such token.", error.detail);
  return from_error(error);
}

/// One purchase while it is made: who works, what was ordered, by whom, and what the grant's claims
/// parameter asked for.
struct Counter {
  const GrantServices& services;
  const Purchase& order;
  const RequestScope& scope;
  const claims::ClaimsRequest& requested;

  const model::PresentedToken& presented() const { return *scope.presented; }
  const model::Client& client() const { return *scope.client; }
  Message claims_at(claims::ReleasePoint point) const {
    return services.release.released(point, {presented().user, client(), order.scope, requested});
  }
};

Result<token::MintedToken, ProtocolError> mint_access_token(const Counter& counter) {
  const token::AccessTokenOrder order{.grant = counter.presented().grant,
                                      .client = counter.client(),
                                      .subject = counter.presented().client_session.subject,
                                      .scope = counter.order.scope,
                                      .parent_class = counter.order.parent,
                                      .based_on = counter.presented().token.digest,
                                      .audience = counter.order.resources,
                                      .claims = counter.claims_at(claims::ReleasePoint::access_token),
                                      .now = counter.scope.now};
  auto minted = counter.services.access_tokens.mint(order, counter.services.keys, counter.services.random);
  if (!minted) return fail(minting_failed(minted.error()));
  return std::move(*minted);
}

bool yields_id_token(const Counter& counter) {
  return counter.order.scope.contains("openid") &&
         token::check_minting(counter.order.parent, model::TokenClass::id_token, counter.services.usage,
                              counter.client())
             .has_value();
}

Result<std::string, ProtocolError> mint_id_token(const Counter& counter, const Secret& access_token) {
  token::IdTokenOrder order{.grant = counter.presented().grant,
                            .client = counter.client(),
                            .subject = counter.presented().client_session.subject,
                            .parent_class = counter.order.parent,
                            .nonce = counter.order.nonce,
                            .sid = token::sid_told_to(counter.client(), counter.presented().client_session),
                            .access_token = access_token.reveal(),
                            .now = counter.scope.now};
  order.claims = counter.claims_at(claims::ReleasePoint::id_token);
  auto secret = client::signing_secret(counter.services.secrets, counter.client(), counter.scope.now);
  if (!secret) return fail(from_error(secret.error()));
  if (*secret) order.client_secret = &**secret;
  auto id_token = counter.services.id_tokens.mint(order, counter.services.keys);
  if (id_token) {
    id_token = token::id_token_for(std::move(*id_token), counter.client(), counter.services.client_jwts,
                                   counter.scope.now);
  }
  if (!id_token) return fail(minting_failed(id_token.error()));
  return std::move(*id_token);
}

/// RFC 6749, 6: with the scope of what was presented, however little of it the access token has.
Result<token::MintedToken, ProtocolError> mint_refresh_token(const Counter& counter) {
  auto minted = token::mint_refresh_token({.grant = counter.presented().grant,
                                           .client = counter.client(),
                                           .scope = counter.presented().token.scope,
                                           .parent_class = counter.order.parent,
                                           .based_on = counter.presented().token.digest,
                                           .authentication = counter.scope.client_auth_method,
                                           .now = counter.scope.now},
                                          counter.services.usage, counter.services.random);
  if (!minted) return fail(minting_failed(minted.error()));
  return std::move(*minted);
}

}  // namespace

Verdict look_up_credential(const GrantServices& services, const std::string& value,
                           model::TokenClass token_class, RequestScope& scope) {
  return look_up_credential(services, sha256(value), token_class, scope);
}

Verdict look_up_credential(const GrantServices& services, const Digest& digest, model::TokenClass token_class,
                           RequestScope& scope) {
  auto found = services.tokens.find_token(digest);
  if (!found) {
    if (found.error().code == Errc::not_found) return {};
    return fail(from_error(found.error()));
  }
  if (found->token.token_class != token_class || found->client_session.client != scope.client->id) return {};
  scope.presented = std::move(*found);
  return {};
}

Result<std::vector<std::string>, ProtocolError> resources_of(const GrantServices& services,
                                                             const Message& request,
                                                             const RequestScope& scope) {
  auto resources = resources_to_issue_for(request, scope.presented->grant.authorization_request,
                                          services.access_tokens.resources());
  if (!resources) return resources;
  if (services.access_tokens.format_of(*resources, *scope.client)) return resources;
  return fail(formats_differ());
}

Result<Purchased, ProtocolError> purchase(const GrantServices& services, const Purchase& order,
                                          const RequestScope& scope) {
  auto requested = claims::ClaimsRequest::parse(scope.presented->grant.authorization_request);
  if (!requested) return fail(server_error("a stored claims request does not parse"));
  const Counter counter{services, order, scope, *requested};
  Purchased purchased;
  Message& answer = purchased.response.args;

  auto access_token = mint_access_token(counter);
  if (!access_token) return fail(std::move(access_token).error());
  answer.set("access_token", access_token->value.reveal());
  answer.set("token_type", "Bearer");
  answer.set_number("expires_in", (access_token->record.expires_at - scope.now).count());
  answer.set("scope", access_token->record.scope.text());
  if (yields_id_token(counter)) {
    auto id_token = mint_id_token(counter, access_token->value);
    if (!id_token) return fail(std::move(id_token).error());
    answer.set("id_token", *id_token);
  }
  purchased.records.push_back(std::move(access_token->record));
  if (order.with_refresh_token) {
    auto refresh_token = mint_refresh_token(counter);
    if (!refresh_token) return fail(std::move(refresh_token).error());
    answer.set("refresh_token", refresh_token->value.reveal());
    purchased.records.push_back(std::move(refresh_token->record));
  }
  return purchased;
}

}  // namespace oidcop::endpoint
