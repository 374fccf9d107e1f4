#include "endpoint/registration/client_configuration_endpoint.h"

#include "base/digest.h"
#include "base/form.h"
#include "base/system_random.h"
#include "client/metadata.h"
#include "endpoint/bearer.h"

#include <array>

namespace oidcop::endpoint {
namespace {

constexpr BearerWays kHeaderOnly{.header = true, .body = false};
constexpr Seconds kRenewal = std::chrono::hours(24 * 7);  // a secret that ends within it is replaced

/// RFC 7592, 2.2: what the provider alone says.
constexpr std::array<std::string_view, 4> kNeverInUpdate{"registration_access_token",
                                                         "registration_client_uri",
                                                         "client_secret_expires_at", "client_id_issued_at"};

/// The client that the URL speaks of: with PUT the members are the body's.
std::optional<std::string> client_in_url(const Message& request, const RequestScope& scope) {
  if (scope.http.method != "PUT") return request.text("client_id");
  const auto fields = decode_form(scope.http.query);
  if (!fields) return std::nullopt;
  std::optional<std::string> id;
  for (const auto& [name, value] : *fields) {
    if (name != "client_id") continue;
    if (id) return std::nullopt;
    id = value;
  }
  return id;
}

}  // namespace

EndpointSettings client_configuration_settings(std::string issuer) {
  EndpointSettings settings;
  settings.name = "registration_api";
  settings.issuer = std::move(issuer);
  settings.methods = {"GET", "PUT", "DELETE"};
  settings.rules.formats = {RequestFormat::query, RequestFormat::json, RequestFormat::message};
  return settings;
}

ClientConfigurationEndpoint::ClientConfigurationEndpoint(EndpointSettings settings, const Hooks& hooks,
                                                         Log& log, Parts parts)
    : TypedEndpoint(std::move(settings), hooks, log, nullptr), parts_(std::move(parts)) {}

/// A wrong token, a token of somebody else, and a client that there is not all look the same (RFC 7592, 2.1).
Verdict ClientConfigurationEndpoint::look_up(const Message& request, RequestScope& scope) const {
  auto token = presented_bearer_token(request, scope, kHeaderOnly);
  if (!token) return fail(std::move(token).error());
  const auto id = client_in_url(request, scope);
  if (!id) return fail(invalid_request("client_id is required once in the URL.", "client_id"));
  auto found = parts_.registrations.find_registration(sha256(*token));
  if (!found && found.error().code != Errc::not_found) return fail(from_error(found.error()));
  if (!found) return fail(invalid_token(issuer(), "no such registration access token"));
  if (found->client.text() != *id) {
    return fail(invalid_token(issuer(), "the registration access token is another client's"));
  }
  return find_client(*id, scope);
}

Verdict ClientConfigurationEndpoint::find_client(const std::string& id, RequestScope& scope) const {
  auto client = parts_.clients.find_client(model::ClientId(id));
  if (!client && client.error().code != Errc::not_found) return fail(from_error(client.error()));
  if (!client) return fail(invalid_token(issuer(), "the client was deleted meanwhile"));
  if (!(*client)->enabled) return fail(invalid_token(issuer(), "client " + id + " is disabled"));
  scope.client_view = view_of(**client);
  scope.client = std::move(*client);
  return {};
}

std::span<const std::string_view> ClientConfigurationEndpoint::frozen_answer() const {
  return registration_members();
}

Result<ClientConfigurationRequest, ProtocolError> ClientConfigurationEndpoint::check_request(
    const Message& request, RequestScope& scope) const {
  auto token = presented_bearer_token(request, scope, kHeaderOnly);
  if (!token) return fail(std::move(token).error());
  ClientConfigurationRequest checked{std::move(*token), std::nullopt};
  if (scope.http.method != "PUT") return checked;
  if (auto verdict = check_update(request, scope); !verdict) return fail(std::move(verdict).error());
  auto updated = client::self_update(*scope.client, request, parts_.registrar.policy(), scope.now);
  if (!updated) return fail(std::move(updated).error());
  checked.updated = std::move(*updated);
  return checked;
}

/// RFC 7592, 2.2.
Verdict ClientConfigurationEndpoint::check_update(const Message& request, const RequestScope& scope) const {
  if (auto checked = check_size(request); !checked) return checked;
  for (const auto name : kNeverInUpdate) {
    if (request.has(name)) return fail(client::invalid_metadata(name, "must not be in an update."));
  }
  if (request.text("client_id") != scope.client->id.text()) {
    return fail(client::invalid_metadata("client_id", "must be in an update, and the client's own."));
  }
  if (!request.has("client_secret")) return {};
  const auto secret = request.text("client_secret");
  const auto fits = secret ? parts_.registrar.secrets().verify(&*scope.client, Secret(*secret), scope.now)
                           : Result<bool>(false);
  if (!fits) return fail(from_error(fits.error()));
  if (!*fits) return fail(client::invalid_metadata("client_secret", "is not the client's."));
  return {};
}

Result<ResponseArgs, ProtocolError> ClientConfigurationEndpoint::process_request(
    const ClientConfigurationRequest& request, RequestScope& scope) const {
  if (scope.http.method == "DELETE") return remove(request, scope);
  if (request.updated) return update(request, scope);
  ResponseArgs response;
  const RegistrationAccess access{request.token, parts_.url};
  response.args = parts_.registrar.answer(*scope.client, nullptr, &access);
  return response;
}

/// Only what is new is looked at, and for a client that anybody could register as often as one may be: else
/// an update would be a way to have URLs fetched without end.
Verdict ClientConfigurationEndpoint::check_documents(const model::Client& updated,
                                                     const RequestScope& scope) const {
  const auto& before = *scope.client;
  const bool is_known =
      updated.jwks_uri == before.jwks_uri &&
      updated.metadata.text("sector_identifier_uri") == before.metadata.text("sector_identifier_uri") &&
      updated.redirect_uris == before.redirect_uris;
  const bool names_any = !updated.jwks_uri.empty() || updated.metadata.has("sector_identifier_uri");
  if (is_known || !names_any) return {};
  if (before.origin == model::ClientOrigin::open_registration) {
    if (auto quota = parts_.registrar.check_quota(scope); !quota) return quota;
  }
  return parts_.registrar.check_documents(updated, scope);
}

ClientConfigurationEndpoint::Answer ClientConfigurationEndpoint::update(
    const ClientConfigurationRequest& request, const RequestScope& scope) const {
  if (auto there = check_documents(*request.updated, scope); !there) return fail(std::move(there).error());
  store::UpdateRegistration command;
  command.client = *request.updated;
  command.access_token = sha256(request.token);
  std::optional<client::IssuedSecret> issued;
  if (!client::needs_secret(command.client)) {
    command.client.secrets.clear();
  } else if (parts_.rotate_secret || client::needs_new_secret(command.client, scope.now + kRenewal)) {
    auto secret = parts_.registrar.issue_secret(command.client, scope.now);
    if (!secret) return fail(std::move(secret).error());
    issued = std::move(*secret);
  }
  RegistrationAccess access{request.token, parts_.url};
  if (parts_.rotate_access_token) {
    auto token = random_handle(parts_.registrar.random());
    if (!token) return fail(from_error(token.error()));
    access.token = std::move(*token);
    command.rotated = sha256(access.token);
  }
  if (auto kept = keep(command, scope); !kept) return fail(std::move(kept).error());
  ResponseArgs response;
  response.args = parts_.registrar.answer(command.client, issued ? &*issued : nullptr, &access);
  return response;
}

Verdict ClientConfigurationEndpoint::keep(const store::UpdateRegistration& command,
                                          const RequestScope& scope) const {
  auto outcome = parts_.registrations.commit(command);
  if (!outcome) return fail(from_error(outcome.error()));
  if (*outcome == store::UpdateOutcome::token_gone) {
    return fail(invalid_token(issuer(), "the registration access token was replaced meanwhile"));
  }
  if (*outcome == store::UpdateOutcome::changed) {
    return fail(temporarily_unavailable("client " + command.client.id.text() + " was changed meanwhile"));
  }
  log().info("client.updated", {{"client_id", command.client.id.text()},
                                {"address", scope.http.remote_address},
                                {"request_id", scope.http.request_id}});
  if (scope.client->vetted && !command.client.vetted) {
    log().warning("client.unvetted", {{"client_id", command.client.id.text()},
                                      {"detail", "it changed what had been vetted"},
                                      {"request_id", scope.http.request_id}});
  }
  return {};
}

ClientConfigurationEndpoint::Answer ClientConfigurationEndpoint::remove(
    const ClientConfigurationRequest& request, const RequestScope& scope) const {
  auto removed = parts_.registrations.delete_registration(sha256(request.token));
  if (!removed && removed.error().code != Errc::not_found) return fail(from_error(removed.error()));
  if (!removed) return fail(invalid_token(issuer(), "the client was deleted meanwhile"));
  log().info("client.deleted", {{"client_id", scope.client->id.text()},
                                {"address", scope.http.remote_address},
                                {"request_id", scope.http.request_id}});
  ResponseArgs response;
  response.status = 204;  // RFC 7592, 2.3
  return response;
}

ResponseArgs ClientConfigurationEndpoint::error_args(const ProtocolError& error,
                                                     const RequestScope& scope) const {
  return Endpoint::error_args(scope.http.method == "PUT" ? as_metadata_error(error) : error, scope);
}

Verdict ClientConfigurationEndpoint::package(EndpointResponse& response, const RequestScope&) const {
  if (response.status == 204) response.response = std::string();
  return {};
}

}  // namespace oidcop::endpoint
