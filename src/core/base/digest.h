#pragma once

#include "base/secret.h"

#include <oidcop/result.h>

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace oidcop {

/// A SHA-256 value. Comparable and ordered, so that it can be a key; it reveals nothing by itself when its
/// preimage had at least 128 random bits (only such values are stored under plain digests).
struct Digest {
  std::array<std::uint8_t, 32> bytes{};

  auto operator<=>(const Digest&) const = default;
  std::string_view octets() const {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};  // NOLINT: octets as chars
  }
  std::string hex() const;
  std::string short_hex() const;  ///< the first 8 digits, for log lines
  /// Errors: malformed unless exactly 32 octets.
  static Result<Digest> from_octets(std::string_view octets);
};

/// Thread-safe; the algorithm objects are fetched once per process.
Digest sha256(std::string_view octets);
std::string sha384(std::string_view octets);
std::string sha512(std::string_view octets);
std::string shake256(std::string_view octets, std::size_t size);  ///< FIPS 202; any size
Digest hmac_sha256(const Secret& key, std::string_view octets);

/// Joins parts so that boundaries are unambiguous: each is preceded by its length in eight octets.
/// For everything that is hashed, keyed or bound from more than one part.
std::string join_unambiguously(std::initializer_list<std::string_view> parts);

}  // namespace oidcop
