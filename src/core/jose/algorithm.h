#pragma once

#include "jose/curve.h"

#include <oidcop/result.h>

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <vector>

namespace oidcop::jose {

/// Signature algorithms (RFC 7518, 3.1; RFC 8037, 3.1; RFC 8812, 3.2; RFC 9864, 2.2). `none` is a value of
/// its own, never a default. `eddsa` is the older name of `ed25519` and of `ed448`: the key's curve says
/// which.
enum class Algorithm : std::uint8_t {
  none,
  hs256,
  hs384,
  hs512,
  rs256,
  rs384,
  rs512,
  ps256,
  ps384,
  ps512,
  es256,
  es384,
  es512,
  eddsa,
  es256k,
  ed25519,
  ed448,
};
inline constexpr std::size_t kAlgorithmCount = 17;

/// The registered name, as it stands in "alg".
std::string_view algorithm_name(Algorithm algorithm);

/// Exact and case-sensitive (RFC 7515, 4.1.1): "None" is not "none".
/// Errors: refused for a name nobody here knows.
Result<Algorithm> parse_algorithm(std::string_view name);

bool is_symmetric(Algorithm algorithm);  ///< HS*

/// What the algorithm is with a key on this curve: `eddsa` becomes `ed25519` or `ed448`, others stay.
Algorithm on_curve(Algorithm algorithm, Curve curve);

/// Whether a key of this type, on this curve, can have to do with the algorithm at all. Sizes are another
/// matter.
bool fits_key(Algorithm algorithm, KeyType type, Curve curve);

/// Which algorithms a caller allows. Empty allows nothing; `none` is in it only if it was named.
class AlgorithmSet {
 public:
  constexpr AlgorithmSet() = default;
  constexpr AlgorithmSet(std::initializer_list<Algorithm> algorithms) {  // NOLINT: meant to convert
    for (auto algorithm : algorithms) insert(algorithm);
  }
  constexpr void insert(Algorithm algorithm) { bits_ |= bit(algorithm); }
  /// This very name.
  constexpr bool contains(Algorithm algorithm) const { return (bits_ & bit(algorithm)) != 0; }
  /// Whether a signature under this name, made with a key on this curve, is one of a name in the set: a set
  /// with "EdDSA" allows "Ed25519" and "Ed448", and one with "Ed25519" allows "EdDSA" on that curve.
  bool allows(Algorithm algorithm, Curve curve) const;
  /// Whether it may be, with some key.
  bool allows(Algorithm algorithm) const;
  /// What both allow: "EdDSA" here and "Ed25519" there have Ed25519 in common.
  AlgorithmSet common_with(AlgorithmSet other) const;
  constexpr bool empty() const { return bits_ == 0; }
  constexpr bool operator==(const AlgorithmSet&) const = default;

  static AlgorithmSet asymmetric();     ///< RS*, PS*, ES*, ES256K, EdDSA, Ed25519, Ed448
  static AlgorithmSet symmetric();      ///< HS*
  std::vector<Algorithm> list() const;  ///< in the order of the enumeration

 private:
  static constexpr std::uint32_t bit(Algorithm algorithm) {
    return 1U << static_cast<std::uint32_t>(algorithm);
  }
  std::uint32_t bits_ = 0;
};

}  // namespace oidcop::jose
