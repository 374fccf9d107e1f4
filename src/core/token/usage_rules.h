#pragma once

#include "model/client.h"
#include "model/session.h"
#include "model/usage_rule.h"

#include <oidcop/result.h>
#include <oidcop/time.h>

#include <cstdint>
#include <string>
#include <vector>

namespace oidcop::token {

/// A usage rule with nothing left open. A value; changing it changes no other token's.
struct ResolvedRule {
  Seconds expires_in{};
  int max_usage = 0;  ///< 0: unlimited
  std::vector<model::TokenClass> supports_minting;

  bool may_mint(model::TokenClass child) const;
};

struct UsagePolicy {
  model::UsageRules profile;        ///< what the chosen profile says; may be empty
  model::UsageRules configuration;  ///< what the configuration says; may be empty
  Seconds grant_lifetime = std::chrono::hours(24 * 180);
  bool refresh_tokens = true;          ///< false: the grant type is not offered
  bool require_offline_access = true;  ///< false: offline access need not be granted for a refresh token
};

/// Code: once, 60 s, mints access, refresh and ID tokens. Access token: 3600 s, mints nothing. Refresh token:
/// 30 days of idleness, mints access, refresh and ID tokens. ID Token: 600 s, mints nothing.
const model::UsageRules& builtin_usage_rules();

/// Built-in, then profile, then configuration, then the client's own, member by member, later wins. A
/// lifetime that is not positive says nothing (the layer below counts): "-1" has meant "for ever" in some
/// configurations and "dead at birth" in the programs that read them.
ResolvedRule resolve_rule(model::TokenClass token_class, const UsagePolicy& policy,
                          const model::Client& client);

/// When a token issued now ends: never after its grant. Whole seconds; the same moment for the row and for
/// `exp`.
TimePoint expiry_of(const ResolvedRule& rule, const model::Grant& grant, TimePoint now);

/// When a grant made now ends, for good: refreshing never moves it. A grant that is not for offline access
/// ends with the user session at the latest.
TimePoint grant_end(const UsagePolicy& policy, TimePoint now, const model::UserSession& session,
                    bool offline);

/// Whether a token of class `parent` may have a child of that class. Errors: refused ("minting not allowed
/// …").
Result<void> check_minting(model::TokenClass parent, model::TokenClass child, const UsagePolicy& policy,
                           const model::Client& client);

/// Whether the exchange of a code of this grant yields a refresh token: the grant type is offered, the client
/// is registered for it, the code may mint one, and offline access was granted (or the policy does not ask
/// for it).
bool yields_refresh_token(const model::Grant& grant, const UsagePolicy& policy, const model::Client& client);

}  // namespace oidcop::token
