#include "endpoint/registration/registration_endpoint.h"

#include "base/digest.h"
#include "base/system_random.h"
#include "endpoint/bearer.h"

namespace oidcop::endpoint {
namespace {

constexpr BearerWays kHeaderOnly{.header = true, .body = false};
constexpr int kRetryWhenFull = 3600;  // seconds; what nobody uses leaves after a while

ProtocolError full() {
  ProtocolError error;
  error.code = "temporarily_unavailable";
  error.description = "There are too many clients that nobody has checked yet; try again later.";
  error.http_status = 503;
  error.retry_after = kRetryWhenFull;
  return error;
}

/// For the log.
std::string allowed_by(const RegistrationRequest& request) {
  return request.initial_token ? "initial access token " + request.initial_token->id : std::string();
}

}  // namespace

EndpointSettings registration_settings(std::string issuer) {
  EndpointSettings settings;
  settings.name = "registration";
  settings.issuer = std::move(issuer);
  settings.methods = {"POST"};
  settings.rules.formats = {RequestFormat::json, RequestFormat::message};
  return settings;
}

RegistrationEndpoint::RegistrationEndpoint(EndpointSettings settings, const Hooks& hooks, Log& log,
                                           Parts parts)
    : TypedEndpoint(std::move(settings), hooks, log, nullptr), parts_(std::move(parts)) {}

/// Whoever presents something is held to it, also where nothing has to be presented.
RegistrationEndpoint::Token RegistrationEndpoint::presented_token(const Message& request,
                                                                  const RequestScope& scope) const {
  if (parts_.open && !scope.http.header("authorization")) return std::optional<model::InitialAccessToken>();
  auto token = presented_bearer_token(request, scope, kHeaderOnly);
  if (!token) return fail(std::move(token).error());
  auto found = parts_.registrations.find_initial_token(sha256(*token));
  if (!found && found.error().code != Errc::not_found) return fail(from_error(found.error()));
  if (!found || !found->is_usable(scope.now)) {
    return fail(invalid_token(issuer(), found ? "initial access token " + found->id + ": used up or over"
                                              : "no such initial access token"));
  }
  return std::optional(std::move(*found));
}

Verdict RegistrationEndpoint::look_up(const Message& request, RequestScope& scope) const {
  const auto token = presented_token(request, scope);
  if (!token) return fail(token.error());
  return {};
}

std::span<const std::string_view> RegistrationEndpoint::frozen_answer() const {
  return registration_members();
}

Result<RegistrationRequest, ProtocolError> RegistrationEndpoint::check_request(const Message& request,
                                                                               RequestScope& scope) const {
  auto token = presented_token(request, scope);
  if (!token) return fail(std::move(token).error());
  if (auto checked = check_size(request); !checked) return fail(std::move(checked).error());
  auto id = random_id(parts_.registrar.random());
  if (!id) return fail(from_error(id.error()));
  const auto origin =
      *token ? model::ClientOrigin::initial_access_token : model::ClientOrigin::open_registration;
  auto client = client::self_register(model::ClientId(std::move(*id)), request, origin,
                                      parts_.registrar.policy(), scope.now);
  if (!client) return fail(std::move(client).error());
  return RegistrationRequest{std::move(*client), std::move(*token)};
}

Result<ResponseArgs, ProtocolError> RegistrationEndpoint::process_request(const RegistrationRequest& request,
                                                                          RequestScope& scope) const {
  if (!request.initial_token) {
    if (auto quota = parts_.registrar.check_quota(scope); !quota) return fail(std::move(quota).error());
  }
  if (auto there = parts_.registrar.check_documents(request.client, scope); !there) {
    return fail(std::move(there).error());
  }
  store::RegisterClient command;
  command.client = request.client;
  if (request.initial_token) command.initial_token = request.initial_token->digest;
  command.now = scope.now;
  command.most_unvetted = parts_.most_unvetted;
  if (!command.client.vetted) command.unused_until = scope.now + parts_.unused_lifetime;

  std::optional<client::IssuedSecret> issued;
  if (client::needs_new_secret(command.client, scope.now)) {
    auto secret = parts_.registrar.issue_secret(command.client, scope.now);
    if (!secret) return fail(std::move(secret).error());
    issued = std::move(*secret);
  }
  std::optional<RegistrationAccess> access;
  if (!parts_.configuration_url.empty()) {
    auto token = random_handle(parts_.registrar.random());
    if (!token) return fail(from_error(token.error()));
    command.access_token = sha256(*token);
    access = RegistrationAccess{std::move(*token), parts_.configuration_url};
  }
  if (auto kept = keep(command, request, scope); !kept) return fail(std::move(kept).error());
  ResponseArgs response;
  response.status = 201;  // RFC 7591, 3.2.1
  response.args =
      parts_.registrar.answer(command.client, issued ? &*issued : nullptr, access ? &*access : nullptr);
  return response;
}

Verdict RegistrationEndpoint::keep(const store::RegisterClient& command, const RegistrationRequest& request,
                                   const RequestScope& scope) const {
  auto outcome = parts_.registrations.commit(command);
  if (!outcome) return fail(from_error(outcome.error()));
  const auto& client = command.client;
  switch (*outcome) {
    case store::RegisterOutcome::token_spent:
      return fail(invalid_token(issuer(), "the initial access token was spent meanwhile"));
    case store::RegisterOutcome::full:
      log().warning("registration.full", {{"address", scope.http.remote_address},
                                          {"detail", "endpoint.registration.most_unvetted is reached"},
                                          {"request_id", scope.http.request_id}});
      return fail(full());
    case store::RegisterOutcome::registered:
      break;
  }
  log().info("client.registered", {{"client_id", client.id.text()},
                                   {"origin", std::string(model::name_of(client.origin))},
                                   {"detail", allowed_by(request)},
                                   {"address", scope.http.remote_address},
                                   {"request_id", scope.http.request_id}});
  return {};
}

ResponseArgs RegistrationEndpoint::error_args(const ProtocolError& error, const RequestScope& scope) const {
  return Endpoint::error_args(as_metadata_error(error), scope);
}

}  // namespace oidcop::endpoint
