#include "endpoint/grant/authorization_code.h"

#include "endpoint/grant/code_exchange.h"
#include "model/presented_token.h"

namespace oidcop::endpoint {
namespace {

constexpr CodeKind kKind{
    "authorization_code",
    "The authorization code is unknown, expired, used, or was issued to another client."};

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

}  // namespace

Verdict AuthorizationCodeGrant::look_up(const Message& request, RequestScope& scope) const {
  const auto code = request.text("code");
  if (!code) return fail(invalid_request("code is required.", "code"));
  return look_up_credential(services_, *code, model::TokenClass::authorization_code, scope);
}

Result<std::unique_ptr<const GrantRequest>, ProtocolError> AuthorizationCodeGrant::check(
    const Message& request, RequestScope& scope) const {
  if (!scope.presented) return fail(worthless_code(kKind, "unknown, or of another client"));
  const model::PresentedToken& presented = *scope.presented;
  if (auto verdict = check_redirect_uri(request, presented); !verdict)
    return fail(std::move(verdict).error());
  const bool spent = presented.token.used > 0;
  const auto state = model::state_of(presented, scope.now);
  if (!spent && state != model::TokenState::active) return fail(worthless_code(kKind, "expired or revoked"));
  if (!spent && !model::may_use(*scope.client, presented.user.groups))
    return fail(worthless_code(kKind, "the person may not use the client any more"));
  auto resources = resources_of(services_, request, scope);
  if (!resources) return fail(std::move(resources).error());
  return std::make_unique<const CodeExchangeRequest>(services_, kKind, std::move(*resources));
}

}  // namespace oidcop::endpoint
