#pragma once

#include "jose/keyed_hash.h"
#include "model/client.h"
#include "model/user.h"

#include <oidcop/result.h>

#include <string>

namespace oidcop::claims {

/// Subject identifiers (OpenID Connect Core 1.0, 8): what a client knows a person by, for ever.
///
/// Keyed hashes, so that nobody without the key can go from one to another or test a guess (8.1), over parts
/// whose boundaries cannot be shifted. Thread-safe for const use.
class Subjects {
 public:
  explicit Subjects(jose::PairwiseSalt salt) : salt_(std::move(salt)) {}

  /// Public: `subject` of the user's record where an administrator set one (kept from an earlier provider),
  /// else derived from the user's id. Pairwise: derived from the client's sector and the user's id; the
  /// record's `subject` is not used, since it would correlate. 43 characters where derived. Errors: internal
  /// for a pairwise client without sector; malformed for a set subject that is no subject identifier (1 to
  /// 255 ASCII characters).
  Result<std::string> subject_of(const model::User& user, const model::Client& client) const;

 private:
  jose::PairwiseSalt salt_;
};

}  // namespace oidcop::claims
