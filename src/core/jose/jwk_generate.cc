#include "base/system_random.h"
#include "jose/jwk.h"
#include "jose/key_material.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/rsa.h>

namespace oidcop::jose {

namespace {

Result<Jwk> finish(EVP_PKEY* made, KeyLabels labels) {
  EvpKey key(made);
  if (!key) {
    auto error = openssl_error("generating a key");
    error.code = Errc::unavailable;
    return fail(std::move(error));
  }
  auto material = adopt_key(std::move(key), KeyHalf::with_private);
  if (material && labels.kid.empty()) labels.kid = (*material)->thumbprint;
  return JwkAccess::make(std::move(material), std::move(labels));
}

}  // namespace

Result<Jwk> generate_rsa(int bits, KeyLabels labels) {
  if (bits < 2048 || bits > 8192) return fail(Errc::refused, "an RSA key has 2048 to 8192 bits");
  return finish(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", static_cast<std::size_t>(bits)),
                std::move(labels));
}

Result<Jwk> generate_ec(Curve curve, KeyLabels labels) {
  if (parse_curve(KeyType::ec, curve_name(curve)) != curve) {
    return fail(Errc::refused, "an EC key is on P-256, P-384, P-521 or secp256k1");
  }
  return finish(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", openssl_curve_name(curve)), std::move(labels));
}

Result<Jwk> generate_okp(Curve curve, KeyLabels labels) {
  if (parse_curve(KeyType::okp, curve_name(curve)) != curve) {
    return fail(Errc::refused, "an OKP key is on Ed25519, Ed448, X25519 or X448");
  }
  return finish(EVP_PKEY_Q_keygen(nullptr, nullptr, openssl_curve_name(curve)), std::move(labels));
}

Result<Jwk> generate_octets(Random& random, std::size_t octets, KeyLabels labels) {
  auto value = random_octets(random, octets);
  if (!value) return fail(std::move(value).error());
  if (labels.kid.empty()) {
    auto kid = random_id(random);
    if (!kid) return fail(std::move(kid).error());
    labels.kid = std::move(*kid);
  }
  return Jwk::from_octets(Secret(std::move(*value)), std::move(labels));
}

}  // namespace oidcop::jose
