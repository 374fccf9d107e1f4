#pragma once

#include "claims/claims_request.h"
#include "claims/scope_claims.h"
#include "model/client.h"
#include "model/user.h"

#include <oidcop/message.h>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace oidcop::claims {

/// A place where claims about a person go out.
enum class ReleasePoint : std::uint8_t { userinfo, id_token, access_token, introspection };
std::string_view name_of(ReleasePoint point);

/// What one release point gives besides what the claims parameter asks for.
struct ReleaseRules {
  std::vector<ClaimRequest> base_claims;
  std::vector<ClaimRequest> always_add_claims;
  bool add_claims_by_scope = false;
  /// Whether a client's own add_claims replace always_add_claims and add_claims_by_scope.
  bool enable_claims_per_client = false;
};
using ReleasePolicy = std::map<ReleasePoint, ReleaseRules>;

/// userinfo by scope, all else nothing of its own.
ReleasePolicy default_release_policy();

/// What is to be released, and to whom. All borrowed for the call.
struct ReleaseQuestion {
  const model::User& user;
  const model::Client& client;
  const model::ScopeSet& scope;  ///< of the token or grant at hand
  const ClaimsRequest& request;
};

/// Decides which claims of a person go out where. Thread-safe for const use.
class ClaimRelease {
 public:
  ClaimRelease(ScopeClaims scopes, ReleasePolicy policy);

  /// Names and conditions in effect: base claims, then always-added ones, then the scopes' (where by-scope is
  /// on), then the claims parameter's; a later entry replaces an earlier one of the same name.
  std::vector<ClaimRequest> wanted(ReleasePoint point, const ReleaseQuestion& question) const;

  /// The claims themselves, in their right types (see user_claim). Never a member of the protocol: whatever
  /// the user's record says, `sub`, `iss`, `aud`, `scope` and the like come from elsewhere.
  Message released(ReleasePoint point, const ReleaseQuestion& question) const;

  /// The part of a claims parameter that this client can be given at all: claims that one of its allowed
  /// scopes stands for, or that some release point gives anyway. The parameter picks single claims; it is no
  /// way around the scopes that the administrator allows, nor to members of the record that nobody meant to
  /// be released. The rest is ignored, as OpenID Connect Core 1.0, 5.5 wants it for claims that are not
  /// supported. Protocol members stay: their wishes (`sub`, `acr`, `auth_time`) are for others to meet.
  ClaimsRequest releasable(const ClaimsRequest& request, const model::Client& client) const;

  const ScopeClaims& scopes() const { return scopes_; }

 private:
  ScopeClaims scopes_;
  ReleasePolicy policy_;
};

}  // namespace oidcop::claims
