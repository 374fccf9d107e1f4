#include "jose/curve.h"

#include <algorithm>
#include <array>

namespace oidcop::jose {

namespace {

struct Facts {
  Curve curve;
  KeyType type;
  std::string_view name;  ///< as in "crv"
  const char* openssl;    ///< terminated, for the library's parameters
  std::string_view alias;
  std::size_t octets;
  int bits;
};

constexpr std::array<Facts, 8> kCurves = {{
    {Curve::p256, KeyType::ec, "P-256", "prime256v1", "P-256", 32, 256},
    {Curve::p384, KeyType::ec, "P-384", "secp384r1", "P-384", 48, 384},
    {Curve::p521, KeyType::ec, "P-521", "secp521r1", "P-521", 66, 521},
    {Curve::secp256k1, KeyType::ec, "secp256k1", "secp256k1", "secp256k1", 32, 256},
    {Curve::ed25519, KeyType::okp, "Ed25519", "ED25519", "ED25519", 32, 256},
    {Curve::ed448, KeyType::okp, "Ed448", "ED448", "ED448", 57, 448},
    {Curve::x25519, KeyType::okp, "X25519", "X25519", "X25519", 32, 256},
    {Curve::x448, KeyType::okp, "X448", "X448", "X448", 56, 448},
}};

const Facts* facts_of(Curve curve) {
  const auto* found = std::find_if(kCurves.begin(), kCurves.end(),
                                   [curve](const Facts& facts) { return facts.curve == curve; });
  return found == kCurves.end() ? nullptr : found;
}

}  // namespace

std::string_view key_type_name(KeyType type) {
  switch (type) {
    case KeyType::rsa:
      return "RSA";
    case KeyType::ec:
      return "EC";
    case KeyType::okp:
      return "OKP";
    case KeyType::oct:
      return "oct";
  }
  return {};
}

std::string_view curve_name(Curve curve) {
  const auto* facts = facts_of(curve);
  return facts == nullptr ? std::string_view() : facts->name;
}

std::optional<Curve> parse_curve(KeyType type, std::string_view name) {
  for (const auto& facts : kCurves) {
    if (facts.type == type && facts.name == name) return facts.curve;
  }
  return std::nullopt;
}

std::size_t curve_octets(Curve curve) {
  const auto* facts = facts_of(curve);
  return facts == nullptr ? 0 : facts->octets;
}

int curve_bits(Curve curve) {
  const auto* facts = facts_of(curve);
  return facts == nullptr ? 0 : facts->bits;
}

const char* openssl_curve_name(Curve curve) {
  const auto* facts = facts_of(curve);
  return facts == nullptr ? nullptr : facts->openssl;
}

Curve curve_of_openssl_name(std::string_view name) {
  for (const auto& facts : kCurves) {
    if (name == facts.openssl || name == facts.alias) return facts.curve;
  }
  return Curve::none;
}

}  // namespace oidcop::jose
