#include "client/response_protection.h"
#include "endpoint/metadata.h"
#include "jose/key_fit.h"
#include "model/response_type.h"
#include "provider/policies.h"

#include <algorithm>
#include <set>

namespace oidcop::provider {
namespace {

/// Configuration name -> metadata member, of endpoints that discovery tells about.
constexpr std::pair<std::string_view, const char*> kMembers[] = {
    {"authorization", "authorization_endpoint"},
    {"token", "token_endpoint"},
    {"userinfo", "userinfo_endpoint"},
    {"revocation", "revocation_endpoint"},
    {"introspection", "introspection_endpoint"},
    {"jwks", "jwks_uri"},
    {"pushed_authorization", "pushed_authorization_request_endpoint"},
    {"device_authorization", "device_authorization_endpoint"},
    {"end_session", "end_session_endpoint"},
    {"check_session", "check_session_iframe"},
    {"registration", "registration_endpoint"},
};

std::vector<std::string> names_of(const std::vector<jose::Algorithm>& algorithms) {
  std::vector<std::string> names;
  for (const auto algorithm : algorithms) names.emplace_back(jose::algorithm_name(algorithm));
  return names;
}

std::vector<std::string> assertion_algorithms(const std::vector<std::string>& methods) {
  std::vector<std::string> names;
  for (const auto& method : methods) {
    if (method == "private_key_jwt") {
      for (auto& name : names_of(jose::AlgorithmSet::asymmetric().list())) names.push_back(std::move(name));
    }
    if (method == "client_secret_jwt") {
      for (auto& name : names_of(jose::AlgorithmSet::symmetric().list())) names.push_back(std::move(name));
    }
  }
  return names;
}

template <class Algorithm>
std::vector<std::string> names_of(const jose::EncryptionSet<Algorithm>& set) {
  std::vector<std::string> names;
  for (const auto algorithm : set.list()) names.emplace_back(jose::algorithm_name(algorithm));
  return names;
}

/// How clients authenticate at an endpoint besides the token endpoint (RFC 8414, 2).
void tell_methods(endpoint::ProviderFacts& facts, const config::Config& config, const std::string& name) {
  const auto found = config.endpoint.find(name);
  if (found == config.endpoint.end()) return;
  facts.lists[name + "_endpoint_auth_methods_supported"] = found->second.client_authn_method;
  facts.lists[name + "_endpoint_auth_signing_alg_values_supported"] =
      assertion_algorithms(found->second.client_authn_method);
}

std::vector<std::string> claims_told(const claims::ScopeClaims& scopes) {
  std::vector<std::string> names{"sub", "iss", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr"};
  for (auto& name : scopes.all_claims()) {
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(std::move(name));
  }
  return names;
}

/// What request objects may be signed and, where the provider has keys for it, encrypted with.
void tell_request_objects(endpoint::ProviderFacts& facts, const config::Config& config,
                          const jose::SigningKeys& keys) {
  for (const auto& set : {jose::AlgorithmSet::asymmetric(), jose::AlgorithmSet::symmetric()}) {
    for (auto& name : names_of(set.list())) facts.request_object_signing_algs.push_back(std::move(name));
  }
  facts.request_object_signing_algs.emplace_back("none");
  const auto management = request_encryption(keys);
  if (!config.capabilities.request_parameter_supported || management.empty()) return;
  facts.lists["request_object_encryption_alg_values_supported"] = names_of(management);
  facts.lists["request_object_encryption_enc_values_supported"] = names_of(jose::ContentEncryptionSet::all());
}

bool lists_none_of(const config::Capabilities::List& list, std::initializer_list<const char*> values) {
  return list && std::none_of(values.begin(), values.end(), [&](const char* value) {
           return std::find(list->begin(), list->end(), value) != list->end();
         });
}

/// What profile and capabilities leave: tokens in the front channel need their grant type, and a mode that is
/// not the query.
std::vector<std::string> served_response_types(const config::Config& config) {
  const bool has_channel =
      !lists_none_of(config.capabilities.response_modes_supported, {"fragment", "form_post"});
  const bool has_grant = !lists_none_of(config.capabilities.grant_types_supported, {"implicit"});
  const bool has_access_tokens = !config::floor_of(config.profile).no_front_channel_access_tokens;
  std::vector<std::string> types;
  for (auto& text : model::openid_response_types()) {
    const auto type = model::ResponseType::parse(text);
    if (type->has_tokens() && !(has_channel && has_grant)) continue;
    if (type->has(model::ResponseType::Part::token) && !has_access_tokens) continue;
    types.push_back(std::move(text));
  }
  return types;
}

bool offers_tokens(const std::vector<std::string>& response_types) {
  return std::any_of(response_types.begin(), response_types.end(), [](const std::string& text) {
    const auto type = model::ResponseType::parse(text);
    return type && type->has_tokens();
  });
}

}  // namespace

Result<endpoint::ProviderFacts> provider_facts(const config::Config& config, const jose::SigningKeys& keys,
                                               const page::Pages& pages) {
  const claims::ScopeClaims scopes(scope_policy(config));
  endpoint::ProviderFacts facts;
  facts.issuer = config.issuer.text();
  for (const auto& [name, member] : kMembers) {
    if (auto url = config.endpoint_url(name)) facts.endpoints[member] = std::move(*url);
  }
  facts.scopes = scopes.all_scopes();
  facts.claims = claims_told(scopes);
  facts.response_types = served_response_types(config);
  facts.response_modes = {"query", "fragment", "form_post"};
  facts.grant_types = {"authorization_code", "refresh_token", "client_credentials"};
  if (offers_tokens(config.capabilities.response_types_supported.value_or(facts.response_types))) {
    facts.grant_types.emplace_back("implicit");
  }
  if (config.endpoint.count("device_authorization") != 0)
    facts.grant_types.emplace_back(model::kDeviceCodeGrantType);
  const auto& further = config.add_on.grant_types;
  facts.grant_types.insert(facts.grant_types.end(), further.begin(), further.end());
  facts.subject_types = {"public", "pairwise"};
  facts.acr_values = acr_broker(config).acr_values_supported();
  facts.ui_locales = pages.languages();
  facts.claims_locales = config.capabilities.claims_locales_supported.value_or(std::vector<std::string>());
  facts.prompt_values = {"none", "login", "consent", "select_account"};
  if (config.ui.registration_page) {
    if (!config.ui.registration_page->is_https()) {
      return fail(Errc::refused, "ui.registration_page: must be an https URL");
    }
    facts.prompt_values.emplace_back("create");
  }
  facts.display_values = {"page"};
  if (const auto token = config.endpoint.find("token"); token != config.endpoint.end()) {
    facts.token_endpoint_auth_methods = token->second.client_authn_method;
    facts.token_endpoint_auth_signing_algs = assertion_algorithms(facts.token_endpoint_auth_methods);
  }
  facts.id_token_signing_algs = names_of(keys.algorithms());
  // And those that sign with the client's own secret.
  for (auto& name : names_of(jose::AlgorithmSet::symmetric().list()))
    facts.id_token_signing_algs.push_back(name);
  tell_methods(facts, config, "revocation");
  tell_methods(facts, config, "introspection");
  facts.response_signing_algs = facts.id_token_signing_algs;
  facts.id_token_signing_algs.emplace_back("none");  // for the code flow alone (Core, 2)
  facts.response_encryption_algs = names_of(client::response_key_management());
  facts.response_encryption_encs = names_of(jose::ContentEncryptionSet::all());
  if (config.endpoint.count("introspection") != 0) {
    facts.lists["introspection_signing_alg_values_supported"] = facts.response_signing_algs;
    facts.lists["introspection_encryption_alg_values_supported"] = facts.response_encryption_algs;
    facts.lists["introspection_encryption_enc_values_supported"] = facts.response_encryption_encs;
  }
  facts.lists["id_token_encryption_alg_values_supported"] = facts.response_encryption_algs;
  facts.lists["id_token_encryption_enc_values_supported"] = facts.response_encryption_encs;
  if (config.endpoint.count("userinfo") != 0) {
    facts.lists["userinfo_signing_alg_values_supported"] = facts.response_signing_algs;
    facts.lists["userinfo_encryption_alg_values_supported"] = facts.response_encryption_algs;
    facts.lists["userinfo_encryption_enc_values_supported"] = facts.response_encryption_encs;
  }
  tell_request_objects(facts, config, keys);
  facts.frontchannel_logout =
      config.endpoint.count("end_session") != 0 && config.end_session.frontchannel_logout_supported;
  facts.backchannel_logout =
      config.endpoint.count("end_session") != 0 && config.end_session.backchannel_logout_supported;
  facts.signed_metadata = config.provider_info.signed_metadata;
  if (config.ui.op_policy_uri) facts.op_policy_uri = config.ui.op_policy_uri->text();
  if (config.ui.service_documentation) facts.service_documentation = config.ui.service_documentation->text();
  if (config.ui.op_tos_uri) facts.op_tos_uri = config.ui.op_tos_uri->text();
  return endpoint::narrowed(std::move(facts), config.capabilities);
}

jose::KeyManagementSet request_encryption(const jose::SigningKeys& keys) {
  jose::KeyManagementSet set;
  for (const auto management : jose::asymmetric_key_management().list()) {
    const jose::JweAlgorithms algorithms{management, jose::ContentEncryption::a128cbc_hs256};
    for (const auto& key : keys.decryption().keys()) {
      if (jose::can_encrypt(key, algorithms)) set.insert(management);
    }
  }
  return set;
}

client::AllowedMethods allowed_methods(const std::vector<std::string>& names) {
  client::AllowedMethods methods;
  for (const auto& name : names) {
    if (auto method = model::client_auth_method_named(name)) {
      methods.built_in.push_back(*method);
    } else {
      methods.extensions.push_back(name);
    }
  }
  return methods;
}

endpoint::BearerWays bearer_ways(const std::vector<std::string>& names) {
  const auto has = [&](const char* name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  return {has("bearer_header"), has("bearer_body")};
}

client::ClientAuthenticationPolicy client_authentication_policy(const config::Config& config,
                                                                const endpoint::ProviderFacts& facts) {
  client::ClientAuthenticationPolicy policy;
  policy.issuer = config.issuer.text();
  policy.token_endpoint = config.endpoint_url("token").value_or("");
  for (const auto& name : facts.token_endpoint_auth_signing_algs) {
    if (auto algorithm = jose::parse_algorithm(name)) policy.assertion_algorithms.insert(*algorithm);
  }
  return policy;
}

client::RegistrationPolicy registration_policy(const config::Config& config,
                                               const endpoint::ProviderFacts& facts) {
  client::RegistrationPolicy policy;
  policy.response_types = facts.response_types;
  policy.grant_types = facts.grant_types;
  auto methods = allowed_methods(facts.token_endpoint_auth_methods);
  policy.auth_methods = std::move(methods.built_in);
  policy.extension_methods = std::move(methods.extensions);
  for (const auto& name : facts.token_endpoint_auth_signing_algs) {
    if (auto algorithm = jose::parse_algorithm(name)) policy.auth_signing_algs.push_back(*algorithm);
  }
  policy.frontchannel_logout = facts.frontchannel_logout;
  policy.backchannel_logout = facts.backchannel_logout;
  policy.id_token_signing_algs.clear();
  for (const auto& name : facts.id_token_signing_algs) {
    if (auto algorithm = jose::parse_algorithm(name)) policy.id_token_signing_algs.push_back(*algorithm);
  }
  for (const auto& name : facts.response_signing_algs) {
    if (auto algorithm = jose::parse_algorithm(name)) policy.responses.signing.push_back(*algorithm);
  }
  policy.responses.management = client::response_key_management();
  policy.responses.encryption = jose::ContentEncryptionSet::all();
  for (const auto& name : facts.request_object_signing_algs) {
    auto algorithm = jose::parse_algorithm(name);
    if (algorithm && facts.request_parameter) policy.requests.signing.push_back(*algorithm);
  }
  const auto wrapped = facts.lists.find("request_object_encryption_alg_values_supported");
  if (wrapped != facts.lists.end()) {
    for (const auto& name : wrapped->second) {
      if (auto management = jose::parse_key_management(name)) policy.requests.management.insert(*management);
    }
  }
  policy.requests.encryption = jose::ContentEncryptionSet::all();
  policy.requests.pushed = facts.endpoints.count("pushed_authorization_request_endpoint") != 0;
  policy.introspection = facts.endpoints.count("introspection_endpoint") != 0;
  policy.subject_types.clear();
  for (const auto& name : facts.subject_types) {
    policy.subject_types.push_back(name == "pairwise" ? model::SubjectType::pairwise
                                                      : model::SubjectType::public_subject);
  }
  policy.default_subject_type = config.session_params.default_subject_type == config::SubjectType::pairwise
                                    ? model::SubjectType::pairwise
                                    : model::SubjectType::public_subject;
  return policy;
}

page::PagesOptions pages_options(const config::Config& config) {
  page::PagesOptions options;
  options.built_in = config.data_dir;
  if (config.template_dir) options.site = *config.template_dir;
  options.static_path = issuer_path(config) + "/static/";
  options.service_name = config.ui.op_name;
  options.policy = config.ui.op_policy_uri;
  options.tos = config.ui.op_tos_uri;
  options.default_locale = config.ui.default_locale;
  options.offered_locales = config.capabilities.ui_locales_supported.value_or(std::vector<std::string>());
  return options;
}

}  // namespace oidcop::provider
