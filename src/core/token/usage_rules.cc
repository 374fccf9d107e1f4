#include "token/usage_rules.h"

#include <algorithm>

namespace oidcop::token {
namespace {

using model::TokenClass;
using model::UsageRules;

void overlay(ResolvedRule& rule, TokenClass token_class, const UsageRules& layer) {
  auto entry = layer.find(token_class);
  if (entry == layer.end()) return;
  const auto& says = entry->second;
  if (says.expires_in && *says.expires_in > Seconds{0}) rule.expires_in = *says.expires_in;
  if (says.max_usage) rule.max_usage = *says.max_usage;
  if (says.supports_minting) rule.supports_minting = *says.supports_minting;
}

bool may_have_refresh_tokens(const model::Client& client) {
  const auto& grants = client.grant_types;
  return std::find(grants.begin(), grants.end(), "refresh_token") != grants.end();
}

}  // namespace

bool ResolvedRule::may_mint(TokenClass child) const {
  return std::find(supports_minting.begin(), supports_minting.end(), child) != supports_minting.end();
}

const UsageRules& builtin_usage_rules() {
  static const std::vector<TokenClass> all_tokens{TokenClass::access_token, TokenClass::refresh_token,
                                                  TokenClass::id_token};
  static const std::vector<TokenClass> nothing;
  static const UsageRules rules{
      {TokenClass::authorization_code, {Seconds{60}, 1, all_tokens}},
      {TokenClass::access_token, {Seconds{3600}, 0, nothing}},
      {TokenClass::refresh_token, {std::chrono::hours(24 * 30), 0, all_tokens}},
      {TokenClass::id_token, {Seconds{600}, 0, nothing}},
  };
  return rules;
}

ResolvedRule resolve_rule(TokenClass token_class, const UsagePolicy& policy, const model::Client& client) {
  ResolvedRule rule;
  overlay(rule, token_class, builtin_usage_rules());
  overlay(rule, token_class, policy.profile);
  overlay(rule, token_class, policy.configuration);
  overlay(rule, token_class, client.token_usage_rules);
  return rule;
}

TimePoint expiry_of(const ResolvedRule& rule, const model::Grant& grant, TimePoint now) {
  // Compared as spans: a configured lifetime of centuries must not run over the end of time.
  return rule.expires_in < grant.expires_at - now ? now + rule.expires_in : grant.expires_at;
}

TimePoint grant_end(const UsagePolicy& policy, TimePoint now, const model::UserSession& session,
                    bool offline) {
  const auto end = now + policy.grant_lifetime;
  return offline ? end : std::min(end, session.expires_at);
}

Result<void> check_minting(TokenClass parent, TokenClass child, const UsagePolicy& policy,
                           const model::Client& client) {
  if (resolve_rule(parent, policy, client).may_mint(child)) return {};
  return fail(Errc::refused, "minting not allowed: " + std::string(model::name_of(child)) + " from " +
                                 std::string(model::name_of(parent)));
}

bool yields_refresh_token(const model::Grant& grant, const UsagePolicy& policy, const model::Client& client) {
  if (!policy.refresh_tokens || !may_have_refresh_tokens(client)) return false;
  if (policy.require_offline_access && !grant.offline) return false;
  return resolve_rule(TokenClass::authorization_code, policy, client).may_mint(TokenClass::refresh_token);
}

}  // namespace oidcop::token
