#include "claims/scope_claims.h"

#include "claims/user_claim.h"

#include <algorithm>

namespace oidcop::claims {
namespace {

constexpr std::string_view kOfflineAccess = "offline_access";

void add_once(std::vector<std::string>& list, const std::string& value) {
  if (std::find(list.begin(), list.end(), value) == list.end()) list.push_back(value);
}

std::vector<std::string> keys_of(const ScopeMap& map) {
  std::vector<std::string> keys;
  keys.reserve(map.size());
  for (const auto& [scope, claims] : map) keys.push_back(scope);
  return keys;
}

}  // namespace

ScopeMap standard_scope_map() {
  return {
      {"openid", {"sub"}},
      {"profile",
       {"name", "family_name", "given_name", "middle_name", "nickname", "preferred_username", "profile",
        "picture", "website", "gender", "birthdate", "zoneinfo", "locale", "updated_at"}},
      {"email", {"email", "email_verified"}},
      {"address", {"address"}},
      {"phone", {"phone_number", "phone_number_verified"}},
      {"offline_access", {}},
  };
}

ScopeClaims::ScopeClaims(ScopePolicy policy) : policy_(std::move(policy)), claims_(policy_.scopes_to_claims) {
  for (auto& [scope, names] : claims_) std::erase_if(names, is_protocol_member);
}

model::ScopeSet ScopeClaims::allowed(const model::Client& client) const {
  auto scopes = client.allowed_scopes ? *client.allowed_scopes : model::ScopeSet(all_scopes());
  const auto& grants = client.grant_types;
  const bool may_refresh = std::find(grants.begin(), grants.end(), "refresh_token") != grants.end();
  if (!policy_.offline_access || !may_refresh) scopes.remove(kOfflineAccess);
  return scopes;
}

Result<model::ScopeSet, ProtocolError> ScopeClaims::filter(const model::ScopeSet& requested,
                                                           const model::Client& client) const {
  auto kept = requested.intersection(allowed(client));
  if (kept == requested) return kept;
  if (kept.empty()) return fail(invalid_scope("The client may have none of the requested scopes."));
  if (policy_.unknown == UnknownScopes::dropped) return kept;

  // A client without refresh tokens that asks for offline_access asks for something known that it does not
  // get; OpenID Connect Core 1.0, 11 wants that ignored, not refused.
  auto without_offline = requested;
  without_offline.remove(kOfflineAccess);
  if (kept == without_offline) return kept;
  return fail(invalid_scope("The client may not have one of the requested scopes."));
}

std::vector<std::string> ScopeClaims::claims_of(const model::ScopeSet& scope) const {
  std::vector<std::string> names;
  for (const auto& value : scope.values()) {
    auto entry = claims_.find(value);
    if (entry == claims_.end()) continue;
    for (const auto& name : entry->second) add_once(names, name);
  }
  return names;
}

std::vector<std::string> ScopeClaims::unticked_claims(const model::ScopeSet& shown,
                                                      const model::ScopeSet& granted) const {
  if (granted == shown) return {};
  const auto kept = claims_of(granted);
  std::vector<std::string> lost;
  for (const auto& name : claims_of(shown))
    if (std::find(kept.begin(), kept.end(), name) == kept.end()) lost.push_back(name);
  return lost;
}

std::vector<std::string> ScopeClaims::all_claims() const {
  std::vector<std::string> names;
  for (const auto& [scope, claims] : policy_.scopes_to_claims)
    for (const auto& name : claims) add_once(names, name);
  return names;
}

std::vector<std::string> ScopeClaims::all_scopes() const {
  auto scopes = policy_.allowed_scopes ? *policy_.allowed_scopes : keys_of(policy_.scopes_to_claims);
  if (!policy_.offline_access) std::erase(scopes, kOfflineAccess);
  return scopes;
}

}  // namespace oidcop::claims
