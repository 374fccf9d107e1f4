#include "endpoint/metadata.h"

#include "base/json.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string_view>

namespace oidcop::endpoint {
namespace {

bool contains(const std::vector<std::string>& list, const std::string& value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

Result<void> narrow(std::vector<std::string>& fact, const config::Capabilities::List& wanted,
                    std::string_view name) {
  if (!wanted) return {};
  for (const auto& value : *wanted) {
    if (!contains(fact, value)) {
      return fail(Errc::refused,
                  "capabilities." + std::string(name) + ": \"" + value +
                      "\" is not there in this configuration; there is: " + dump_json(Json(fact)));
    }
  }
  fact = *wanted;
  return {};
}

Result<void> require(const std::vector<std::string>& list, std::string_view value, std::string_view name) {
  if (contains(list, std::string(value))) return {};
  return fail(Errc::refused,
              "capabilities." + std::string(name) + " must have \"" + std::string(value) + "\"");
}

}  // namespace

Result<ProviderFacts> narrowed(ProviderFacts facts, const config::Capabilities& capabilities) {
  struct Row {
    std::vector<std::string>& fact;
    const config::Capabilities::List& wanted;
    std::string_view name;
  };
  const Row rows[] = {
      {facts.response_types, capabilities.response_types_supported, "response_types_supported"},
      {facts.response_modes, capabilities.response_modes_supported, "response_modes_supported"},
      {facts.grant_types, capabilities.grant_types_supported, "grant_types_supported"},
      {facts.subject_types, capabilities.subject_types_supported, "subject_types_supported"},
      {facts.scopes, capabilities.scopes_supported, "scopes_supported"},
      {facts.claims, capabilities.claims_supported, "claims_supported"},
      {facts.ui_locales, capabilities.ui_locales_supported, "ui_locales_supported"},
      {facts.acr_values, capabilities.acr_values_supported, "acr_values_supported"},
      {facts.id_token_signing_algs, capabilities.id_token_signing_alg_values_supported,
       "id_token_signing_alg_values_supported"},
      {facts.token_endpoint_auth_signing_algs, capabilities.token_endpoint_auth_signing_alg_values_supported,
       "token_endpoint_auth_signing_alg_values_supported"},
      {facts.request_object_signing_algs, capabilities.request_object_signing_alg_values_supported,
       "request_object_signing_alg_values_supported"},
  };
  for (const auto& row : rows) {
    if (auto done = narrow(row.fact, row.wanted, row.name); !done) return fail(std::move(done).error());
  }
  if (auto done = require(facts.scopes, "openid", "scopes_supported"); !done)
    return fail(std::move(done).error());
  if (auto done = require(facts.response_modes, "query", "response_modes_supported"); !done)
    return fail(
        std::move(done).error());  // the default of the code flow (OAuth 2.0 Multiple Response Types, 2.1)
  facts.claims_parameter = facts.claims_parameter && capabilities.claims_parameter_supported;
  facts.request_parameter = facts.request_parameter && capabilities.request_parameter_supported;
  facts.request_uri_parameter = facts.request_parameter && capabilities.request_uri_parameter_supported;
  facts.require_signed_request_object = capabilities.require_signed_request_object;
  facts.require_pushed_requests = capabilities.require_pushed_authorization_requests;
  if (facts.require_signed_request_object && !facts.request_parameter) {
    return fail(Errc::refused,
                "capabilities.require_signed_request_object: request objects are switched off by "
                "capabilities.request_parameter_supported");
  }
  if (facts.require_pushed_requests && facts.endpoints.count("pushed_authorization_request_endpoint") == 0) {
    return fail(
        Errc::refused,
        "capabilities.require_pushed_authorization_requests: the endpoint pushed_authorization is off");
  }
  return facts;
}

Message provider_metadata(const ProviderFacts& facts) {
  Message metadata;
  metadata.set("issuer", facts.issuer);
  for (const auto& [member, url] : facts.endpoints) metadata.set(member, url);
  const std::pair<std::string_view, const std::vector<std::string>&> lists[] = {
      {"scopes_supported", facts.scopes},
      {"claims_supported", facts.claims},
      {"response_types_supported", facts.response_types},
      {"response_modes_supported", facts.response_modes},
      {"grant_types_supported", facts.grant_types},
      {"subject_types_supported", facts.subject_types},
      {"acr_values_supported", facts.acr_values},
      {"ui_locales_supported", facts.ui_locales},
      {"claims_locales_supported", facts.claims_locales},
      {"prompt_values_supported", facts.prompt_values},
      {"display_values_supported", facts.display_values},
      {"id_token_signing_alg_values_supported", facts.id_token_signing_algs},
      {"token_endpoint_auth_methods_supported", facts.token_endpoint_auth_methods},
      {"token_endpoint_auth_signing_alg_values_supported", facts.token_endpoint_auth_signing_algs},
  };
  for (const auto& [member, values] : lists) {
    if (!values.empty()) metadata.set(member, Json(values));
  }
  for (const auto& [member, values] : facts.lists) {
    if (!values.empty()) metadata.set(member, Json(values));
  }
  metadata.set("claim_types_supported", Json::array({"normal"}));
  metadata.set_bool("claims_parameter_supported", facts.claims_parameter);
  metadata.set_bool("request_parameter_supported", facts.request_parameter);
  if (facts.request_parameter && !facts.request_object_signing_algs.empty()) {
    metadata.set("request_object_signing_alg_values_supported", Json(facts.request_object_signing_algs));
  }
  if (facts.require_signed_request_object) metadata.set_bool("require_signed_request_object", true);
  if (facts.require_pushed_requests) metadata.set_bool("require_pushed_authorization_requests", true);
  metadata.set_bool("request_uri_parameter_supported", facts.request_uri_parameter);
  metadata.set_bool("require_request_uri_registration", facts.request_uri_parameter);
  if (facts.frontchannel_logout) {
    metadata.set_bool("frontchannel_logout_supported", true);
    metadata.set_bool("frontchannel_logout_session_supported", true);
  }
  if (facts.backchannel_logout) {
    metadata.set_bool("backchannel_logout_supported", true);
    metadata.set_bool("backchannel_logout_session_supported", true);
  }
  if (!facts.op_policy_uri.empty()) metadata.set("op_policy_uri", facts.op_policy_uri);
  if (!facts.service_documentation.empty())
    metadata.set("service_documentation", facts.service_documentation);
  if (!facts.op_tos_uri.empty()) metadata.set("op_tos_uri", facts.op_tos_uri);
  return metadata;
}

}  // namespace oidcop::endpoint
