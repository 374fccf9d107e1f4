#include "jose/algorithm.h"

#include <array>
#include <string>
#include <utility>

namespace oidcop::jose {

namespace {

constexpr std::array<std::pair<Algorithm, std::string_view>, kAlgorithmCount> kNames = {{
    {Algorithm::none, "none"},
    {Algorithm::hs256, "HS256"},
    {Algorithm::hs384, "HS384"},
    {Algorithm::hs512, "HS512"},
    {Algorithm::rs256, "RS256"},
    {Algorithm::rs384, "RS384"},
    {Algorithm::rs512, "RS512"},
    {Algorithm::ps256, "PS256"},
    {Algorithm::ps384, "PS384"},
    {Algorithm::ps512, "PS512"},
    {Algorithm::es256, "ES256"},
    {Algorithm::es384, "ES384"},
    {Algorithm::es512, "ES512"},
    {Algorithm::eddsa, "EdDSA"},
    {Algorithm::es256k, "ES256K"},
    {Algorithm::ed25519, "Ed25519"},
    {Algorithm::ed448, "Ed448"},
}};

}  // namespace

std::string_view algorithm_name(Algorithm algorithm) {
  return kNames[static_cast<std::size_t>(algorithm)].second;
}

Result<Algorithm> parse_algorithm(std::string_view name) {
  for (const auto& [algorithm, known] : kNames) {
    if (name == known) return algorithm;
  }
  return fail(Errc::refused, "the signature algorithm is not known here");
}

bool is_symmetric(Algorithm algorithm) {
  return AlgorithmSet::symmetric().contains(algorithm);
}

Algorithm on_curve(Algorithm algorithm, Curve curve) {
  if (algorithm != Algorithm::eddsa) return algorithm;
  if (curve == Curve::ed25519) return Algorithm::ed25519;
  if (curve == Curve::ed448) return Algorithm::ed448;
  return algorithm;
}

bool fits_key(Algorithm algorithm, KeyType type, Curve curve) {
  switch (algorithm) {
    case Algorithm::none:
      return false;
    case Algorithm::hs256:
    case Algorithm::hs384:
    case Algorithm::hs512:
      return type == KeyType::oct;
    case Algorithm::rs256:
    case Algorithm::rs384:
    case Algorithm::rs512:
    case Algorithm::ps256:
    case Algorithm::ps384:
    case Algorithm::ps512:
      return type == KeyType::rsa;
    case Algorithm::es256:
      return curve == Curve::p256;
    case Algorithm::es384:
      return curve == Curve::p384;
    case Algorithm::es512:
      return curve == Curve::p521;
    case Algorithm::es256k:
      return curve == Curve::secp256k1;
    case Algorithm::eddsa:
      return curve == Curve::ed25519 || curve == Curve::ed448;
    case Algorithm::ed25519:
      return curve == Curve::ed25519;
    case Algorithm::ed448:
      return curve == Curve::ed448;
  }
  return false;
}

bool AlgorithmSet::allows(Algorithm algorithm, Curve curve) const {
  const auto meant = on_curve(algorithm, curve);
  if (contains(algorithm) || contains(meant)) return true;
  return (meant == Algorithm::ed25519 || meant == Algorithm::ed448) && contains(Algorithm::eddsa);
}

bool AlgorithmSet::allows(Algorithm algorithm) const {
  return allows(algorithm, Curve::ed25519) || allows(algorithm, Curve::ed448);
}

AlgorithmSet AlgorithmSet::common_with(AlgorithmSet other) const {
  const auto has = [](AlgorithmSet set, Algorithm algorithm) {
    const bool specific = algorithm == Algorithm::ed25519 || algorithm == Algorithm::ed448;
    return set.contains(algorithm) || (specific && set.contains(Algorithm::eddsa));
  };
  AlgorithmSet common;
  for (const auto& [algorithm, name] : kNames) {
    if (has(*this, algorithm) && has(other, algorithm)) common.insert(algorithm);
  }
  return common;
}

AlgorithmSet AlgorithmSet::asymmetric() {
  return {Algorithm::rs256,  Algorithm::rs384,   Algorithm::rs512, Algorithm::ps256, Algorithm::ps384,
          Algorithm::ps512,  Algorithm::es256,   Algorithm::es384, Algorithm::es512, Algorithm::eddsa,
          Algorithm::es256k, Algorithm::ed25519, Algorithm::ed448};
}

AlgorithmSet AlgorithmSet::symmetric() {
  return {Algorithm::hs256, Algorithm::hs384, Algorithm::hs512};
}

std::vector<Algorithm> AlgorithmSet::list() const {
  std::vector<Algorithm> algorithms;
  for (const auto& [algorithm, name] : kNames) {
    if (contains(algorithm)) algorithms.push_back(algorithm);
  }
  return algorithms;
}

}  // namespace oidcop::jose
