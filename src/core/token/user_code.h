#pragma once

#include "base/digest.h"
#include "jose/keyed_hash.h"

#include <oidcop/random.h>
#include <oidcop/result.h>

#include <optional>
#include <string>
#include <string_view>

namespace oidcop::token {

/// What a person types to tell which device they mean (RFC 8628, 6.1): eight of twenty consonants, so that no
/// code is a word and none can be misread. 34.5 bits, which an attempt budget has to guard (5.1).
class UserCode {
 public:
  /// A new one; all are equally likely. Errors: unavailable (no randomness).
  static Result<UserCode> make(Random& random);
  /// As typed, in any case and with any spaces and punctuation; nothing when it cannot be one.
  static std::optional<UserCode> read(std::string_view typed);

  const std::string& letters() const { return letters_; }
  /// As it is shown: in two groups of four.
  std::string shown() const;

 private:
  explicit UserCode(std::string letters) : letters_(std::move(letters)) {}
  std::string letters_;
};

/// What the store knows of the two codes of a device: digests under the pepper, which are no digests of
/// anything that could be presented as another kind of code.
Digest user_code_digest(const jose::Pepper& pepper, const UserCode& code);
Digest device_code_digest(const jose::Pepper& pepper, std::string_view device_code);

}  // namespace oidcop::token
