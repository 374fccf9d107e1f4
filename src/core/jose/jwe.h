#pragma once

#include "jose/jwe_header.h"
#include "jose/jwk_set.h"

namespace oidcop::jose {

/// Header parameters of a JWE we make, besides "alg", "enc", the key's "kid" and what the algorithm needs.
struct JweHeader {
  std::string typ = {};  ///< left out when empty
  std::string cty = {};  ///< "JWT" for a nested JWT; left out when empty
  KeyChoices key = {};   ///< apu, apv, p2c
  Message extra = {};    ///< further parameters, e.g. "jku"; none that the above, "crit" or "zip" would be
};

/// Encrypts for one recipient into the compact form (RFC 7516, 7.1). Errors: refused (the key may not be used
/// with the algorithms, a forbidden extra parameter, a plaintext over 16 MiB), unavailable (no randomness),
/// internal. Thread-safe.
Result<std::string> encrypt_compact(std::string_view plaintext, const Jwk& key,
                                    const JweAlgorithms& algorithms, Random& random,
                                    const JweHeader& header = {});

struct DecryptedJwe {
  JweAlgorithms algorithms;
  Message header;
  Secret plaintext;
  std::string kid;  ///< of the key that decrypted
};

/// Decrypts a compact JWE (RFC 7516, 5.2). "alg" and "enc" must be allowed by the policy and fit the key's
/// type, curve, length, "alg", "use" and "key_ops"; base64url is strict; a repeated header member is refused;
/// "crit" must be understood; "zip" and RSA1_5 never pass. At most 8 keys are tried, and those that
/// PBES2 makes cost no more iterations together than the policy allows.
///
/// What a message shows by itself is told apart. What depends on a key is not: a wrong key, an encrypted key,
/// tag or padding that is wrong give one error after the same work (RFC 7516, 11.5). Only an encrypted key
/// that is not below an RSA modulus, which everybody can see, ends sooner, in the same error. `random`
/// supplies the key that takes the place of one that did not open. Errors: malformed (not a compact JWE,
/// header members, lengths of IV and tag), refused (algorithm, crit, zip, sizes, bounds), not_found (no key
/// fits), bad_signature (it does not decrypt), unavailable (no randomness), internal. Thread-safe.
Result<DecryptedJwe> decrypt_compact(std::string_view compact, const JwkSet& keys, const JwePolicy& policy,
                                     Random& random);

/// The header of a compact JWE, before anything is decrypted: to find out whose keys to use, nothing else.
/// Errors: malformed, refused (size).
Result<Message> peek_encryption_header(std::string_view compact, std::size_t max_octets = 256U << 10U);

/// Whether the text has the five parts of a compact JWE, where a JWS has three.
bool looks_encrypted(std::string_view compact);

}  // namespace oidcop::jose
