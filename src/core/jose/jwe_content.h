#pragma once

#include "jose/jwe_header.h"
#include "jose/jwk_set.h"

namespace oidcop::jose {

// What the compact and the JSON form of a JWE have in common.

/// The encrypted content, decoded.
struct JweContent {
  std::string iv;
  SealedOctets sealed;
  std::string
      associated;  ///< as it is authenticated: the encoded protected header, and "aad" if there is one
};

struct JweRecipientPart {
  RecipientHeader header;
  std::string encrypted_key;
};

struct OpenedContent {
  Secret plaintext;
  std::string kid;  ///< of the key that opened it
};

constexpr std::size_t kMaxKeyAttempts = 8;

/// Tries the keys that fit the header, and counts them down in `attempts`: a message cannot buy much work.
/// With a kid those are the keys of that kid and keys that have none; without, every key that fits. Errors:
/// not_found (no key fits), bad_signature (none opens it), and those of recover_key.
Result<OpenedContent> open_content(const JweContent& content, const JweRecipientPart& recipient,
                                   const JwkSet& keys, std::size_t& attempts, Random& random);

/// What is encrypted.
struct PlainContent {
  std::string_view plaintext;
  std::string_view associated;
};

/// Encrypts under a new IV. Errors: refused (over 16 MiB), unavailable, internal.
Result<JweContent> seal_content(const PlainContent& plain, ContentEncryption encryption, const Secret& cek,
                                Random& random);

}  // namespace oidcop::jose
