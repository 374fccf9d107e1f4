#include "endpoint/grant/code_exchange.h"

#include "client/authentication/client_authenticator.h"

namespace oidcop::endpoint {

ProtocolError worthless_code(const CodeKind& kind, std::string detail) {
  return invalid_grant(std::string(kind.worthless), std::move(detail));
}

Result<ResponseArgs, ProtocolError> CodeExchangeRequest::process(RequestScope& scope) const {
  const model::PresentedToken& presented = *scope.presented;
  Purchased purchased;
  if (presented.token.used == 0) {
    Purchase order;
    order.scope = presented.token.scope;
    order.resources = resources_;
    order.with_refresh_token = token::yields_refresh_token(presented.grant, services_.usage, *scope.client);
    order.nonce = presented.grant.authorization_request.text("nonce").value_or("");
    auto bought = purchase(services_, order, scope);
    if (!bought) return fail(std::move(bought).error());
    purchased = std::move(*bought);
  }  // a spent one buys nothing, but the store has to see it: its replay revokes what the first use bought
  return settle(std::move(purchased), scope);
}

Result<ResponseArgs, ProtocolError> CodeExchangeRequest::settle(Purchased purchased,
                                                                RequestScope& scope) const {
  const model::PresentedToken& presented = *scope.presented;
  store::CodeExchange exchange;
  exchange.code = presented.token.digest;
  exchange.client = scope.client->id;
  exchange.now = scope.now;
  exchange.jti = scope.pending_jti;
  exchange.tokens = std::move(purchased.records);
  exchange.max_families = services_.max_refresh_families;
  auto outcome = services_.tokens.commit(exchange);
  if (!outcome) return fail(from_error(outcome.error()));
  scope.pending_jti.reset();  // taken along with the outcome, whatever that is
  switch (*outcome) {
    case store::ExchangeOutcome::first:
      return log_issue(std::move(purchased.response), scope);
    case store::ExchangeOutcome::replay:
      return fail(replayed(scope));
    case store::ExchangeOutcome::jti_seen:
      return fail(client::assertion_was_used());
    case store::ExchangeOutcome::not_found:
      break;
  }
  return fail(worthless_code(kind_, "lost a race, or expired meanwhile"));
}

ResponseArgs CodeExchangeRequest::log_issue(ResponseArgs response, const RequestScope& scope) const {
  services_.log.info("token.issued", {{"grant_type", std::string(kind_.grant_type)},
                                      {"client_id", scope.client->id.text()},
                                      {"user", scope.presented->user.username},
                                      {"request_id", scope.http.request_id}});
  return response;
}

ProtocolError CodeExchangeRequest::replayed(const RequestScope& scope) const {
  services_.log.warning("code.replayed", {{"client_id", scope.client->id.text()},
                                          {"user", scope.presented->user.username},
                                          {"grant", scope.presented->grant.id.text()},
                                          {"address", scope.http.remote_address},
                                          {"request_id", scope.http.request_id}});
  return worthless_code(kind_, "the code was used before; all that came from it is revoked");
}

}  // namespace oidcop::endpoint
