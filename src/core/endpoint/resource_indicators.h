#pragma once

#include "token/resource_policy.h"

#include <oidcop/message.h>
#include <oidcop/protocol_error.h>

#include <string>
#include <vector>

namespace oidcop::endpoint {

/// The parameter of which there may be several in one request (RFC 8707, 2).
inline constexpr const char* kResourceParameter = "resource";

/// The resources that a request asks for, each once, in their order; empty when it names none. Errors:
/// invalid_target for one that is no absolute URI, has a fragment, or is not known here, and for more
/// than 16.
Result<std::vector<std::string>, ProtocolError> requested_resources(const Message& request,
                                                                    const token::ResourcePolicies& known);

/// The resources of an access token that is bought with a grant: those that the token request asks for, which
/// must be among those of the authorization request (RFC 8707, 2.2), else all of these that are still known.
/// Errors: invalid_target, also when nothing is left of what was granted.
Result<std::vector<std::string>, ProtocolError> resources_to_issue_for(const Message& token_request,
                                                                       const Message& authorization_request,
                                                                       const token::ResourcePolicies& known);

/// invalid_target: no one token can serve resources that take different formats.
ProtocolError formats_differ();

}  // namespace oidcop::endpoint
