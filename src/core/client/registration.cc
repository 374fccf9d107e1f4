#include "client/registration.h"

#include "base/json.h"
#include "client/client_keys.h"
#include "client/logout_metadata.h"
#include "client/metadata.h"
#include "client/sector_identifier.h"
#include "model/response_type.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace oidcop::client {
namespace {

/// Fills in the part of the client that its members of the metadata decide, or refuses one of them.
using Reader = Verdict (*)(const Message& metadata, const RegistrationPolicy& policy, model::Client& client);

Verdict refuse_unsupported(const Message& metadata, const RegistrationPolicy& policy, model::Client& client);
Verdict read_application_type(const Message& metadata, const RegistrationPolicy& policy,
                              model::Client& client);
Verdict read_flow(const Message& metadata, const RegistrationPolicy& policy, model::Client& client);
Verdict read_redirect_uris(const Message& metadata, const RegistrationPolicy& policy, model::Client& client);
Verdict read_authentication(const Message& metadata, const RegistrationPolicy& policy, model::Client& client);
Verdict read_id_token(const Message& metadata, const RegistrationPolicy& policy, model::Client& client);
Verdict read_userinfo(const Message& metadata, const RegistrationPolicy& policy, model::Client& client);
Verdict read_introspection(const Message& metadata, const RegistrationPolicy& policy, model::Client& client);
Verdict read_subject_type(const Message& metadata, const RegistrationPolicy& policy, model::Client& client);
Verdict read_login_defaults(const Message& metadata, const RegistrationPolicy& policy, model::Client& client);
Verdict read_display(const Message& metadata, const RegistrationPolicy& policy, model::Client& client);
Verdict read_scope(const Message& metadata, const RegistrationPolicy& policy, model::Client& client);

/// The order counts: later readers use what earlier ones found.
constexpr Reader kReaders[] = {
    refuse_unsupported,
    read_application_type,
    read_flow,
    read_redirect_uris,
    read_authentication,
    [](const Message& metadata, const RegistrationPolicy&, model::Client& client) {
      return read_keys(metadata, client);
    },
    read_id_token,
    read_userinfo,
    [](const Message& metadata, const RegistrationPolicy& policy, model::Client& client) {
      return check_request_protection(metadata, policy.requests, client);
    },
    read_introspection,
    read_subject_type,
    [](const Message& metadata, const RegistrationPolicy&, model::Client& client) {
      return read_sector_identifier(metadata, client);
    },
    read_login_defaults,
    read_logout,
    read_display,
    read_scope,
};

bool contains(const std::vector<std::string>& list, std::string_view value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

/// Without what only the provider decides, and without nulls, which mean "absent" (RFC 7592, 2.2).
Message registrable(const Message& metadata) {
  Message kept = metadata;
  for (const auto member : kProviderMembers) kept.remove(member);
  for (const auto& name : metadata.names()) {
    if (metadata.find(name)->is_null()) kept.remove(name);
  }
  return kept;
}

}  // namespace

Result<model::Client, ProtocolError> register_client(const model::ClientId& id, const Message& metadata,
                                                     const RegistrationPolicy& policy, TimePoint now) {
  model::Client client;
  client.id = id;
  client.created_at = now;
  client.metadata = registrable(metadata);
  if (auto verdict = check_characters(client.metadata); !verdict) return fail(verdict.error());
  for (const auto reader : kReaders) {
    if (auto verdict = reader(client.metadata, policy, client); !verdict) return fail(verdict.error());
  }
  return client;
}

Result<model::Client, ProtocolError> update_client(const model::Client& client, const Message& metadata,
                                                   const RegistrationPolicy& policy, TimePoint now) {
  auto renewed = register_client(client.id, metadata, policy, now);
  if (!renewed) return renewed;
  auto updated = client;  // what the administrator decided stays
  updated.name = renewed->name;
  updated.token_endpoint_auth_method = renewed->token_endpoint_auth_method;
  updated.token_endpoint_auth_signing_alg = renewed->token_endpoint_auth_signing_alg;
  updated.jwks = renewed->jwks;
  updated.jwks_uri = renewed->jwks_uri;
  updated.application_type = renewed->application_type;
  updated.redirect_uris = renewed->redirect_uris;
  updated.post_logout_redirect_uris = renewed->post_logout_redirect_uris;
  updated.response_types = renewed->response_types;
  updated.grant_types = renewed->grant_types;
  updated.subject_type = renewed->subject_type;
  updated.sector_identifier = renewed->sector_identifier;
  updated.id_token_signed_response_alg = renewed->id_token_signed_response_alg;
  updated.default_max_age = renewed->default_max_age;
  updated.require_auth_time = renewed->require_auth_time;
  updated.default_acr_values = renewed->default_acr_values;
  updated.client_uri = renewed->client_uri;
  updated.logo_uri = renewed->logo_uri;
  updated.policy_uri = renewed->policy_uri;
  updated.tos_uri = renewed->tos_uri;
  updated.initiate_login_uri = renewed->initiate_login_uri;
  updated.metadata = renewed->metadata;
  if (renewed->allowed_scopes) {  // an update narrows what is allowed, and never widens it
    updated.allowed_scopes = client.allowed_scopes
                                 ? client.allowed_scopes->intersection(*renewed->allowed_scopes)
                                 : *renewed->allowed_scopes;
  }
  return updated;
}

bool needs_new_secret(const model::Client& client, TimePoint now) {
  if (!needs_secret(client)) return false;
  const bool must_be_plain = needs_plain_secret(client);
  return std::none_of(client.secrets.begin(), client.secrets.end(), [&](const model::ClientSecret& secret) {
    return secret.is_live(now) && (!must_be_plain || secret.form == model::ClientSecret::Form::encrypted);
  });
}

namespace {

/// What the specifications define and this provider does not do. To keep it would be to promise it.
Verdict refuse_unsupported(const Message& metadata, const RegistrationPolicy& /*policy*/,
                           model::Client& /*client*/) {
  for (const std::string_view member :
       {"tls_client_certificate_bound_access_tokens", "dpop_bound_access_tokens"}) {
    const auto required = bool_member(metadata, member);
    if (!required) return fail(required.error());
    if (required->value_or(false)) {
      return fail(invalid_metadata(member, "is not supported by this provider."));
    }
  }
  return {};
}

Verdict read_application_type(const Message& metadata, const RegistrationPolicy& /*policy*/,
                              model::Client& client) {
  const auto type = text_member(metadata, "application_type");
  if (!type) return fail(type.error());
  if (*type && **type != "web" && **type != "native") {
    return fail(invalid_metadata("application_type", "must be web or native."));
  }
  if (*type && **type == "native") client.application_type = model::ApplicationType::native;
  return {};
}

/// A list of names that must all be known; what the client has when it says nothing stays.
Verdict read_names(const Message& metadata, std::string_view member, const std::vector<std::string>& known,
                   std::vector<std::string>& names) {
  auto values = texts_member(metadata, member);
  if (!values) return fail(values.error());
  if (!*values) return {};
  if ((*values)->empty()) return fail(invalid_metadata(member, "must not be empty."));
  for (const auto& value : **values) {
    if (!contains(known, value)) return fail(invalid_metadata(member, "has a value that is not supported."));
  }
  names = **std::move(values);
  return {};
}

/// Response types are kept as the specifications write them, whatever the order of words they came in.
Verdict read_response_types(const Message& metadata, const RegistrationPolicy& policy,
                            model::Client& client) {
  constexpr std::string_view kMember = "response_types";
  auto values = texts_member(metadata, kMember);
  if (!values) return fail(values.error());
  if (!*values) return {};
  if ((*values)->empty()) return fail(invalid_metadata(kMember, "must not be empty."));
  client.response_types.clear();
  for (const auto& value : **values) {
    const auto type = model::ResponseType::parse(value);
    if (!type || !contains(policy.response_types, type->text())) {
      return fail(invalid_metadata(kMember, "has a value that is not supported."));
    }
    if (!contains(client.response_types, type->text())) client.response_types.push_back(type->text());
  }
  return {};
}

/// The grant types that go with the response types (OpenID Connect Dynamic Client Registration 1.0, 2).
std::vector<std::string> needed_grant_types(const model::Client& client) {
  std::vector<std::string> needed;
  const auto need = [&](const char* name) {
    if (!contains(needed, name)) needed.emplace_back(name);
  };
  for (const auto& text : client.response_types) {
    const auto type = model::ResponseType::parse(text);
    if (type && type->has(model::ResponseType::Part::code)) need("authorization_code");
    if (type && type->has_tokens()) need("implicit");
  }
  return needed;
}

bool is_code_only(const model::Client& client) {
  return client.response_types == std::vector<std::string>{"code"};
}

Verdict read_flow(const Message& metadata, const RegistrationPolicy& policy, model::Client& client) {
  if (auto verdict = read_response_types(metadata, policy, client); !verdict) return verdict;
  const auto needed = needed_grant_types(client);
  if (!metadata.has("grant_types") && !needed.empty()) client.grant_types = needed;
  if (auto verdict = read_names(metadata, "grant_types", policy.grant_types, client.grant_types); !verdict) {
    return verdict;
  }
  // A client without people asks for no response at all, and a device for none either.
  const bool is_device = contains(client.grant_types, std::string(model::kDeviceCodeGrantType));
  const auto is_for_people = [&](const std::string& type) {
    return type == "authorization_code" || type == "implicit" || (type == "refresh_token" && !is_device);
  };
  if (!metadata.has("response_types") &&
      std::none_of(client.grant_types.begin(), client.grant_types.end(), is_for_people)) {
    client.response_types.clear();
    return {};
  }
  for (const auto& grant_type : needed) {
    if (!contains(client.grant_types, grant_type)) {
      return fail(
          invalid_metadata("grant_types", "the response types need the grant type " + grant_type + '.'));
    }
  }
  return {};
}

Verdict read_uri_list(const Message& metadata, std::string_view member, const RegistrationPolicy& policy,
                      model::ApplicationType type, std::vector<std::string>& uris) {
  auto values = texts_member(metadata, member);
  if (!values) return fail(values.error());
  if (!*values) return {};
  if ((*values)->size() > 100) return fail(invalid_metadata(member, "has more than 100 values."));
  for (const auto& value : **values) {
    const auto url = check_redirect_uri(value, type, policy.loopback_http);
    if (!url) return fail(invalid_metadata(member, url.error().description));
  }
  uris = **std::move(values);
  return {};
}

Verdict read_redirect_uris(const Message& metadata, const RegistrationPolicy& policy, model::Client& client) {
  constexpr std::string_view kMember = "redirect_uris";
  auto verdict = read_uri_list(metadata, kMember, policy, client.application_type, client.redirect_uris);
  if (verdict && client.redirect_uris.empty() && !client.response_types.empty()) {
    verdict = fail(invalid_metadata(kMember, "at least one is required."));
  }
  if (!verdict) {
    auto error = verdict.error();
    error.code = "invalid_redirect_uri";  // a code of its own (RFC 7591, 3.2.2)
    return fail(std::move(error));
  }
  return read_uri_list(metadata, "post_logout_redirect_uris", policy, client.application_type,
                       client.post_logout_redirect_uris);
}

/// As discovery tells them.
std::string methods_there(const RegistrationPolicy& policy) {
  std::string text;
  for (const auto method : policy.auth_methods) {
    text += (text.empty() ? "" : ", ") + std::string(model::name_of(method));
  }
  for (const auto& name : policy.extension_methods) text += (text.empty() ? "" : ", ") + name;
  return text;
}

Result<model::ClientAuthMethod, ProtocolError> auth_method(std::string_view name,
                                                           const RegistrationPolicy& policy) {
  if (contains(policy.extension_methods, name)) return model::ClientAuthMethod::extension;
  const auto method = model::client_auth_method_named(name);
  const auto& offered = policy.auth_methods;
  if (!method || *method == model::ClientAuthMethod::extension ||
      std::find(offered.begin(), offered.end(), *method) == offered.end()) {
    return fail(
        invalid_metadata("token_endpoint_auth_method",
                         "is not supported by this provider; there is " + methods_there(policy) + '.'));
  }
  return *method;
}

Verdict read_authentication(const Message& metadata, const RegistrationPolicy& policy,
                            model::Client& client) {
  const auto name = text_member(metadata, "token_endpoint_auth_method");
  if (!name) return fail(name.error());
  const auto method = auth_method(name->value_or("client_secret_basic"), policy);
  if (!method) return fail(method.error());
  client.token_endpoint_auth_method = *method;
  if (client.is_public() && contains(client.grant_types, "client_credentials")) {
    return fail(invalid_metadata("grant_types", "client_credentials is for clients that have credentials."));
  }

  constexpr std::string_view kAlg = "token_endpoint_auth_signing_alg";
  const auto alg_name = text_member(metadata, kAlg);
  if (!alg_name) return fail(alg_name.error());
  const auto fitting = assertion_algorithms(*method, std::nullopt);
  if (!*alg_name || fitting.empty()) return {};  // says nothing about methods that do not sign
  const auto alg = jose::parse_algorithm(**alg_name);
  const auto& offered = policy.auth_signing_algs;
  if (!alg || !fitting.contains(*alg) ||
      (!offered.empty() && std::find(offered.begin(), offered.end(), *alg) == offered.end())) {
    return fail(invalid_metadata(kAlg, "is not supported for the client's authentication method."));
  }
  client.token_endpoint_auth_signing_alg = *alg;
  return {};
}

Verdict read_id_token(const Message& metadata, const RegistrationPolicy& policy, model::Client& client) {
  constexpr std::string_view kMember = "id_token_signed_response_alg";
  const auto name = text_member(metadata, kMember);
  if (!name) return fail(name.error());
  const auto encryption = read_response_encryption(metadata, "id_token", policy.responses, client);
  if (!encryption) return fail(encryption.error());
  if (!*name) return {};
  const auto alg = jose::parse_algorithm(**name);
  const auto& offered = policy.id_token_signing_algs;
  if (!alg || std::find(offered.begin(), offered.end(), *alg) == offered.end()) {
    return fail(invalid_metadata(kMember, "is not supported by this provider."));
  }
  if (*alg == jose::Algorithm::none && !is_code_only(client)) {
    return fail(invalid_metadata(kMember, "none is for the code flow only."));
  }
  if (*alg == jose::Algorithm::none && *encryption) {
    return fail(invalid_metadata(kMember, "none is not for ID Tokens that are encrypted."));
  }
  if (jose::is_symmetric(*alg) && client.is_public()) {
    return fail(invalid_metadata(kMember, "a public client has no secret to check this algorithm with."));
  }
  client.id_token_signed_response_alg = *alg;
  return {};
}

Verdict read_userinfo(const Message& metadata, const RegistrationPolicy& policy, model::Client& client) {
  const auto protection = read_response_protection(metadata, "userinfo", policy.responses, client);
  if (!protection) return fail(protection.error());
  return {};
}

/// RFC 9701, 6. A provider without the endpoint keeps the members, and they mean nothing.
Verdict read_introspection(const Message& metadata, const RegistrationPolicy& policy, model::Client& client) {
  if (!policy.introspection) return {};
  const auto protection = read_response_protection(metadata, "introspection", policy.responses, client);
  if (!protection) return fail(protection.error());
  return {};
}

Verdict read_subject_type(const Message& metadata, const RegistrationPolicy& policy, model::Client& client) {
  client.subject_type = policy.default_subject_type;
  const auto name = text_member(metadata, "subject_type");
  if (!name) return fail(name.error());
  if (!*name) return {};
  const auto type = **name == "pairwise" ? model::SubjectType::pairwise : model::SubjectType::public_subject;
  const auto& offered = policy.subject_types;
  if ((**name != "pairwise" && **name != "public") ||
      std::find(offered.begin(), offered.end(), type) == offered.end()) {
    return fail(invalid_metadata("subject_type", "is not supported by this provider."));
  }
  client.subject_type = type;
  return {};
}

Verdict read_login_defaults(const Message& metadata, const RegistrationPolicy& /*policy*/,
                            model::Client& client) {
  const auto max_age = integer_member(metadata, "default_max_age");
  if (!max_age) return fail(max_age.error());
  if (*max_age) client.default_max_age = Seconds(**max_age);
  const auto auth_time = bool_member(metadata, "require_auth_time");
  if (!auth_time) return fail(auth_time.error());
  client.require_auth_time = auth_time->value_or(false);
  auto acr_values = texts_member(metadata, "default_acr_values");
  if (!acr_values) return fail(acr_values.error());
  if (*acr_values) client.default_acr_values = **std::move(acr_values);
  return {};
}

/// Name and links, which people see, in every language given ("client_name#fr", RFC 7591, 2.2).
Verdict read_display(const Message& metadata, const RegistrationPolicy& /*policy*/, model::Client& client) {
  client.name = client.id.text();
  const std::pair<std::string_view, std::string*> links[] = {
      {"client_uri", &client.client_uri},
      {"logo_uri", &client.logo_uri},
      {"policy_uri", &client.policy_uri},
      {"tos_uri", &client.tos_uri},
      {"initiate_login_uri", &client.initiate_login_uri}};
  for (const auto& name : metadata.names()) {
    const auto base = std::string_view(name).substr(0, name.find('#'));
    if (base == "client_name") {
      const auto text = text_member(metadata, name);
      if (!text) return fail(text.error());
      if (name == base && *text && !(*text)->empty()) client.name = **text;
    }
    for (const auto& [member, target] : links) {
      if (base != member) continue;
      const auto uri = https_member(metadata, name);
      if (!uri) return fail(uri.error());
      if (name == base) *target = uri->value_or("");
    }
  }
  if (const auto contacts = texts_member(metadata, "contacts"); !contacts) return fail(contacts.error());
  return {};
}

Verdict read_scope(const Message& metadata, const RegistrationPolicy& /*policy*/, model::Client& client) {
  const auto text = text_member(metadata, "scope");
  if (!text) return fail(text.error());
  if (!*text) return {};
  auto scope = model::ScopeSet::parse(**text);
  if (!scope) return fail(invalid_metadata("scope", "must be space-separated scope values (RFC 6749, 3.3)."));
  client.allowed_scopes = *std::move(scope);
  return {};
}

}  // namespace
}  // namespace oidcop::client
