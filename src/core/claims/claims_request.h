#pragma once

#include "base/json.h"

#include <oidcop/message.h>
#include <oidcop/protocol_error.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace oidcop::claims {

/// One claim that is asked for, by a request or by the configuration (OpenID Connect Core 1.0, 5.5.1).
struct ClaimRequest {
  std::string name;
  bool essential = false;  ///< never an error when it cannot be met; a wish that the consent page may stress
  /// What the value must be one of, as JSON text without whitespace; absent: any value. Empty: no value fits.
  std::optional<std::vector<std::string>> accepted;

  bool accepts(const Json& value) const;
};

/// The `claims` parameter (OpenID Connect Core 1.0, 5.5). A value.
struct ClaimsRequest {
  std::vector<ClaimRequest> userinfo;
  std::vector<ClaimRequest> id_token;
  std::vector<std::string> locales;  ///< of claims_locales, in order of preference (Core, 5.2); empty: any

  /// The member `claims` of a request: JSON text as it came over the wire, or an object out of a request
  /// object. An absent member is an empty request. Members besides `userinfo` and `id_token` are ignored, as
  /// are unknown members of a claim. Errors: invalid_request naming the parameter, for anything that has
  /// another shape than the specification's, and for more than 128 claims.
  static Result<ClaimsRequest, ProtocolError> parse(const Message& request);

  bool empty() const { return userinfo.empty() && id_token.empty(); }
  /// `sub` that the ID Token was asked to have (5.5.1): the answer must be about this person or an error.
  std::optional<std::string> requested_subject() const;
  /// Values of claims.id_token.acr when it is essential; empty: none asked.
  std::vector<std::string> essential_acrs() const;
  /// Values of claims.id_token.acr when it is voluntary.
  std::vector<std::string> voluntary_acrs() const;
  /// Names of both places, each once, protocol members left out: what a consent page has to show.
  std::vector<std::string> names() const;
};

/// The same authorization request without these claims (in whatever language) in its `claims` member. What a
/// person refused by unticking a scope must not come in by the other door. A member that does not parse is
/// taken out whole.
Message without_claims(const Message& request, const std::vector<std::string>& names);

}  // namespace oidcop::claims
