#pragma once

#include "config/config.h"

#include <oidcop/message.h>
#include <oidcop/result.h>

#include <map>
#include <string>
#include <vector>

namespace oidcop::endpoint {

/// What this provider really does, gathered from what is really there. Discovery tells exactly this.
struct ProviderFacts {
  std::string issuer;
  std::map<std::string, std::string> endpoints;  ///< metadata member -> URL, of endpoints that are on
  std::vector<std::string> scopes, claims, response_types, response_modes, grant_types, subject_types,
      acr_values, ui_locales, prompt_values, token_endpoint_auth_methods, token_endpoint_auth_signing_algs,
      id_token_signing_algs, display_values;
  std::vector<std::string> claims_locales;  ///< as configured: nothing here knows the languages of a record
  /// What can be done to answers for one client alone (userinfo, introspection).
  std::vector<std::string> response_signing_algs, response_encryption_algs, response_encryption_encs;
  std::map<std::string, std::vector<std::string>> lists;  ///< further metadata members that are lists
  std::vector<std::string> request_object_signing_algs;
  bool claims_parameter = true, request_parameter = true, request_uri_parameter = false;
  bool require_signed_request_object = false, require_pushed_requests = false;
  bool frontchannel_logout = false;
  bool backchannel_logout = false;
  bool signed_metadata = false;
  std::string op_policy_uri, op_tos_uri, service_documentation;  ///< empty: none
};

/// The facts within the configured capabilities, which can only narrow. Errors: refused, naming the
/// capability and the value that is claimed and not there, or the one that is required and left out.
Result<ProviderFacts> narrowed(ProviderFacts facts, const config::Capabilities& capabilities);

/// Provider metadata (OpenID Connect Discovery 1.0, 3; RFC 8414, 2). Members whose default says what is not
/// so are always written.
Message provider_metadata(const ProviderFacts& facts);

}  // namespace oidcop::endpoint
