#pragma once

#include "base/secret.h"

#include <oidcop/result.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace oidcop::jose {

// AES as JWE uses it (RFC 7518, 4.4, 4.7, 5.2, 5.3), over OpenSSL. A key of 16, 24 or 32 octets chooses the
// size. What opens something gives a verdict beside the octets and does the same work for every verdict, so
// that callers can go on with a random key (RFC 7516, 11.5). Thread-safe.

constexpr std::size_t kAesBlockOctets = 16;
constexpr std::size_t kGcmNonceOctets = 12;
constexpr std::size_t kGcmTagOctets = 16;
constexpr std::size_t kWrapExtraOctets = 8;  ///< how much longer a wrapped key is

/// Octets, and whether they are what somebody with the key put in. Nobody may use them otherwise.
struct OpenedOctets {
  Secret octets;
  bool genuine = false;
};

struct SealedOctets {
  std::string ciphertext;
  std::string tag;
};

/// AES Key Wrap with the default initial value (RFC 3394, 2.2.1). `key` has a multiple of 8 octets, 16 at
/// least. Errors: internal.
Result<std::string> aes_wrap(const Secret& kek, const Secret& key);
/// RFC 3394, 2.2.2. `wrapped` has a multiple of 8 octets, 24 at least. Errors: internal.
Result<OpenedOctets> aes_unwrap(const Secret& kek, std::string_view wrapped);

/// What AES-GCM takes beside key and text. The nonce has 12 octets.
struct GcmInput {
  std::string_view nonce;
  std::string_view associated;
};

/// Errors: internal.
Result<SealedOctets> aes_gcm_seal(const Secret& key, const GcmInput& input, std::string_view plaintext);
/// `tag` has 16 octets. Errors: internal.
Result<OpenedOctets> aes_gcm_open(const Secret& key, const GcmInput& input, std::string_view ciphertext,
                                  std::string_view tag);

/// The same for a wrapped key: the tag is compared without a branch on the outcome. Errors: internal.
Result<OpenedOctets> aes_gcm_unwrap(const Secret& kek, const GcmInput& input, std::string_view encrypted,
                                    std::string_view tag);

/// CBC with the padding of PKCS #7. The IV has 16 octets. Errors: internal.
Result<std::string> aes_cbc_encrypt(std::string_view key, std::string_view iv, std::string_view plaintext);

/// Whole blocks with padding at their end, which was not taken off: that happens once they are known to be
/// genuine.
struct PaddedBlocks {
  Secret blocks;
  std::size_t padding = 0;  ///< 1 to 16 octets, found in constant time; 0: it is malformed
};
/// `ciphertext` has a positive multiple of 16 octets. Errors: internal.
Result<PaddedBlocks> aes_cbc_decrypt(std::string_view key, std::string_view iv, std::string_view ciphertext);

}  // namespace oidcop::jose
