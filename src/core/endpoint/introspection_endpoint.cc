#include "endpoint/introspection_endpoint.h"

#include "base/digest.h"
#include "base/json.h"
#include "base/system_clock.h"
#include "endpoint/accept.h"
#include "jose/jws.h"
#include "model/usage_rule.h"
#include "token/access_token.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

namespace oidcop::endpoint {
namespace {

using model::TokenClass;

constexpr std::array<std::string_view, 2> kFrozen{"client_id", "token"};
constexpr std::array<std::string_view, 2> kFrozenAnswer{"active", "client_id"};
constexpr std::string_view kJwtType = "token-introspection+jwt";  // RFC 9701, 5
constexpr const char* kJwtMediaType = "application/token-introspection+jwt";

bool contains(const std::vector<std::string>& list, const std::string& value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

/// A refresh token that was traded for its successor is worth nothing, whatever grace there is for a lost
/// reply.
bool is_active(const model::PresentedToken& presented, TimePoint now) {
  const bool traded_in = presented.token.token_class == TokenClass::refresh_token && presented.token.used > 0;
  return !traded_in && model::state_of(presented, now) == model::TokenState::active;
}

/// RFC 7662, 2.2; auth_time and acr as RFC 9470, 6.2 has them.
void describe(Message& answer, const model::PresentedToken& presented) {
  const auto& token = presented.token;
  answer.set("scope", token.scope.text());
  answer.set("client_id", presented.client_session.client.text());
  answer.set_number("exp", to_unix(token.expires_at));
  answer.set_number("iat", to_unix(token.issued_at));
  if (token.token_class == TokenClass::access_token) answer.set("token_type", "Bearer");
  answer.set("sub", presented.client_session.subject);
  const auto& event = presented.grant.authentication;
  answer.set_number("auth_time", to_unix(event.time));
  if (!event.acr.empty()) answer.set("acr", event.acr);
}

void describe(Message& answer, const model::ClientToken& token) {
  answer.set("scope", token.scope.text());
  answer.set("client_id", token.client.text());
  answer.set_number("exp", to_unix(token.expires_at));
  answer.set_number("iat", to_unix(token.issued_at));
  answer.set("token_type", "Bearer");
  answer.set("sub", token.client.text());
}

}  // namespace

EndpointSettings introspection_settings(std::string issuer) {
  EndpointSettings settings;
  settings.name = "introspection";
  settings.issuer = std::move(issuer);
  settings.methods = {"POST"};
  settings.rules.formats = {RequestFormat::form, RequestFormat::message};
  return settings;
}

IntrospectionEndpoint::IntrospectionEndpoint(EndpointSettings settings, const Hooks& hooks, Log& log,
                                             const ClientGate& gate, Parts parts)
    : TypedEndpoint(std::move(settings), hooks, log, &gate), parts_(std::move(parts)) {}

/// token_type_hint need not be looked at: one look finds tokens of every type (2.1).
Verdict IntrospectionEndpoint::look_up(const Message& request, RequestScope& scope) const {
  const auto value = request.text("token");
  if (!value || value->empty()) return fail(invalid_request("token is required.", "token"));
  auto found = parts_.tokens.find_token(sha256(*value));
  if (!found) {
    if (found.error().code == Errc::not_found) return look_up_client_token(*value, scope);
    return fail(from_error(found.error()));
  }
  if (!concerns(*found, *scope.client) || !is_active(*found, scope.now)) return {};
  if (!token::check_still_signed(*value, parts_.keys)) return {};
  scope.presented = std::move(*found);
  return {};
}

bool IntrospectionEndpoint::concerns(const model::PresentedToken& presented,
                                     const model::Client& asking) const {
  const auto token_class = presented.token.token_class;
  if (token_class != TokenClass::access_token && token_class != TokenClass::refresh_token) return false;
  if (presented.client_session.client == asking.id) return true;
  // A refresh token is between its client and us alone (RFC 6749, 1.5).
  return token_class == TokenClass::access_token && may_be_presented_to(asking, presented.token.audience);
}

bool IntrospectionEndpoint::may_be_presented_to(const model::Client& asking,
                                                const std::vector<std::string>& resources) const {
  if (contains(parts_.resource_servers, asking.id.text())) return true;
  const auto audience = parts_.access_tokens.audience_of(resources);
  return std::any_of(audience.begin(), audience.end(), [&](const std::string& resource) {
    return resource == asking.id.text() || serves(asking.id.text(), resource);
  });
}

Verdict IntrospectionEndpoint::look_up_client_token(const std::string& value, RequestScope& scope) const {
  auto found = parts_.client_tokens.find_client_token(sha256(value));
  if (!found && found.error().code == Errc::not_found) return {};
  if (!found) return fail(from_error(found.error()));
  const bool concerned =
      found->client == scope.client->id || may_be_presented_to(*scope.client, found->audience);
  if (!concerned || !found->is_active(scope.now)) return {};
  if (!token::check_still_signed(value, parts_.keys)) return {};
  scope.presented_client_token = std::move(*found);
  return {};
}

bool IntrospectionEndpoint::serves(const std::string& client, const std::string& resource) const {
  const auto& resources = parts_.access_tokens.resources();
  const auto known = resources.find(resource);
  return known != resources.end() && contains(known->second.resource_servers, client);
}

std::span<const std::string_view> IntrospectionEndpoint::frozen_members() const {
  return kFrozen;
}

std::span<const std::string_view> IntrospectionEndpoint::frozen_answer() const {
  return kFrozenAnswer;
}

Result<IntrospectionRequest, ProtocolError> IntrospectionEndpoint::check_request(const Message&,
                                                                                 RequestScope& scope) const {
  IntrospectionRequest request;
  if (!scope.presented) return request;
  auto issued_to = parts_.clients.find_client(scope.presented->client_session.client);
  if (issued_to) {
    request.issued_to = std::move(*issued_to);
  } else if (issued_to.error().code != Errc::not_found) {
    return fail(from_error(issued_to.error()));
  }
  return request;
}

Result<ResponseArgs, ProtocolError> IntrospectionEndpoint::process_request(
    const IntrospectionRequest& request, RequestScope& scope) const {
  ResponseArgs response;
  Message& answer = response.args;
  const bool is_active = request.issued_to || scope.presented_client_token;
  answer.set_bool("active", is_active);
  if (!is_active) return response;
  if (scope.presented_client_token) {
    describe(answer, *scope.presented_client_token);
    tell_token(answer, scope.presented_client_token->audience, scope);
    return response;
  }
  const auto& presented = *scope.presented;
  auto requested = claims::ClaimsRequest::parse(presented.grant.authorization_request);
  if (!requested) return fail(server_error("a stored claims request does not parse"));
  answer = parts_.release.released(claims::ReleasePoint::introspection,
                                   {presented.user, *request.issued_to, presented.token.scope, *requested});
  answer.set_bool("active", true);
  describe(answer, presented);
  if (presented.token.token_class == TokenClass::access_token) {
    tell_token(answer, presented.token.audience, scope);
  } else {
    answer.set("iss", issuer());
  }
  return response;
}

/// What is known of an access token by itself.
void IntrospectionEndpoint::tell_token(Message& answer, const std::vector<std::string>& resources,
                                       const RequestScope& scope) const {
  answer.set("iss", issuer());
  const auto audience = parts_.access_tokens.audience_of(resources);
  answer.set("aud", audience.size() == 1 ? Json(audience.front()) : Json(audience));
  // Only a JWT has one; that it is ours was seen before.
  const auto claims = jose::peek_unverified_claims(scope.request.text("token").value_or(""));
  if (const auto jti = claims ? claims->text("jti") : std::nullopt) answer.set("jti", *jti);
}

/// RFC 9701, 5: for the one who asks and nobody else, and no access token by its type nor by its members.
Verdict IntrospectionEndpoint::package(EndpointResponse& response, const RequestScope& scope) const {
  if (!accepts_media_type(scope.http, kJwtMediaType)) return {};
  auto protection = client::response_protection(*scope.client, "introspection");
  if (!protection.signing) protection.signing = parts_.default_algorithm;
  Message claims;
  claims.set("iss", issuer());
  claims.set("aud", scope.client->id.text());
  claims.set_number("iat", to_unix(scope.now));
  claims.set("token_introspection", std::get<Message>(response.response).json());
  auto jwt = parts_.jwts.make(claims, {*scope.client, protection, kJwtType, scope.now});
  if (!jwt) return fail(from_error(jwt.error()));
  response.response = *std::move(jwt);
  response.content_type = kJwtMediaType;
  return {};
}

}  // namespace oidcop::endpoint
