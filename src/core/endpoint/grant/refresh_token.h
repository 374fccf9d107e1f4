#pragma once

#include "endpoint/grant/grant_services.h"
#include "endpoint/grant/grant_type.h"

#include <oidcop/time.h>

#include <cstdint>

namespace oidcop::endpoint {

/// Whose refresh tokens are replaced at each use (RFC 9700, 4.14.2); a client's own setting goes before.
enum class RefreshRotation : std::uint8_t { always, public_clients, never };

struct RefreshSettings {
  RefreshRotation rotation = RefreshRotation::always;
  bool public_clients_may_keep = true;  ///< false: for public clients a client's own setting does not count
  Seconds grace{10};  ///< how long the immediate predecessor still gets a sibling; 0: not at all
};

/// The refresh token grant (RFC 6749, 6; OpenID Connect Core 1.0, 12). Families, rotation and the grace for a
/// lost reply are decided by the store in one step; a reuse beyond the grace revokes the family.
class RefreshTokenGrant final : public GrantType {
 public:
  RefreshTokenGrant(GrantServices services, RefreshSettings settings)
      : services_(services), settings_(settings) {}
  std::string_view name() const override { return "refresh_token"; }
  Verdict look_up(const Message& request, RequestScope& scope) const override;
  Result<std::unique_ptr<const GrantRequest>, ProtocolError> check(const Message& request,
                                                                   RequestScope& scope) const override;

 private:
  GrantServices services_;
  RefreshSettings settings_;
};

}  // namespace oidcop::endpoint
