#pragma once

#include "jose/jws.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace oidcop::jose {

// The JSON serialisation of a JWS (RFC 7515, 7.2): one payload under one or several signatures.

/// One signature to make. `unprotected` parameters stand beside the protected header, where nobody signs
/// them; they must not repeat a protected one, nor be alg, crit or b64. `key` outlives the call.
struct JwsSigner {
  const Jwk& key;
  Algorithm algorithm;
  JwsHeader header = {};
  Message unprotected = {};
};

enum class PayloadPlace : std::uint8_t { included, detached };

/// General syntax (7.2.1). All signers must encode the payload alike (RFC 7797, 3). Errors: refused (as
/// sign_compact; no signer or more than 8; an unencoded payload to include that is not UTF-8), internal.
Result<std::string> sign_general(std::string_view payload, const std::vector<JwsSigner>& signers,
                                 PayloadPlace place = PayloadPlace::included);
/// Flattened syntax (7.2.2). Errors: as above.
Result<std::string> sign_flattened(std::string_view payload, const JwsSigner& signer,
                                   PayloadPlace place = PayloadPlace::included);

/// Which of the signatures must verify. A form that is wrong anywhere is refused under either rule; a "crit"
/// that is wrong or not understood spoils its own signature only.
enum class SignatureRule : std::uint8_t { all, any };

struct VerifiedSignature {
  std::size_t position = 0;  ///< in "signatures"; 0 in the flattened syntax
  Algorithm algorithm = Algorithm::none;
  Message protected_header;
  Message unprotected_header;  ///< nobody vouches for it
  std::string kid;             ///< of the key that verified
};

struct VerifiedJsonJws {
  std::string payload;
  std::vector<VerifiedSignature> signatures;  ///< those that verified, at least one
};

/// Verifies either syntax. Each signature is judged as verify_compact judges one; "none" never passes.
/// \param detached  the payload, when it came another way; then the JWS must not hold one
/// Errors: malformed (also: headers that share a member, signatures that encode the payload differently),
/// refused (also: more than 8 signatures), not_found, bad_signature: of the first signature that failed.
/// Thread-safe.
Result<VerifiedJsonJws> verify_json(std::string_view text, const JwkSet& keys, const JwsPolicy& policy,
                                    SignatureRule rule,
                                    std::optional<std::string_view> detached = std::nullopt);

}  // namespace oidcop::jose
