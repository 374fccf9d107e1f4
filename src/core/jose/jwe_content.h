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

/// What one message may still cost, counted down while keys are tried for its recipients.
class WorkBudget {
 public:
  explicit WorkBudget(const IterationBounds& bounds) : iterations_(bounds.most) {}

  /// Takes what one try with these parameters costs; false when that is more than is left.
  bool take(const KeyParameters& parameters);
  /// The error of a message that no key opened; says how many keys were tried when that is not all of them.
  Error explain(Error error) const;

 private:
  std::size_t keys_ = kMaxKeyAttempts;
  std::uint64_t iterations_;
  std::size_t tried_ = 0;
  std::size_t left_out_ = 0;
};

/// Tries the keys that fit the header, as many as the budget allows: a message cannot buy much work. With a
/// kid those are the keys of that kid and keys that have none; without, every key that fits. Errors:
/// not_found (no key fits), bad_signature (none opens it), and those of recover_key.
Result<OpenedContent> open_content(const JweContent& content, const JweRecipientPart& recipient,
                                   const JwkSet& keys, WorkBudget& budget, Random& random);

/// What is encrypted.
struct PlainContent {
  std::string_view plaintext;
  std::string_view associated;
};

/// Encrypts under a new IV. Errors: refused (over 16 MiB), unavailable, internal.
Result<JweContent> seal_content(const PlainContent& plain, ContentEncryption encryption, const Secret& cek,
                                Random& random);

}  // namespace oidcop::jose
