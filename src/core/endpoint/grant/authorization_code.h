#pragma once

#include "endpoint/grant/grant_services.h"
#include "endpoint/grant/grant_type.h"

namespace oidcop::endpoint {

/// The authorization code grant (RFC 6749, 4.1.3; OpenID Connect Core 1.0, 3.1.3).
///
/// Order of proof: client authentication, ownership, PKCE (a hook), redirect URI, and only then the code is
/// spent, in the same transaction that inserts what it buys. A code that was spent before, presented by its
/// owner with everything else right, revokes all that came from it (4.1.2); one that is presented wrongly
/// revokes nothing.
class AuthorizationCodeGrant final : public GrantType {
 public:
  explicit AuthorizationCodeGrant(GrantServices services) : services_(services) {}
  std::string_view name() const override { return "authorization_code"; }
  Verdict look_up(const Message& request, RequestScope& scope) const override;
  Result<std::unique_ptr<const GrantRequest>, ProtocolError> check(const Message& request,
                                                                   RequestScope& scope) const override;

 private:
  GrantServices services_;
};

}  // namespace oidcop::endpoint
