#pragma once

#include "base/secret.h"
#include "jose/content_encryption.h"
#include "jose/key_parameters.h"

namespace oidcop::jose {

/// "alg" and "enc" of one recipient.
struct JweAlgorithms {
  KeyManagement management = KeyManagement::dir;
  ContentEncryption encryption = ContentEncryption::a256gcm;
};

/// Whether key type, curve, length, "alg", "use" and "key_ops" all allow it. For `dir` a key may also name
/// the content encryption as its "alg" (RFC 7520, 5.6.1).
bool can_encrypt(const Jwk& key, const JweAlgorithms& algorithms);
bool can_decrypt(const Jwk& key, const JweAlgorithms& algorithms);

/// What the sender chooses beside key and algorithms.
struct KeyChoices {
  std::string apu = {};  ///< for ECDH-ES, at most 1024 octets
  std::string apv = {};
  std::uint32_t p2c = 600'000;  ///< for PBES2
};

/// A content encryption key and how the recipient gets it.
struct EstablishedKey {
  Secret cek;
  std::string encrypted_key;  ///< empty for dir and ECDH-ES
  KeyParameters parameters;   ///< for the header
};

/// A new content encryption key for a recipient. Randomness is drawn in the order of RFC 7516, 5.1: the key,
/// then IV or salt; ephemeral keys and OAEP seeds come from OpenSSL's own generator. Errors: refused (the key
/// may not be used with the algorithms), unavailable (no randomness), internal. Thread-safe.
Result<EstablishedKey> establish_key(const Jwk& key, const JweAlgorithms& algorithms,
                                     const KeyChoices& choices, Random& random);

/// The same for a further recipient of a key that exists; not for dir and ECDH-ES, which is refused.
Result<EstablishedKey> share_key(const Secret& cek, const Jwk& key, const JweAlgorithms& algorithms,
                                 const KeyChoices& choices, Random& random);

/// What came with the message.
struct ReceivedKey {
  const KeyParameters& parameters;
  std::string_view encrypted_key;
};

/// The content encryption key. When the encrypted key does not open (whatever the reason: its length, its
/// padding, its tag) the answer is a random key, drawn in each case, after the same work (but for one that
/// is not below the RSA modulus): the content then fails to decrypt like any other (RFC 7516, 11.5).
/// `can_decrypt` must hold. Errors: malformed (an encrypted key where there must be none), refused (epk),
/// unavailable (no randomness), internal. Thread-safe.
Result<Secret> recover_key(const Jwk& key, const JweAlgorithms& algorithms, const ReceivedKey& received,
                           Random& random);

}  // namespace oidcop::jose
