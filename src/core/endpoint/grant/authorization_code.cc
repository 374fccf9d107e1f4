#include "endpoint/grant/authorization_code.h"

#include "client/authentication/client_authenticator.h"
#include "model/presented_token.h"

namespace oidcop::endpoint {
namespace {

/// One text for every way in which a code can be worthless, so that nothing can be learnt by trying.
ProtocolError worthless_code(std::string detail) {
  return invalid_grant("The authorization code is unknown, expired, used, or was issued to another client.",
                       std::move(detail));
}

/// RFC 6749, 4.1.3: required, and identical, when it was part of the authorization request.
Verdict check_redirect_uri(const Message& request, const model::PresentedToken& presented) {
  const auto asked_for = presented.grant.authorization_request.text("redirect_uri");
  if (!asked_for) return {};
  const auto sent = request.text("redirect_uri");
  if (!sent)
    return fail(
        invalid_request("redirect_uri is required, as in the authorization request.", "redirect_uri"));
  if (*sent != *asked_for) {
    return fail(invalid_grant("redirect_uri is not the one of the authorization request."));
  }
  return {};
}

class CodeRequest final : public GrantRequest {
 public:
  CodeRequest(const GrantServices& services, std::vector<std::string> resources)
      : services_(services), resources_(std::move(resources)) {}

  Result<ResponseArgs, ProtocolError> process(RequestScope& scope) const override {
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

 private:
  Result<ResponseArgs, ProtocolError> settle(Purchased purchased, RequestScope& scope) const {
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
    return fail(worthless_code("lost a race, or expired meanwhile"));
  }

  ResponseArgs log_issue(ResponseArgs response, const RequestScope& scope) const {
    services_.log.info("token.issued", {{"grant_type", "authorization_code"},
                                        {"client_id", scope.client->id.text()},
                                        {"user", scope.presented->user.username},
                                        {"request_id", scope.http.request_id}});
    return response;
  }

  ProtocolError replayed(const RequestScope& scope) const {
    services_.log.warning("code.replayed", {{"client_id", scope.client->id.text()},
                                            {"user", scope.presented->user.username},
                                            {"grant", scope.presented->grant.id.text()},
                                            {"address", scope.http.remote_address},
                                            {"request_id", scope.http.request_id}});
    return worthless_code("the code was used before; all that came from it is revoked");
  }

  const GrantServices& services_;
  std::vector<std::string> resources_;
};

}  // namespace

Verdict AuthorizationCodeGrant::look_up(const Message& request, RequestScope& scope) const {
  const auto code = request.text("code");
  if (!code) return fail(invalid_request("code is required.", "code"));
  return look_up_credential(services_, *code, model::TokenClass::authorization_code, scope);
}

Result<std::unique_ptr<const GrantRequest>, ProtocolError> AuthorizationCodeGrant::check(
    const Message& request, RequestScope& scope) const {
  if (!scope.presented) return fail(worthless_code("unknown, or of another client"));
  const model::PresentedToken& presented = *scope.presented;
  if (auto verdict = check_redirect_uri(request, presented); !verdict)
    return fail(std::move(verdict).error());
  const bool spent = presented.token.used > 0;
  const auto state = model::state_of(presented, scope.now);
  if (!spent && state != model::TokenState::active) return fail(worthless_code("expired or revoked"));
  if (!spent && !model::may_use(*scope.client, presented.user.groups))
    return fail(worthless_code("the person may not use the client any more"));
  auto resources = resources_of(services_, request, scope);
  if (!resources) return fail(std::move(resources).error());
  return std::make_unique<const CodeRequest>(services_, std::move(*resources));
}

}  // namespace oidcop::endpoint
