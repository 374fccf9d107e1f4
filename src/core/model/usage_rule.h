#pragma once

#include <oidcop/result.h>
#include <oidcop/time.h>

#include <map>
#include <optional>
#include <string_view>
#include <vector>

namespace oidcop::model {

enum class TokenClass : std::uint8_t { authorization_code, access_token, refresh_token, id_token };

/// How access tokens look: a handle that only the provider can look up, or a signed JWT (RFC 9068).
enum class AccessTokenFormat : std::uint8_t { opaque, jwt };

std::string_view name_of(TokenClass token_class);
Result<TokenClass> token_class_named(std::string_view name);  ///< Errors: malformed.

/// What a token of a class may do. A value: never shared between tokens, so that changing one changes one.
/// Members left out fall back to the next layer: client, then configuration, then built-in.
struct UsageRule {
  std::optional<Seconds> expires_in;  ///< lifetime from issue; the grant's own end bounds it
  std::optional<int> max_usage;       ///< 0: unlimited
  std::optional<std::vector<TokenClass>> supports_minting;
};

using UsageRules = std::map<TokenClass, UsageRule>;

}  // namespace oidcop::model
