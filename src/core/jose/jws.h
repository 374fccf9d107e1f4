#pragma once

#include "jose/jwk_set.h"

#include <oidcop/message.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace oidcop::jose {

enum class PayloadEncoding : std::uint8_t {
  base64url,
  unencoded,  ///< "b64": false (RFC 7797)
};

/// Header parameters of a signature we make, besides "alg" and the key's "kid", which are always set.
struct JwsHeader {
  std::string typ = {};  ///< e.g. "at+jwt"; left out when empty
  std::string cty = {};  ///< left out when empty
  Message extra = {};    ///< further parameters, e.g. "jwk"; must not name alg, kid, typ, cty, crit or b64
  PayloadEncoding encoding = PayloadEncoding::base64url;  ///< unencoded: "b64" and "crit" are set
};

/// Signs into the compact form (RFC 7515, 7.1). Errors: refused (the key cannot sign with this algorithm, a
/// forbidden extra parameter, an unencoded payload with characters that the form cannot hold), internal.
/// Thread-safe.
Result<std::string> sign_compact(std::string_view payload, const Jwk& key, Algorithm algorithm,
                                 const JwsHeader& header = {});
/// The same with the payload left out (RFC 7515, F): header, nothing, signature. Unencoded, any octets will
/// do.
Result<std::string> sign_compact_detached(std::string_view payload, const Jwk& key, Algorithm algorithm,
                                          const JwsHeader& header = {});

/// An unsecured JWS (RFC 7515, A.5). Only for what a client registered "none" for. Errors: refused, as above.
Result<std::string> make_unsecured(std::string_view payload, const JwsHeader& header = {});

enum class UnencodedPayload : std::uint8_t { refused, allowed };
enum class AlgorithmPlace : std::uint8_t { protected_header, any_header };

/// What the place that accepts a JWS demands of it.
struct JwsPolicy {
  AlgorithmSet algorithms = {};  ///< allowed ones; a JWS with "none" passes only if `none` is named here
  std::vector<std::string> understood_crit = {};  ///< header extensions that the caller handles itself
  std::size_t max_octets = 64U << 10U;            ///< of the whole serialisation
  /// Whether "b64": false is understood; never in a JWT (RFC 7797, 7).
  UnencodedPayload unencoded = UnencodedPayload::refused;
  /// JSON serialisation only: whether "alg" may stand where nobody signed it (RFC 7515, 10.7).
  AlgorithmPlace algorithm_place = AlgorithmPlace::protected_header;
};

struct VerifiedJws {
  Algorithm algorithm = Algorithm::none;  ///< as the header names it
  Message header;
  std::string payload;
  std::string kid;  ///< of the key that verified; empty for none
};

/// Verifies a compact JWS. The algorithm must be allowed by the policy and fit the key's type, "alg", "use"
/// and "key_ops"; base64url is strict; a repeated header member is refused; "crit" must be understood. Keys
/// come from the caller alone: "jwk", "jku", "x5c" and "x5u" of the header are not looked at.
/// Errors: malformed (not a compact JWS), refused (algorithm, crit, size), not_found (no key fits: the caller
/// may fetch the keys anew), bad_signature. Thread-safe.
Result<VerifiedJws> verify_compact(std::string_view compact, const JwkSet& keys, const JwsPolicy& policy);
Result<VerifiedJws> verify_compact(std::string_view compact, const Jwk& key, const JwsPolicy& policy);
/// The same for a JWS whose payload part is empty; the payload came another way, of any size.
Result<VerifiedJws> verify_compact_detached(std::string_view compact, std::string_view payload,
                                            const JwkSet& keys, const JwsPolicy& policy);

/// The header of a compact JWS that nobody has verified: to find out whose keys to use, nothing else.
/// Errors: malformed, refused (size).
Result<Message> peek_unverified_header(std::string_view compact, std::size_t max_octets = 64U << 10U);

/// The JSON object payload that nobody has verified: to find out whose keys to use, nothing else.
/// Errors: as above.
Result<Message> peek_unverified_claims(std::string_view compact, std::size_t max_octets = 64U << 10U);

}  // namespace oidcop::jose
