#include "config/signature_algorithms.h"

#include <algorithm>
#include <array>

namespace oidcop::config {

namespace {

struct Fit {
  std::string_view alg;
  KeyType type;
  std::string_view crv;  ///< empty for RSA
};

/// RFC 7518, 3.1; RFC 8812, 3.2; RFC 8037, 3.1; RFC 9864, 2.2. In the order of the manual.
constexpr std::array<Fit, 14> kFits = {{
    {"RS256", KeyType::rsa, ""},
    {"RS384", KeyType::rsa, ""},
    {"RS512", KeyType::rsa, ""},
    {"PS256", KeyType::rsa, ""},
    {"PS384", KeyType::rsa, ""},
    {"PS512", KeyType::rsa, ""},
    {"ES256", KeyType::ec, "P-256"},
    {"ES384", KeyType::ec, "P-384"},
    {"ES512", KeyType::ec, "P-521"},
    {"ES256K", KeyType::ec, "secp256k1"},
    {"EdDSA", KeyType::okp, "Ed25519"},
    {"EdDSA", KeyType::okp, "Ed448"},
    {"Ed25519", KeyType::okp, "Ed25519"},
    {"Ed448", KeyType::okp, "Ed448"},
}};

void add_new(std::vector<std::string_view>& names, std::string_view name) {
  if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
}

}  // namespace

std::vector<std::string_view> own_signature_algorithms() {
  std::vector<std::string_view> names;
  for (const auto& fit : kFits) add_new(names, fit.alg);
  return names;
}

std::vector<std::string_view> signature_algorithms() {
  auto names = own_signature_algorithms();
  names.insert(names.end(), {"HS256", "HS384", "HS512"});
  return names;
}

std::vector<std::string_view> signature_curves(KeyType type) {
  std::vector<std::string_view> names;
  for (const auto& fit : kFits) {
    if (fit.type == type && !fit.crv.empty()) add_new(names, fit.crv);
  }
  return names;
}

bool signs_with(const KeyDefinition& key, std::string_view alg) {
  if (key.alg && *key.alg != alg) return false;
  return std::any_of(kFits.begin(), kFits.end(), [&](const Fit& fit) {
    return fit.alg == alg && fit.type == key.type && (fit.crv.empty() || fit.crv == key.crv);
  });
}

}  // namespace oidcop::config
