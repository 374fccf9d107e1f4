#pragma once

#include <oidcop/hooks.h>
#include <oidcop/result.h>

namespace oidcop::endpoint {

struct PkceOptions {
  /// Whether confidential clients must use it; a client's own `pkce_essential` goes before. Public ones
  /// always must.
  bool essential = true;
  /// Whether a client's own `pkce_essential` may be false; a profile like OAuth 2.1 leaves it no choice.
  bool may_be_waived = true;
};

/// Proof Key for Code Exchange (RFC 7636) with S256, made of public hooks alone: one at the authorization
/// endpoint, one at the token endpoints, one at provider_info. `plain` is not offered (RFC 9700, 2.1.1).
/// Errors: conflict when it is there already.
Result<void> add_pkce(Hooks& hooks, const PkceOptions& options);

}  // namespace oidcop::endpoint
