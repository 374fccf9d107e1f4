#pragma once

#include "token/minted_token.h"
#include "token/usage_rules.h"

#include <oidcop/protocol_error.h>
#include <oidcop/random.h>

#include <optional>
#include <string>

namespace oidcop::token {

/// What a refresh token is made from. References are borrowed for the call.
struct RefreshTokenOrder {
  const model::Grant& grant;
  const model::Client& client;
  model::ScopeSet scope;  ///< whatever the grant does not have is left out
  model::TokenClass parent_class = model::TokenClass::authorization_code;
  Digest based_on;  ///< the code, or the predecessor
  std::string
      authentication;  ///< how the client authenticated (method name); a sibling has to come the same way
  TimePoint now{};
};

/// A new refresh token, the first of its family or a successor: 256 random bits. Its idle end counts anew
/// from now, its absolute end is the grant's and never moves. Errors: refused (the parent may not mint one);
/// unavailable.
Result<MintedToken> mint_refresh_token(const RefreshTokenOrder& order, const UsagePolicy& policy,
                                       Random& random);

/// The scope of the access token that a refresh yields: `requested` when given, else all that the presented
/// token has; of it what the client still may have and, when that token was exchanged before, what that
/// exchange yielded. (The successor has the presented token's scope, whatever is requested: RFC 6749, 6.)
/// Errors: invalid_scope when more is requested than the presented token has, or when nothing is left.
Result<model::ScopeSet, ProtocolError> refreshed_scope(const std::optional<model::ScopeSet>& requested,
                                                       const model::TokenRecord& presented,
                                                       const model::ScopeSet& allowed);

}  // namespace oidcop::token
