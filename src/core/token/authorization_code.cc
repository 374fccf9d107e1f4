#include "token/authorization_code.h"

#include "base/system_random.h"

namespace oidcop::token {

Result<MintedToken> mint_code(const model::Grant& grant, const model::Client& client,
                              const UsagePolicy& policy, Random& random, TimePoint now) {
  auto value = random_handle(random);
  if (!value) return fail(std::move(value).error());
  const auto rule = resolve_rule(model::TokenClass::authorization_code, policy, client);
  auto record = new_record(model::TokenClass::authorization_code, rule, grant, now);
  record.digest = sha256(*value);
  record.scope = grant.scope;
  record.max_usage = 1;  // RFC 6749, 4.1.2: no configuration makes a code usable twice
  return MintedToken{Secret(*std::move(value)), std::move(record)};
}

model::TokenRecord code_record(const model::Grant& grant, const Digest& digest, TimePoint now,
                               TimePoint expires_at) {
  ResolvedRule rule;
  rule.expires_in = expires_at - now;
  rule.max_usage = 1;  // RFC 6749, 4.1.2, as for every code
  auto record = new_record(model::TokenClass::authorization_code, rule, grant, now);
  record.digest = digest;
  record.scope = grant.scope;
  return record;
}

}  // namespace oidcop::token
