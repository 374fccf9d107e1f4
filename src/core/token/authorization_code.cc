#include "token/authorization_code.h"

#include "base/system_random.h"

namespace oidcop::token {

Result<MintedToken> mint_code(const model::Grant& grant, const model::Client& client,
                              const UsagePolicy& policy, Random& random, TimePoint now) {
  auto value = random_handle(random);
  if (!value) return fail(std::move(value).error());
  const auto rule = resolve_rule(model::TokenClass::authorization_code, policy, client);
  model::TokenRecord record;
  record.digest = sha256(*value);
  record.token_class = model::TokenClass::authorization_code;
  record.grant = grant.id;
  record.scope = grant.scope;
  record.issued_at = now;
  record.expires_at = expiry_of(rule, grant, now);
  record.max_usage = 1;  // RFC 6749, 4.1.2: no configuration makes a code usable twice
  return MintedToken{Secret(*std::move(value)), std::move(record)};
}

}  // namespace oidcop::token
