#pragma once

#include <oidcop/result.h>

#include <cstdint>
#include <span>

namespace oidcop {

/// The only source of randomness. Passed in, never copied. Implementations are thread-safe.
class Random {
 public:
  virtual ~Random() = default;
  /// Fills all of `out` with cryptographically strong random bytes.
  /// Errors: unavailable; then the content of `out` must not be used and the caller refuses.
  virtual Result<void> fill(std::span<std::uint8_t> out) = 0;
};

}  // namespace oidcop
