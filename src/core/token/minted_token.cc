#include "token/minted_token.h"

namespace oidcop::token {

model::TokenRecord new_record(model::TokenClass token_class, const ResolvedRule& rule,
                              const model::Grant& grant, TimePoint now) {
  model::TokenRecord record;
  record.token_class = token_class;
  record.grant = grant.id;
  record.issued_at = now;
  record.expires_at = expiry_of(rule, grant, now);
  record.max_usage = rule.max_usage;
  return record;
}

}  // namespace oidcop::token
