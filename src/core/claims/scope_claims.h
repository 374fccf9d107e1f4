#pragma once

#include "model/client.h"
#include "model/scope.h"

#include <oidcop/protocol_error.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace oidcop::claims {

using ScopeMap = std::map<std::string, std::vector<std::string>, std::less<>>;

/// openid, profile, email, address, phone and offline_access (OpenID Connect Core 1.0, 5.4 and 11).
ScopeMap standard_scope_map();

enum class UnknownScopes : std::uint8_t {
  dropped,  ///< left out of what is granted (RFC 6749, 3.3)
  refused,  ///< invalid_scope
};

struct ScopePolicy {
  ScopeMap scopes_to_claims = standard_scope_map();  ///< replaces the standard map wholesale
  std::optional<std::vector<std::string>>
      allowed_scopes;  ///< for clients without their own; absent: the map's keys
  UnknownScopes unknown = UnknownScopes::dropped;
  bool offline_access = true;  ///< false: nobody gets refresh tokens, so that the scope would mean nothing
};

/// Which scopes a client may have, and which claims a scope stands for. Thread-safe for const use.
class ScopeClaims {
 public:
  explicit ScopeClaims(ScopePolicy policy);

  /// What this client may be granted at most: its own allowed_scopes, else the provider's; without
  /// offline_access when there are no refresh tokens for it, which is all that offline_access could give it.
  model::ScopeSet allowed(const model::Client& client) const;

  /// The part of `requested` that the client may have. Errors: invalid_scope when unknown scopes are refused
  /// and there is one, or when nothing would be left of a request that named some.
  Result<model::ScopeSet, ProtocolError> filter(const model::ScopeSet& requested,
                                                const model::Client& client) const;

  /// Names of the claims that these scopes stand for, each once, in the order of the scopes. `sub` is not
  /// among them: it is the protocol's own.
  std::vector<std::string> claims_of(const model::ScopeSet& scope) const;

  /// Claims that went with the scopes a person was shown and did not let stand, and that no other scope
  /// gives.
  std::vector<std::string> unticked_claims(const model::ScopeSet& shown,
                                           const model::ScopeSet& granted) const;

  /// Every claim that some scope stands for, for claims_supported.
  std::vector<std::string> all_claims() const;
  /// Every scope that may be asked for, for scopes_supported.
  std::vector<std::string> all_scopes() const;

 private:
  ScopePolicy policy_;
  ScopeMap claims_;  ///< of the policy's, those that are not the protocol's own
};

}  // namespace oidcop::claims
