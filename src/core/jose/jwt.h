#pragma once

#include "jose/jws.h"

#include <oidcop/time.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace oidcop::jose {

/// Why claims were not accepted. Callers branch on it; `claim_fault_name` is for logs.
enum class ClaimFault : std::uint8_t {
  wrong_type,  ///< "typ" is not one of those accepted here
  missing,     ///< a required claim is absent
  malformed,   ///< a claim has the wrong JSON type or an impossible value
  wrong_issuer,
  wrong_audience,
  wrong_subject,
  expired,
  not_yet_valid,      ///< "nbf" lies ahead
  issued_in_future,   ///< "iat" lies ahead
  too_old,            ///< "iat" is longer ago than allowed
  lifetime_too_long,  ///< "exp" is further away than allowed
};
std::string_view claim_fault_name(ClaimFault fault);

struct ClaimError {
  ClaimFault fault;
  std::string claim;  ///< the claim's or header parameter's name
};

enum class ExpiryRule : std::uint8_t {
  enforced,
  ignored,  ///< for ID Token hints, which may be long expired (OpenID Connect Core 1.0, 3.1.2.1)
};

enum class AudienceRule : std::uint8_t {
  any_member,     ///< one of the accepted values is among "aud" (RFC 7519, 4.1.3)
  every_member,   ///< "aud" is one accepted value or an array of accepted values only
  single_string,  ///< "aud" is a string, one of the accepted values
};

/// What the place that accepts a JWT demands of its claims (RFC 7519, 4.1; RFC 8725, 3).
struct JwtPolicy {
  std::string issuer = {};                  ///< exact "iss"; empty: not checked
  std::string subject = {};                 ///< exact "sub"; empty: not checked
  std::vector<std::string> audiences = {};  ///< accepted "aud" values; empty: not checked
  AudienceRule audience_rule = AudienceRule::any_member;
  /// Accepted "typ" values without "application/", compared without case (RFC 7515, 4.1.9); an empty string
  /// stands for an absent "typ"; an empty list: not checked.
  std::vector<std::string> types = {};
  std::vector<std::string> required = {"exp"};  ///< claims that must be there
  ExpiryRule expiry = ExpiryRule::enforced;
  Seconds leeway{0};                         ///< for the clocks of others, on every comparison with now
  std::optional<Seconds> max_ahead = {};     ///< "exp" at most this far after now
  std::optional<Seconds> max_lifetime = {};  ///< "exp" at most this far after "iat" (which is then required)
  std::optional<Seconds> max_age = {};       ///< "iat" at most this long ago (and then required)
};

/// Checks "typ" alone. Pure.
Result<void, ClaimError> check_type(const Message& header, const JwtPolicy& policy);

/// Checks the claims of a token whose signature was verified. iss, sub, aud, exp, nbf, iat and jti must have
/// the right JSON type whenever they are present. Pure.
Result<void, ClaimError> validate_claims(const Message& claims, const JwtPolicy& policy, TimePoint now);

/// A verified JWT: header and claims.
struct VerifiedJwt {
  Algorithm algorithm = Algorithm::none;
  Message header;
  Message claims;
  std::string kid;
};

/// verify_compact, check_type and validate_claims in one. Errors: as verify_compact; malformed when the
/// payload is no JSON object; for claims expired or refused with "claim: reason" as detail.
Result<VerifiedJwt> verify_jwt(std::string_view compact, const JwkSet& keys, const JwsPolicy& signature,
                               const JwtPolicy& policy, TimePoint now);

/// verify_compact and the payload as a JSON object, claims not judged: for callers that need the typed
/// reason.
Result<VerifiedJwt> verify_jwt_signature(std::string_view compact, const JwkSet& keys,
                                         const JwsPolicy& signature);

/// Signs claims. Errors: as sign_compact.
Result<std::string> sign_jwt(const Message& claims, const Jwk& key, Algorithm algorithm,
                             const JwsHeader& header = {});

}  // namespace oidcop::jose
