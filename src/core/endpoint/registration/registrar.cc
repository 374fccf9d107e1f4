#include "endpoint/registration/registrar.h"

#include "base/form.h"
#include "base/json.h"
#include "base/network_prefix.h"
#include "base/system_clock.h"
#include "client/key_document.h"
#include "client/metadata.h"
#include "client/sector_document.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

namespace oidcop::endpoint {
namespace {

constexpr Seconds kHour{3600};

constexpr std::array<std::string_view, 15> kAnswer{"client_id",
                                                   "client_secret",
                                                   "client_secret_expires_at",
                                                   "client_id_issued_at",
                                                   "registration_access_token",
                                                   "registration_client_uri",
                                                   "redirect_uris",
                                                   "response_types",
                                                   "grant_types",
                                                   "token_endpoint_auth_method",
                                                   "jwks",
                                                   "jwks_uri",
                                                   "subject_type",
                                                   "application_type",
                                                   "id_token_signed_response_alg"};

/// Of the live secrets the one that lives longest.
std::int64_t end_of_secrets(const model::Client& client) {
  std::int64_t end = 0;
  for (const auto& secret : client.secrets) {
    if (!secret.expires_at) return 0;
    end = std::max(end, to_unix(*secret.expires_at));
  }
  return end;
}

}  // namespace

Verdict Registrar::check_quota(const RequestScope& scope) const {
  const auto key = parts_.pepper.digest("registration", {network_prefix(scope.http.remote_address)});
  auto refused_until =
      parts_.throttle.reserve_attempt({{key, parts_.network_registrations, kHour}}, scope.now);
  if (!refused_until) return fail(from_error(refused_until.error()));
  if (!*refused_until) return {};
  ProtocolError error;
  error.code = "temporarily_unavailable";
  error.description = "Too much was registered from this network; try again later.";
  error.http_status = 429;
  error.retry_after = static_cast<int>((**refused_until - scope.now).count());
  return fail(std::move(error));
}

/// On behalf of a network, since whoever wants many fetches would register as many clients.
Verdict Registrar::check_documents(const model::Client& client, const RequestScope& scope) const {
  const std::string party = "registration from " + network_prefix(scope.http.remote_address);
  if (auto keys = client::check_key_document(client, parts_.fetcher, party); !keys) return keys;
  return client::check_sector_document(client, parts_.fetcher, party);
}

Result<client::IssuedSecret, ProtocolError> Registrar::issue_secret(model::Client& client,
                                                                    TimePoint now) const {
  std::optional<TimePoint> end;
  if (parts_.secret_lifetime) end = now + *parts_.secret_lifetime;
  auto issued = parts_.secrets.generate(client, now, end, parts_.random);
  if (!issued) return fail(from_error(issued.error()));
  client.secrets = {issued->stored};
  return std::move(*issued);
}

Message Registrar::answer(const model::Client& client, const client::IssuedSecret* issued,
                          const RegistrationAccess* access) const {
  auto document = client::self_registered(client, parts_.policy);
  if (issued != nullptr) document.set("client_secret", issued->plain.reveal());
  if (!client.secrets.empty()) document.set_number("client_secret_expires_at", end_of_secrets(client));
  if (access != nullptr) {
    document.set("registration_access_token", access->token);
    document.set("registration_client_uri", access->uri + "?client_id=" + form_encode(client.id.text()));
  }
  return document;
}

ProtocolError as_metadata_error(ProtocolError error) {
  if (error.code == "invalid_request" && error.www_authenticate.empty()) {
    error.code = "invalid_client_metadata";
  }
  return error;
}

Verdict check_size(const Message& metadata) {
  if (dump_json(metadata.json()).size() <= kLargestRegistration) return {};
  return fail(client::invalid_metadata("metadata", "the document has more than 48 KiB."));
}

std::span<const std::string_view> registration_members() {
  return kAnswer;
}

}  // namespace oidcop::endpoint
