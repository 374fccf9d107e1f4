#pragma once

#include "jose/service_secrets.h"

#include <oidcop/random.h>
#include <oidcop/time.h>

#include <string>
#include <string_view>
#include <vector>

namespace oidcop::jose {

/// What a seal is bound to besides issuer, key and time.
struct SealBinding {
  std::string purpose = {};                  ///< e.g. "interaction"; another purpose is another key
  std::vector<std::string> associated = {};  ///< e.g. step, digest of the browser cookie; order counts
};

struct Opened {
  std::string payload;
  TimePoint sealed_at;
  bool expired = false;  ///< older than its lifetime: may start anew with the payload, never finish
};

/// Seals what a browser carries for us: AES-256-GCM under a key of its own for each text, HKDF-SHA-256 of the
/// master, 192 random bits of salt, and purpose, issuer and day. Text: base64url of format, master id, time,
/// salt, ciphertext and tag. Thread-safe.
class Sealer {
 public:
  Sealer(MasterRing masters, std::string issuer) : masters_(std::move(masters)), issuer_(std::move(issuer)) {}

  /// Errors: unavailable (no randomness), refused (payload over 1 MiB).
  Result<std::string> seal(std::string_view payload, const SealBinding& binding, Random& random,
                           TimePoint now) const;

  /// Opens a seal of the day of `now`, the day before or the day after.
  /// Errors: bad_signature, the same for every cause: altered, cut, other purpose, issuer, data, master or
  /// day.
  Result<Opened> open(std::string_view text, const SealBinding& binding, TimePoint now,
                      Seconds lifetime) const;

 private:
  MasterRing masters_;
  std::string issuer_;
};

}  // namespace oidcop::jose
