#include "endpoint/grant/refresh_token.h"

#include "client/authentication/client_authenticator.h"
#include "model/presented_token.h"

#include <optional>

namespace oidcop::endpoint {
namespace {

ProtocolError worthless_token(std::string detail) {
  return invalid_grant("The refresh token is unknown, expired, revoked, or was issued to another client.",
                       std::move(detail));
}

struct RefreshOrder {
  std::optional<model::ScopeSet> requested;
  model::ScopeSet scope;  ///< what the access token may have of it
  std::vector<std::string> resources;
  bool rotate = true;
  Seconds grace{};
};

class RefreshRequest final : public GrantRequest {
 public:
  RefreshRequest(const GrantServices& services, RefreshOrder order)
      : services_(services), order_(std::move(order)) {}

  Result<ResponseArgs, ProtocolError> process(RequestScope& scope) const override {
    auto settled = settle(order_.scope, scope);
    if (settled && settled->outcome == store::RefreshOutcome::too_wide) {
      // Another request with this token came in between and asked for less.
      auto narrower = scope_left(scope);
      if (!narrower) return fail(std::move(narrower).error());
      settled = settle(*narrower, scope);
    }
    if (!settled) return fail(std::move(settled).error());
    return answer(settled->outcome, std::move(settled->response), scope);
  }

 private:
  struct Settled {
    store::RefreshOutcome outcome;
    ResponseArgs response;  ///< worth something when tokens were stored
  };

  Result<Settled, ProtocolError> settle(const model::ScopeSet& bought, RequestScope& scope) const {
    Purchase purchase_order;
    purchase_order.parent = model::TokenClass::refresh_token;
    purchase_order.scope = bought;
    purchase_order.resources = order_.resources;
    purchase_order.with_refresh_token = order_.rotate;
    auto purchased = purchase(services_, purchase_order, scope);
    if (!purchased) return fail(std::move(purchased).error());

    store::RefreshExchange exchange;
    exchange.refresh_token = scope.presented->token.digest;
    exchange.client = scope.client->id;
    exchange.authentication = scope.client_auth_method;
    exchange.now = scope.now;
    exchange.jti = scope.pending_jti;
    exchange.rotate = order_.rotate;
    exchange.grace = order_.grace;
    exchange.tokens = std::move(purchased->records);
    auto outcome = services_.tokens.commit(exchange);
    if (!outcome) return fail(from_error(outcome.error()));
    scope.pending_jti.reset();  // taken along with the outcome, whatever that is
    return Settled{*outcome, std::move(purchased->response)};
  }

  Result<model::ScopeSet, ProtocolError> scope_left(const RequestScope& scope) const {
    auto presented = services_.tokens.find_token(scope.presented->token.digest);
    if (!presented) return fail(from_error(presented.error()));
    return token::refreshed_scope(order_.requested, presented->token,
                                  services_.release.scopes().allowed(*scope.client));
  }

  Result<ResponseArgs, ProtocolError> answer(store::RefreshOutcome outcome, ResponseArgs response,
                                             const RequestScope& scope) const {
    switch (outcome) {
      case store::RefreshOutcome::rotated:
      case store::RefreshOutcome::sibling:
      case store::RefreshOutcome::unrotated:
        services_.log.info("token.refreshed",
                           {{"client_id", scope.client->id.text()},
                            {"user", scope.presented->user.username},
                            {"sibling", outcome == store::RefreshOutcome::sibling ? "true" : "false"},
                            {"request_id", scope.http.request_id}});
        return response;
      case store::RefreshOutcome::reuse:
        services_.log.warning("refresh_token.reused", {{"client_id", scope.client->id.text()},
                                                       {"user", scope.presented->user.username},
                                                       {"grant", scope.presented->grant.id.text()},
                                                       {"address", scope.http.remote_address},
                                                       {"request_id", scope.http.request_id}});
        return fail(worthless_token("it was used before; its family is revoked"));
      case store::RefreshOutcome::jti_seen:
        return fail(client::assertion_was_used());
      case store::RefreshOutcome::too_wide:
        return fail(server_error("the scope of the first exchange changed"));
      case store::RefreshOutcome::not_found:
        break;
    }
    return fail(worthless_token("expired or revoked meanwhile"));
  }

  const GrantServices& services_;
  RefreshOrder order_;
};

bool rotates(const model::Client& client, const RefreshSettings& settings) {
  if (client.is_public() && !settings.public_clients_may_keep) return true;
  if (client.rotate_refresh_tokens) return *client.rotate_refresh_tokens;
  switch (settings.rotation) {
    case RefreshRotation::always:
      return true;
    case RefreshRotation::public_clients:
      return client.is_public();
    case RefreshRotation::never:
      return false;
  }
  return true;
}

}  // namespace

Verdict RefreshTokenGrant::look_up(const Message& request, RequestScope& scope) const {
  const auto refresh_token = request.text("refresh_token");
  if (!refresh_token) return fail(invalid_request("refresh_token is required.", "refresh_token"));
  return look_up_credential(services_, *refresh_token, model::TokenClass::refresh_token, scope);
}

Result<std::unique_ptr<const GrantRequest>, ProtocolError> RefreshTokenGrant::check(
    const Message& request, RequestScope& scope) const {
  if (!scope.presented) return fail(worthless_token("unknown, or of another client"));
  const model::PresentedToken& presented = *scope.presented;
  const auto state = model::state_of(presented, scope.now);
  // One that was used already goes on: the store knows whether that is a lost reply or, however late, a
  // theft.
  if (state == model::TokenState::revoked) return fail(worthless_token("revoked"));
  if (state == model::TokenState::expired && presented.token.used == 0)
    return fail(worthless_token("expired"));
  if (!model::may_use(*scope.client, presented.user.groups)) {
    services_.log.warning("client.not_allowed", {{"client_id", scope.client->id.text()},
                                                 {"user", presented.user.username},
                                                 {"request_id", scope.http.request_id}});
    return fail(invalid_grant("The person may not use this client any more."));
  }
  RefreshOrder order;
  if (const auto text = request.text("scope")) {
    auto parsed = model::ScopeSet::parse(*text);
    if (!parsed) return fail(invalid_scope("scope is not well formed."));
    order.requested = std::move(*parsed);
  }
  auto scope_now = token::refreshed_scope(order.requested, presented.token,
                                          services_.release.scopes().allowed(*scope.client));
  if (!scope_now) return fail(std::move(scope_now).error());
  order.scope = std::move(*scope_now);
  auto resources = resources_of(services_, request, scope);
  if (!resources) return fail(std::move(resources).error());
  order.resources = std::move(*resources);
  order.rotate = rotates(*scope.client, settings_);
  order.grace = scope.client->refresh_grace.value_or(settings_.grace);
  return std::make_unique<const RefreshRequest>(services_, std::move(order));
}

}  // namespace oidcop::endpoint
