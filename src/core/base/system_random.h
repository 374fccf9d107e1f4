#pragma once

#include <oidcop/random.h>

#include <string>
#include <vector>

namespace oidcop {

/// OpenSSL's generator, seeded by the kernel; safe across fork. Thread-safe.
class SystemRandom final : public Random {
 public:
  Result<void> fill(std::span<std::uint8_t> out) override;
};

/// `count` random octets. Errors: unavailable.
Result<std::string> random_octets(Random& random, std::size_t count);
/// A new handle: 256 random bits in base64url, 43 characters. For codes, tokens, cookies, state.
Result<std::string> random_handle(Random& random);
/// A new identifier that is not a secret: 127 random bits in base64url, 22 characters, the first of which is
/// no hyphen.
Result<std::string> random_id(Random& random);
/// Several of them, for which the generator is asked once.
Result<std::vector<std::string>> random_ids(Random& random, std::size_t count);

}  // namespace oidcop
