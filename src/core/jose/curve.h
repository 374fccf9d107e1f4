#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace oidcop::jose {

enum class KeyType : std::uint8_t { rsa, ec, okp, oct };

/// The curves of RFC 7518 (6.2.1.1), RFC 8812 (3.1) and RFC 8037 (2). X25519 and X448 agree on keys and never
/// sign; Ed25519 and Ed448 sign and do nothing else.
enum class Curve : std::uint8_t { none, p256, p384, p521, secp256k1, ed25519, ed448, x25519, x448 };

std::string_view key_type_name(KeyType type);  ///< "RSA", "EC", "OKP", "oct"
std::string_view curve_name(Curve curve);      ///< "P-256", …; empty for none

/// The curve of this registered name, for keys of this type. Nothing when nobody here knows it.
std::optional<Curve> parse_curve(KeyType type, std::string_view name);

/// Octets of a coordinate and private scalar, or of either half of an OKP key.
std::size_t curve_octets(Curve curve);
int curve_bits(Curve curve);  ///< size of its field

/// OpenSSL's name: of the group for EC, of the key's type for OKP.
const char* openssl_curve_name(Curve curve);
/// The curve of OpenSSL's name for a group or an OKP key's type, by any of its aliases.
Curve curve_of_openssl_name(std::string_view name);

}  // namespace oidcop::jose
