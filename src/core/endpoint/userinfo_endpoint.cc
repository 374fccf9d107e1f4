#include "endpoint/userinfo_endpoint.h"

#include "base/digest.h"
#include "token/access_token.h"

#include <algorithm>

namespace oidcop::endpoint {

EndpointSettings userinfo_settings(std::string issuer) {
  EndpointSettings settings;
  settings.name = "userinfo";
  settings.issuer = std::move(issuer);
  settings.methods = {"GET", "POST"};
  settings.rules.formats = {RequestFormat::query, RequestFormat::form, RequestFormat::message};
  return settings;
}

UserinfoEndpoint::UserinfoEndpoint(EndpointSettings settings, const Hooks& hooks, Log& log,
                                   const Parts& parts)
    : TypedEndpoint(std::move(settings), hooks, log, nullptr), parts_(parts) {}

Verdict UserinfoEndpoint::look_up(const Message& request, RequestScope& scope) const {
  auto token = presented_bearer_token(request, scope, parts_.ways);
  if (!token) return fail(std::move(token).error());
  auto found = parts_.tokens.find_token(sha256(*token));
  if (!found) {
    if (found.error().code == Errc::not_found) return fail(invalid_token(issuer(), "unknown"));
    return fail(from_error(found.error()));
  }
  if (found->token.token_class != model::TokenClass::access_token) {
    return fail(invalid_token(issuer(), "not an access token"));
  }
  if (auto stands = token::check_still_signed(*token, parts_.keys); !stands) {
    return fail(invalid_token(issuer(), "signed by a key that is no longer ours: " + stands.error().detail));
  }
  auto client = parts_.clients.find_client(found->client_session.client);
  // Deleted since the token was found: that deletes its tokens as well.
  if (!client && client.error().code == Errc::not_found)
    return fail(invalid_token(issuer(), "its client is gone"));
  if (!client) return fail(from_error(client.error()));
  scope.client_view = view_of(**client);
  scope.client = std::move(*client);
  scope.presented = std::move(*found);
  return {};
}

Result<UserinfoRequest, ProtocolError> UserinfoEndpoint::check_request(const Message&,
                                                                       RequestScope& scope) const {
  const model::PresentedToken& presented = *scope.presented;
  if (model::state_of(presented, scope.now) != model::TokenState::active) {
    return fail(invalid_token(issuer(), "expired or revoked"));
  }
  const auto& audience = presented.token.audience;
  if (!audience.empty() && std::find(audience.begin(), audience.end(), issuer()) == audience.end())
    return fail(invalid_token(issuer(), "is for another resource"));
  if (!presented.token.scope.contains("openid")) return fail(insufficient_scope(issuer(), "openid"));
  auto claims = claims::ClaimsRequest::parse(presented.grant.authorization_request);
  if (!claims) return fail(server_error("a stored claims request does not parse"));
  return UserinfoRequest{presented.token.scope, std::move(*claims)};
}

Result<ResponseArgs, ProtocolError> UserinfoEndpoint::process_request(const UserinfoRequest& request,
                                                                      RequestScope& scope) const {
  const model::PresentedToken& presented = *scope.presented;
  ResponseArgs response;
  response.args = parts_.release.released(claims::ReleasePoint::userinfo,
                                          {presented.user, *scope.client, request.scope, request.claims});
  response.args.set("sub", presented.client_session.subject);
  return response;
}

/// As the client registered it: signed, encrypted, or both (OpenID Connect Core 1.0, 5.3.2). What is signed
/// says by whom and for whom.
Verdict UserinfoEndpoint::package(EndpointResponse& response, const RequestScope& scope) const {
  const auto protection = client::response_protection(*scope.client, "userinfo");
  if (!protection.signing && !protection.encryption) return {};
  Message claims = std::get<Message>(response.response);
  if (protection.signing) {
    claims.set("iss", issuer());
    claims.set("aud", scope.client->id.text());
  }
  auto jwt = parts_.jwts.make(claims, {*scope.client, protection, "JWT", scope.now});
  if (!jwt) return fail(from_error(jwt.error()));
  response.response = *std::move(jwt);
  response.content_type = "application/jwt";
  return {};
}

/// RFC 6750, 3.1: also a request that could not even be read is refused with a challenge.
ResponseArgs UserinfoEndpoint::error_args(const ProtocolError& error, const RequestScope& scope) const {
  if (error.code != "invalid_request" || !error.www_authenticate.empty())
    return Endpoint::error_args(error, scope);
  ProtocolError challenged = error;
  challenged.www_authenticate = kMalformedRequestChallenge;
  return Endpoint::error_args(challenged, scope);
}

}  // namespace oidcop::endpoint
