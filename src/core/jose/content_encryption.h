#pragma once

#include "jose/aes.h"
#include "jose/encryption_algorithm.h"

namespace oidcop::jose {

std::size_t cek_octets(ContentEncryption encryption);  ///< of the content encryption key, exactly
std::size_t iv_octets(ContentEncryption encryption);   ///< of the initialization vector, exactly
std::size_t tag_octets(ContentEncryption encryption);  ///< of the authentication tag, exactly

/// What the content is bound to.
struct ContentBinding {
  std::string_view iv;
  std::string_view associated;  ///< the additional authenticated data (RFC 7516, 5.1, step 14)
};

/// Encrypts (RFC 7518, 5.2.2.1 and 5.3). The caller never uses an IV twice under one key.
/// Errors: refused (a key or IV of another length), internal. Thread-safe.
Result<SealedOctets> encrypt_content(ContentEncryption encryption, const Secret& cek,
                                     const ContentBinding& binding, std::string_view plaintext);

/// The lengths of IV, tag and ciphertext: what a message shows without any key. Errors: malformed.
Result<void> check_content_lengths(ContentEncryption encryption, std::string_view iv,
                                   const SealedOctets& sealed);

/// Decrypts (RFC 7518, 5.2.2.2 and 5.3). Whatever fails, tag or padding, the work is the same, the plaintext
/// is wiped and the error is does_not_decrypt(). Errors: refused (a key of another length), malformed (as
/// above), bad_signature, internal. Thread-safe.
Result<Secret> decrypt_content(ContentEncryption encryption, const Secret& cek, const ContentBinding& binding,
                               const SealedOctets& sealed);

/// The one answer to everything that does not decrypt (RFC 7516, 11.5).
Error does_not_decrypt();

}  // namespace oidcop::jose
