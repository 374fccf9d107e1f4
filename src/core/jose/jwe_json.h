#pragma once

#include "jose/jwe.h"

namespace oidcop::jose {

/// The two JSON forms (RFC 7516, 7.2).
enum class JweSyntax : std::uint8_t {
  flattened,  ///< for exactly one recipient
  general,
};

struct JweRecipient {
  Jwk key;
  KeyManagement management = KeyManagement::dir;
  KeyChoices choices = {};
  Message header = {};  ///< further unprotected parameters for this recipient
};

struct JweJsonOrder {
  ContentEncryption encryption = ContentEncryption::a256gcm;
  std::vector<JweRecipient> recipients = {};
  Message integrity_protected = {};  ///< further parameters for all, protected; may have typ and cty
  Message unprotected = {};          ///< further parameters for all, not protected
  std::string aad = {};              ///< authenticated beside the protected header, and sent in the clear
};

/// Encrypts. With one recipient "alg", its parameters and the key's "kid" are protected; with several only
/// "enc" can be, and the rest stands in each recipient's header. Errors: refused (no recipient; several with
/// flattened, dir or ECDH-ES; a key that may not be used so; a header parameter that is ours to write, or in
/// two places), unavailable (no randomness), internal. Thread-safe.
Result<std::string> encrypt_json(std::string_view plaintext, const JweJsonOrder& order, JweSyntax syntax,
                                 Random& random);

struct DecryptedJsonJwe {
  JweAlgorithms algorithms;
  Message header;               ///< all parts joined, as for the recipient that could be decrypted
  Message integrity_protected;  ///< the part of it that nobody can have changed
  Secret plaintext;
  std::string aad;  ///< authentic
  std::string kid;  ///< of the key that decrypted
};

/// Decrypts either JSON form for the first recipient whose algorithms are allowed and for whom a key opens
/// it. What is wrong with one recipient is no matter for the others. Anything in an unprotected header can
/// have been changed on the way; therefore the policy judges "alg" and "enc" wherever they stand, "crit"
/// counts in the protected header only, and no name may stand in two. Keys are tried as decrypt_compact does,
/// for all recipients together. Errors: as decrypt_compact; malformed also for different "enc" values, and
/// for dir or ECDH-ES among several recipients. Thread-safe.
Result<DecryptedJsonJwe> decrypt_json(std::string_view text, const JwkSet& keys, const JwePolicy& policy,
                                      Random& random);

}  // namespace oidcop::jose
