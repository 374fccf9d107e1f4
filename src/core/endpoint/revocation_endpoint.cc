#include "endpoint/revocation_endpoint.h"

#include "base/digest.h"
#include "model/usage_rule.h"

#include <array>

namespace oidcop::endpoint {
namespace {

using model::TokenClass;

constexpr std::array<std::string_view, 2> kFrozen{"client_id", "token"};

/// RFC 7009, 2.1: what may be revoked here.
bool is_revocable(TokenClass token_class) {
  return token_class == TokenClass::access_token || token_class == TokenClass::refresh_token;
}

ProtocolError of_another_client(const model::ClientId& client) {
  return invalid_grant("The token was issued to another client.", "a token of " + client.text());
}

}  // namespace

EndpointSettings revocation_settings(std::string issuer) {
  EndpointSettings settings;
  settings.name = "revocation";
  settings.issuer = std::move(issuer);
  settings.methods = {"POST"};
  settings.rules.formats = {RequestFormat::form, RequestFormat::message};
  return settings;
}

RevocationEndpoint::RevocationEndpoint(EndpointSettings settings, const Hooks& hooks, Log& log,
                                       const ClientGate& gate, const Parts& parts)
    : TypedEndpoint(std::move(settings), hooks, log, &gate), parts_(parts) {}

/// token_type_hint need not be looked at: one look finds tokens of every type (2.1).
Verdict RevocationEndpoint::look_up(const Message& request, RequestScope& scope) const {
  const auto value = request.text("token");
  if (!value || value->empty()) return fail(invalid_request("token is required.", "token"));
  auto found = parts_.tokens.find_token(sha256(*value));
  if (!found) {
    if (found.error().code == Errc::not_found) return look_up_client_token(*value, scope);
    return fail(from_error(found.error()));
  }
  if (!is_revocable(found->token.token_class)) return {};
  if (found->client_session.client != scope.client->id)
    return fail(of_another_client(found->client_session.client));
  scope.presented = std::move(*found);
  return {};
}

Verdict RevocationEndpoint::look_up_client_token(const std::string& value, RequestScope& scope) const {
  auto found = parts_.client_tokens.find_client_token(sha256(value));
  if (!found && found.error().code == Errc::not_found) return {};
  if (!found) return fail(from_error(found.error()));
  if (found->client != scope.client->id) return fail(of_another_client(found->client));
  scope.presented_client_token = std::move(*found);
  return {};
}

std::span<const std::string_view> RevocationEndpoint::frozen_members() const {
  return kFrozen;
}

Result<RevocationRequest, ProtocolError> RevocationEndpoint::check_request(const Message&,
                                                                           RequestScope& scope) const {
  RevocationRequest request;
  if (scope.presented) request.token = scope.presented->token;
  if (scope.presented_client_token) request.client_token = scope.presented_client_token->digest;
  return request;
}

Result<ResponseArgs, ProtocolError> RevocationEndpoint::process_request(const RevocationRequest& request,
                                                                        RequestScope& scope) const {
  if (request.client_token) return give_up(*request.client_token, scope);
  if (!request.token) return ResponseArgs{};
  const auto done = revoke(*request.token, scope.now);
  // Swept since it was found: that it is gone is what was asked for.
  if (!done && done.error().code != Errc::not_found) return fail(from_error(done.error()));
  log().info("token.revoked", {{"client_id", scope.client->id.text()},
                               {"user", scope.presented->user.username},
                               {"class", std::string(model::name_of(request.token->token_class))},
                               {"grant", request.token->grant.text()},
                               {"request_id", scope.http.request_id}});
  return ResponseArgs{};
}

Result<ResponseArgs, ProtocolError> RevocationEndpoint::give_up(const Digest& client_token,
                                                                const RequestScope& scope) const {
  const auto done = parts_.client_tokens.revoke_client_token(client_token, scope.now);
  if (!done && done.error().code != Errc::not_found) return fail(from_error(done.error()));
  log().info("token.revoked", {{"client_id", scope.client->id.text()},
                               {"class", "access_token"},
                               {"request_id", scope.http.request_id}});
  return ResponseArgs{};
}

Result<void> RevocationEndpoint::revoke(const model::TokenRecord& token, TimePoint now) const {
  if (token.token_class == TokenClass::refresh_token) return parts_.sessions.revoke_grant(token.grant, now);
  return parts_.tokens.revoke_token(token.digest, now);
}

}  // namespace oidcop::endpoint
