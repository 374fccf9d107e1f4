#include "client/self_registration.h"

#include "base/json.h"
#include "base/url.h"
#include "client/client_information.h"
#include "client/metadata_choices.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <string_view>

namespace oidcop::client {
namespace {

// OpenID Connect Dynamic Client Registration 1.0, 2; RFC 7591, 2; RFC 9101, 10.5; RFC 9126, 6; RFC 9701, 6;
// OpenID Connect RP-Initiated Logout 1.0, 3.1, Front-Channel Logout 1.0, 2, Back-Channel Logout 1.0, 2.2. The
// last two are refused where they are true: they must not be ignored.
constexpr std::array<std::string_view, 46> kMembers{"redirect_uris",
                                                    "response_types",
                                                    "grant_types",
                                                    "application_type",
                                                    "contacts",
                                                    "client_name",
                                                    "logo_uri",
                                                    "client_uri",
                                                    "policy_uri",
                                                    "tos_uri",
                                                    "jwks_uri",
                                                    "jwks",
                                                    "sector_identifier_uri",
                                                    "subject_type",
                                                    "id_token_signed_response_alg",
                                                    "id_token_encrypted_response_alg",
                                                    "id_token_encrypted_response_enc",
                                                    "userinfo_signed_response_alg",
                                                    "userinfo_encrypted_response_alg",
                                                    "userinfo_encrypted_response_enc",
                                                    "request_object_signing_alg",
                                                    "request_object_encryption_alg",
                                                    "request_object_encryption_enc",
                                                    "token_endpoint_auth_method",
                                                    "token_endpoint_auth_signing_alg",
                                                    "default_max_age",
                                                    "require_auth_time",
                                                    "default_acr_values",
                                                    "initiate_login_uri",
                                                    "request_uris",
                                                    "scope",
                                                    "software_id",
                                                    "software_version",
                                                    "software_statement",
                                                    "require_signed_request_object",
                                                    "require_pushed_authorization_requests",
                                                    "introspection_signed_response_alg",
                                                    "introspection_encrypted_response_alg",
                                                    "introspection_encrypted_response_enc",
                                                    "post_logout_redirect_uris",
                                                    "frontchannel_logout_uri",
                                                    "frontchannel_logout_session_required",
                                                    "backchannel_logout_uri",
                                                    "backchannel_logout_session_required",
                                                    "tls_client_certificate_bound_access_tokens",
                                                    "dpop_bound_access_tokens"};

/// What people read has a language (OpenID Connect Dynamic Client Registration 1.0, 2.1).
constexpr std::array<std::string_view, 5> kInLanguages{"client_name", "client_uri", "logo_uri", "policy_uri",
                                                       "tos_uri"};

/// Grant types that end with nothing unless a person was asked.
constexpr std::array<std::string_view, 3> kForPeople{"authorization_code", "implicit", "refresh_token"};

template <std::size_t N>
bool is_in(const std::array<std::string_view, N>& list, std::string_view value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

RegistrationPolicy offered_to(const SelfRegistrationPolicy& policy, bool vetted) {
  auto offered = policy.offered;
  if (!vetted) {
    std::erase_if(offered.grant_types, [](const std::string& name) { return !is_in(kForPeople, name); });
  }
  return offered;
}

/// A web client runs on a server that others reach (OpenID Connect Dynamic Client Registration 1.0, 2,
/// application_type).
Verdict check_hosts(const model::Client& client) {
  if (client.application_type != model::ApplicationType::web) return {};
  for (const auto& text : client.redirect_uris) {
    const auto url = Url::parse(text);
    if (!url || !url->is_loopback()) continue;
    ProtocolError error;
    error.code = "invalid_redirect_uri";
    error.parameter = "redirect_uris";
    error.description = "redirect_uris: a web client has no loopback host; application_type native may.";
    return fail(std::move(error));
  }
  return {};
}

/// What is registered of a document: nothing but what a client may say, with its software statement heard and
/// its choices made.
Result<Message, ProtocolError> registered_part(const Message& metadata, const RegistrationPolicy& offered,
                                               const SelfRegistrationPolicy& policy, const std::string& known,
                                               TimePoint now) {
  auto stated = with_statement(metadata, policy.statements, known, now);
  if (!stated) return stated;
  auto chosen = with_choices_made(std::move(*stated), offered);
  if (!chosen) return chosen;
  return self_registrable(*chosen);
}

void confine_scope(model::Client& client, const SelfRegistrationPolicy& policy) {
  if (client.allowed_scopes) {
    client.allowed_scopes = client.allowed_scopes->intersection(model::ScopeSet(policy.scopes));
  }
}

}  // namespace

Message self_registrable(const Message& metadata) {
  Message kept;
  for (const auto& name : metadata.names()) {
    const auto base = std::string_view(name).substr(0, name.find('#'));
    const bool is_tagged = base.size() != name.size();
    const bool is_known = is_tagged ? is_in(kInLanguages, base) : is_in(kMembers, base);
    if (is_known) kept.set(name, *metadata.find(name));
  }
  return kept;
}

Result<model::Client, ProtocolError> self_register(const model::ClientId& id, const Message& metadata,
                                                   model::ClientOrigin origin,
                                                   const SelfRegistrationPolicy& policy, TimePoint now) {
  const bool vetted = origin == model::ClientOrigin::initial_access_token;
  const auto offered = offered_to(policy, vetted);
  const auto document = registered_part(metadata, offered, policy, {}, now);
  if (!document) return fail(document.error());
  auto client = register_client(id, *document, offered, now);
  if (!client) return client;
  if (auto checked = check_hosts(*client); !checked) return fail(std::move(checked).error());
  client->origin = origin;
  client->vetted = vetted;
  confine_scope(*client, policy);
  return client;
}

Result<model::Client, ProtocolError> self_update(const model::Client& client, const Message& metadata,
                                                 const SelfRegistrationPolicy& policy, TimePoint now) {
  auto before = client;
  before.allowed_scopes.reset();  // what it registered, which it may register anew
  const bool is_anybody = client.origin == model::ClientOrigin::open_registration;
  const auto offered = offered_to(policy, !is_anybody);
  const auto known = client.metadata.text("software_statement").value_or("");
  const auto document = registered_part(metadata, offered, policy, known, now);
  if (!document) return fail(document.error());
  auto updated = update_client(before, *document, offered, now);
  if (!updated) return updated;
  if (auto checked = check_hosts(*updated); !checked) return fail(std::move(checked).error());
  confine_scope(*updated, policy);
  const bool is_same = self_registered(*updated, policy) == self_registered(client, policy);
  if (is_anybody && !is_same) updated->vetted = false;
  return updated;
}

Message self_registered(const model::Client& client, const SelfRegistrationPolicy& policy) {
  auto document = client_information(client);
  if (!client.allowed_scopes) document.set("scope", model::ScopeSet(policy.scopes).text());
  if (!client.id_token_signed_response_alg) {
    document.set("id_token_signed_response_alg", policy.id_token_alg);
  }
  return document;
}

}  // namespace oidcop::client
