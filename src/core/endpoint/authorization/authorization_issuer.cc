#include "endpoint/authorization/authorization_issuer.h"

#include "base/system_random.h"
#include "endpoint/resource_indicators.h"
#include "token/authorization_code.h"

#include <nlohmann/json.hpp>

namespace oidcop::endpoint {
namespace {

using Part = model::ResponseType::Part;

constexpr int kMostTries = 3;  // for a client session that another tab has begun meanwhile

/// What keeps tokens from being minted is ours: the request was checked against client and keys before.
ProtocolError minting_failed(const Error& error) {
  return error.code == Errc::refused ? server_error("minting: " + error.detail) : from_error(error);
}

/// The grant's own claims parameter: of what the request asked, what the person left ticked.
claims::ClaimsRequest granted_claims(const store::Authorize& command) {
  return claims::ClaimsRequest::parse(command.grant.authorization_request).value_or(claims::ClaimsRequest{});
}

/// RFC 9126, 7.3: in another tab, or by somebody else.
ProtocolError request_used() {
  ProtocolError error = invalid_request("The pushed request was used already.", "request_uri");
  error.code = "invalid_request_uri";
  return error;
}

std::optional<Digest> digest_of(const std::optional<token::MintedToken>& minted) {
  return minted ? std::optional(minted->record.digest) : std::nullopt;
}

std::string_view text_of(const std::optional<token::MintedToken>& minted) {
  return minted ? std::string_view(minted->value.reveal()) : std::string_view();
}

}  // namespace

struct AuthorizationIssuer::Issue {
  store::Authorize command;
  ResponseArgs response;
  std::optional<token::MintedToken> code, access_token;
};

Result<std::optional<ResponseArgs>, ProtocolError> AuthorizationIssuer::issue(
    const Allowance& allowance, const RequestScope& scope) const {
  const auto type = allowance.request.response_type;
  auto command = command_for(allowance, scope);
  if (!command) return fail(std::move(command).error());
  for (int tries = 0; tries < kMostTries; ++tries) {
    Issue issue{*command, {}, std::nullopt, std::nullopt};
    auto& response = issue.response;
    response.placement = Placement::url;
    response.return_uri = scope.return_route->redirect_uri;
    response.response_mode = scope.return_route->response_mode;
    if (scope.return_route->state) response.args.set("state", *scope.return_route->state);
    Verdict done = {};
    if (type.has(Part::code)) done = add_code(allowance, issue, scope.now);
    if (done && type.has(Part::token)) done = add_access_token(allowance, issue, scope.now);
    if (done && type.has(Part::id_token)) done = add_id_token(allowance, issue, scope);
    if (!done) return fail(std::move(done).error());

    const auto outcome = parts_.sessions.commit(issue.command);
    if (!outcome) return fail(from_error(outcome.error()));
    if (*outcome == store::AuthorizeOutcome::other_client_session) continue;
    if (*outcome == store::AuthorizeOutcome::request_used) return fail(request_used());
    if (*outcome == store::AuthorizeOutcome::session_ended) return std::optional<ResponseArgs>();
    parts_.log.info("authorization.granted", {{"client_id", allowance.request.client->id.text()},
                                              {"user", allowance.session.user.username},
                                              {"scope", allowance.granted.text()},
                                              {"response_type", type.text()},
                                              {"request_id", scope.http.request_id}});
    return std::optional(std::move(issue.response));
  }
  return fail(temporarily_unavailable("the client session changed again and again"));
}

Result<store::Authorize, ProtocolError> AuthorizationIssuer::command_for(const Allowance& allowance,
                                                                         const RequestScope& scope) const {
  const AuthorizationRequest& request = allowance.request;
  const model::UserSession& session = allowance.session.session;
  auto ids = random_ids(parts_.random, 3);
  if (!ids) return fail(temporarily_unavailable("no randomness"));
  auto subject = parts_.subjects.subject_of(allowance.session.user, *request.client);
  if (!subject) return fail(from_error(subject.error()));

  store::Authorize command;
  command.user_session = session.id;
  command.client_session.id = model::ClientSessionId(std::move(ids->at(0)));
  command.client_session.user_session = session.id;
  command.client_session.client = request.client->id;
  command.client_session.subject = std::move(*subject);
  command.client_session.sid = std::move(ids->at(1));
  command.client_session.created_at = scope.now;
  command.grant.id = model::GrantId(std::move(ids->at(2)));
  command.grant.scope = allowance.granted;
  command.grant.authorization_request = claims::without_claims(
      request.parameters, parts_.release.scopes().unticked_claims(request.scope, allowance.granted));
  command.grant.authorization_request.remove("id_token_hint");
  command.grant.authentication = session.authentication;
  command.grant.offline = allowance.granted.contains("offline_access");
  command.grant.created_at = scope.now;
  command.grant.expires_at = token::grant_end(parts_.usage, scope.now, session, command.grant.offline);
  command.consent = allowance.consent;
  command.pushed_request = request.origin.pushed;
  command.now = scope.now;
  command.idle_expires_at = allowance.idle_expires_at;
  return command;
}

/// An ID Token that goes out with the response names the client session, so that it must be known before.
Verdict AuthorizationIssuer::join_client_session(const Allowance& allowance,
                                                 store::Authorize& command) const {
  command.client_session_is_told = true;
  auto standing = parts_.sessions.find_client_session(command.user_session, allowance.request.client->id);
  if (standing) {
    command.client_session = std::move(*standing);
  } else if (standing.error().code != Errc::not_found) {
    return fail(from_error(standing.error()));
  }
  return {};
}

Verdict AuthorizationIssuer::add_code(const Allowance& allowance, Issue& issue, TimePoint now) const {
  auto code =
      token::mint_code(issue.command.grant, *allowance.request.client, parts_.usage, parts_.random, now);
  if (!code) return fail(from_error(code.error()));
  issue.command.tokens.push_back(code->record);
  issue.response.args.set("code", code->value.reveal());
  issue.code = std::move(*code);
  return {};
}

/// Beside a code it hangs on that code, so that a replay, or the code's revocation, takes it along.
Verdict AuthorizationIssuer::add_access_token(const Allowance& allowance, Issue& issue, TimePoint now) const {
  auto resources = requested_resources(allowance.request.parameters, parts_.access_tokens.resources());
  if (!resources) return fail(std::move(resources).error());
  if (!parts_.access_tokens.format_of(*resources, *allowance.request.client)) {
    auto error =
        invalid_request("The resources take access tokens of different formats.", kResourceParameter);
    error.code = "invalid_target";
    return fail(std::move(error));
  }
  const auto requested = granted_claims(issue.command);
  const claims::ReleaseQuestion question{allowance.session.user, *allowance.request.client, allowance.granted,
                                         requested};
  auto minted = parts_.access_tokens.mint(
      {.grant = issue.command.grant,
       .client = *allowance.request.client,
       .subject = issue.command.client_session.subject,
       .scope = allowance.granted,
       .based_on = digest_of(issue.code),
       .audience = std::move(*resources),
       .claims = parts_.release.released(claims::ReleasePoint::access_token, question),
       .now = now},
      parts_.keys, parts_.random);
  if (!minted) return fail(minting_failed(minted.error()));
  issue.command.tokens.push_back(minted->record);
  auto& args = issue.response.args;
  args.set("access_token", minted->value.reveal());
  args.set("token_type", "Bearer");
  args.set_number("expires_in", (minted->record.expires_at - now).count());
  args.set("scope", minted->record.scope.text());
  issue.access_token = std::move(*minted);
  return {};
}

Verdict AuthorizationIssuer::add_id_token(const Allowance& allowance, Issue& issue,
                                          const RequestScope& scope) const {
  const model::Client& client = *allowance.request.client;
  if (auto joined = join_client_session(allowance, issue.command); !joined) return joined;
  token::IdTokenOrder order{.grant = issue.command.grant,
                            .client = client,
                            .subject = issue.command.client_session.subject,
                            .channel = token::IdTokenChannel::front_channel,
                            .parent_class = std::nullopt,
                            .nonce = allowance.request.parameters.text("nonce").value_or(""),
                            .sid = token::sid_told_to(client, issue.command.client_session),
                            .claims = id_token_claims(allowance, issue.command),
                            .access_token = text_of(issue.access_token),
                            .code = text_of(issue.code),
                            .now = scope.now};
  if (issue.code) order.parent_class = model::TokenClass::authorization_code;
  if (scope.return_route->state) order.state = *scope.return_route->state;
  auto secret = client::signing_secret(parts_.secrets, client, scope.now);
  if (!secret) return fail(from_error(secret.error()));
  if (*secret) order.client_secret = &**secret;
  auto id_token = parts_.id_tokens.mint(order, parts_.keys);
  if (id_token) id_token = token::id_token_for(std::move(*id_token), client, parts_.client_jwts, scope.now);
  if (!id_token) return fail(minting_failed(id_token.error()));
  issue.response.args.set("id_token", *id_token);
  return {};
}

/// Without an access token there is no userinfo, so that what the scopes stand for is in the ID Token (Core,
/// 5.4).
Message AuthorizationIssuer::id_token_claims(const Allowance& allowance,
                                             const store::Authorize& command) const {
  auto requested = granted_claims(command);
  const claims::ReleaseQuestion question{allowance.session.user, *allowance.request.client, allowance.granted,
                                         requested};
  Message claims = parts_.release.released(claims::ReleasePoint::id_token, question);
  const auto type = allowance.request.response_type;
  if (type.has(Part::token) || type.has(Part::code)) return claims;
  requested.userinfo.clear();  // is for responses with an access token (Core, 5.5)
  const Message by_scope = parts_.release.released(claims::ReleasePoint::userinfo, question);
  for (const auto& name : by_scope.names()) {
    if (!claims.has(name)) claims.set(name, *by_scope.find(name));
  }
  return claims;
}

}  // namespace oidcop::endpoint
