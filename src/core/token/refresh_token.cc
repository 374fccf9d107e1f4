#include "token/refresh_token.h"

#include "base/system_random.h"

namespace oidcop::token {

Result<MintedToken> mint_refresh_token(const RefreshTokenOrder& order, const UsagePolicy& policy,
                                       Random& random) {
  const auto rule = resolve_rule(model::TokenClass::refresh_token, policy, order.client);
  auto allowed = check_minting(order.parent_class, model::TokenClass::refresh_token, policy, order.client);
  if (!allowed) return fail(std::move(allowed).error());
  auto value = random_handle(random);
  if (!value) return fail(std::move(value).error());
  auto record = new_record(model::TokenClass::refresh_token, rule, order.grant, order.now);
  record.digest = sha256(*value);
  record.based_on = order.based_on;
  record.scope = order.scope.intersection(order.grant.scope);
  record.authentication = order.authentication;
  return MintedToken{Secret(*std::move(value)), std::move(record)};
}

Result<model::ScopeSet, ProtocolError> refreshed_scope(const std::optional<model::ScopeSet>& requested,
                                                       const model::TokenRecord& presented,
                                                       const model::ScopeSet& allowed) {
  if (requested && !requested->is_subset_of(presented.scope))
    return fail(invalid_scope("The refresh token does not have one of the requested scopes."));
  const auto& wanted = requested ? *requested : presented.scope;
  auto scope = wanted.intersection(allowed);
  if (presented.exchanged_scope) scope = scope.intersection(*presented.exchanged_scope);
  if (scope.empty() && !wanted.empty())
    return fail(invalid_scope("The client may have none of these scopes any more."));
  return scope;
}

}  // namespace oidcop::token
