#pragma once

#include "jose/aes.h"
#include "jose/key_management.h"

namespace oidcop::jose {

// The single algorithms behind key_management.h.

/// Octets of the AES key that wraps: for A*KW, A*GCMKW, and what is derived for ECDH-ES+A*KW and PBES2.
std::size_t wrapping_octets(KeyManagement algorithm);

/// RSA-OAEP with the hash of the algorithm (RFC 7518, 4.3). Errors: internal.
Result<std::string> rsa_encrypt_key(const Jwk& key, KeyManagement algorithm, const Secret& cek);
/// `octets` always has `size` octets; genuine says whether they came out of the padding, with that length.
/// Errors: internal.
Result<OpenedOctets> rsa_decrypt_key(const Jwk& key, KeyManagement algorithm, std::string_view encrypted,
                                     std::size_t size);

/// PBKDF2 over the password with "alg", a zero octet and the salt (RFC 7518, 4.8.1.1). Errors: internal.
Result<Secret> password_key(const Secret& password, KeyManagement algorithm, const KeyParameters& parameters);

Error unfit_key(const JweAlgorithms& algorithms);

}  // namespace oidcop::jose
