#pragma once

#include "config/value.h"

namespace oidcop::config {

/// Reads claims as people configure them: a list of names, or an object of claim requests (OpenID Connect
/// Core 5.5.1) whose `value` or `values` are texts.
Result<std::vector<ClaimSpec>, Complaint> parse_claim_specs(const Json& value);

/// The same, the other way: a list when names are all there is.
Json claim_specs_json(const std::vector<ClaimSpec>& specs);

}  // namespace oidcop::config
