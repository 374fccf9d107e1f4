#pragma once

#include "model/usage_rule.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace oidcop::token {

/// A protected resource that access tokens can be asked for.
struct ResourcePolicy {
  std::optional<model::AccessTokenFormat> access_token_format;  ///< absent: the client's, or the provider's
  std::vector<std::string> resource_servers;  ///< client_ids under which it may ask about its tokens
};

/// By resource indicator (RFC 8707, 2), compared character by character.
using ResourcePolicies = std::map<std::string, ResourcePolicy, std::less<>>;

}  // namespace oidcop::token
