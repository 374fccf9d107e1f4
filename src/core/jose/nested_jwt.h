#pragma once

#include "jose/jwe.h"
#include "jose/jwt.h"

namespace oidcop::jose {

// A JWT that is signed, then encrypted (RFC 7519, 5.2 and A.2; OpenID Connect Core 1.0, 10.2): the header of
// the JWE says "cty": "JWT", and its plaintext is the compact JWS.

/// How to encrypt for whom.
struct EncryptionOrder {
  const Jwk& key;
  JweAlgorithms algorithms;
};

/// Encrypts a JWT that was signed. Errors: as encrypt_compact; refused when `jwt` is no compact JWS, since
/// nobody could tell whose it is.
Result<std::string> encrypt_jwt(std::string_view jwt, const EncryptionOrder& order, Random& random,
                                JweHeader header = {});

/// What the place that accepts a nested JWT demands of it.
struct NestedJwtPolicy {
  JwePolicy encryption;
  JwsPolicy signature;
  JwtPolicy claims;
};

/// Whose keys are whose.
struct NestedJwtKeys {
  const JwkSet& decryption;    ///< ours
  const JwkSet& verification;  ///< the signer's
};

struct VerifiedNestedJwt {
  JweAlgorithms algorithms;
  Message encryption_header;
  VerifiedJwt jwt;
};

/// decrypt_jwt and verify_jwt in one. Errors: those of both.
Result<VerifiedNestedJwt> verify_nested_jwt(std::string_view compact, const NestedJwtKeys& keys,
                                            const NestedJwtPolicy& policy, TimePoint now, Random& random);

/// Decrypts and returns the JWS within, not verified. Errors: as decrypt_compact; malformed when "cty" is not
/// "JWT" (in any case of letters: RFC 7519, 5.2) or the plaintext is no compact JWS. A JWE within a JWE is
/// neither.
Result<DecryptedJwe> decrypt_jwt(std::string_view compact, const JwkSet& keys, const JwePolicy& policy,
                                 Random& random);

}  // namespace oidcop::jose
