#pragma once

#include <oidcop/result.h>

#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <vector>

namespace oidcop::jose {

/// Signature algorithms (RFC 7518, 3.1; RFC 8037, 3.1). `none` is a value of its own, never a default.
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
};

/// The registered name, as it stands in "alg".
std::string_view algorithm_name(Algorithm algorithm);

/// Exact and case-sensitive (RFC 7515, 4.1.1): "None" is not "none". "Ed25519" (RFC 9864) is read as eddsa.
/// Errors: refused for a name nobody here knows.
Result<Algorithm> parse_algorithm(std::string_view name);

bool is_symmetric(Algorithm algorithm);  ///< HS*

/// Which algorithms a caller allows. Empty allows nothing; `none` is in it only if it was named.
class AlgorithmSet {
 public:
  constexpr AlgorithmSet() = default;
  constexpr AlgorithmSet(std::initializer_list<Algorithm> algorithms) {  // NOLINT: meant to convert
    for (auto algorithm : algorithms) insert(algorithm);
  }
  constexpr void insert(Algorithm algorithm) { bits_ |= bit(algorithm); }
  constexpr bool contains(Algorithm algorithm) const { return (bits_ & bit(algorithm)) != 0; }
  constexpr bool empty() const { return bits_ == 0; }
  constexpr bool operator==(const AlgorithmSet&) const = default;

  static AlgorithmSet asymmetric();     ///< RS*, PS*, ES*, EdDSA
  static AlgorithmSet symmetric();      ///< HS*
  std::vector<Algorithm> list() const;  ///< in the order of the enumeration

 private:
  static constexpr std::uint32_t bit(Algorithm algorithm) {
    return 1U << static_cast<std::uint32_t>(algorithm);
  }
  std::uint32_t bits_ = 0;
};

}  // namespace oidcop::jose
