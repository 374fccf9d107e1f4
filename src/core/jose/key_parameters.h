#pragma once

#include "jose/encryption_algorithm.h"
#include "jose/jwk.h"

#include <cstdint>
#include <optional>
#include <string>

namespace oidcop::jose {

/// How long apu and apv may be, decoded: no specification bounds them.
inline constexpr std::size_t kMaxPartyOctets = 1024;

/// What a header says to the algorithm that recovers the key (RFC 7518, 4.6.1, 4.7.1, 4.8.1), decoded. Only
/// what the algorithm at hand reads is set.
struct KeyParameters {
  std::optional<Jwk> epk = {};  ///< the sender's public key, a valid point
  std::string apu = {};         ///< the sender, for the key derivation
  std::string apv = {};         ///< the recipient
  std::string iv = {};          ///< 12 octets
  std::string tag = {};         ///< 16 octets
  std::string p2s = {};         ///< salt
  std::uint32_t p2c = 0;        ///< iterations
};

/// Iterations of PBES2 that somebody accepts.
struct IterationBounds {
  std::uint32_t least = 1000;  ///< what RFC 7518, 4.8.1.2 recommends as a minimum
  /// For all tries with one message together, which must not buy much work: a million iterations are about
  /// half a second, and above the 600 000 that are advised today for PBKDF2 with SHA-256. When no more are
  /// left, further recipients and keys are not tried.
  std::uint32_t most = 1'000'000;
};

/// Reads them from the JOSE header (all its parts joined). Errors: malformed (a member that is missing, of
/// another type or length, or no valid public key), refused (iterations out of bounds, an unknown curve).
Result<KeyParameters> read_key_parameters(const Json& header, KeyManagement algorithm,
                                          const IterationBounds& bounds);

/// The same as header members, encoded: the other direction.
Json write_key_parameters(const KeyParameters& parameters, KeyManagement algorithm);

}  // namespace oidcop::jose
