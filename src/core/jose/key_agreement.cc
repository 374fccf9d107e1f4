#include "jose/key_agreement.h"

#include "jose/key_material.h"
#include "jose/openssl.h"

#include <openssl/core_names.h>

#include <algorithm>

namespace oidcop::jose {

namespace {

const EVP_KDF* concat_algorithm() {
  static const EVP_KDF* const kdf = EVP_KDF_fetch(nullptr, "SSKDF", nullptr);  // kept, as all in openssl.cc
  return kdf;
}

std::string big_endian_32(std::size_t number) {
  std::string octets;
  for (unsigned shift = 32; shift > 0; shift -= 8) {
    octets += static_cast<char>((number >> (shift - 8)) & 0xFFU);
  }
  return octets;
}

std::string with_length(std::string_view octets) {
  return big_endian_32(octets.size()).append(octets);
}

bool is_zero(std::string_view octets) {
  unsigned any = 0;
  for (const char octet : octets) any |= static_cast<unsigned char>(octet);
  return any == 0;
}

}  // namespace

bool is_agreement_curve(Curve curve) {
  return curve == Curve::p256 || curve == Curve::p384 || curve == Curve::p521 || curve == Curve::x25519 ||
         curve == Curve::x448;
}

Result<Secret> shared_secret(const Jwk& own, const Jwk& peer) {
  if (!is_agreement_curve(own.curve()) || own.curve() != peer.curve() || !own.is_private()) {
    return fail(Errc::refused, "the two keys cannot agree on a secret");
  }
  const EvpKeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, own.material().key.get(), nullptr));
  std::size_t size = 0;
  if (!context || EVP_PKEY_derive_init(context.get()) != 1) return fail(openssl_error("agreeing on a key"));
  // Fails for points of small order, too (RFC 7748, 6.1): that is the peer's doing.
  const bool derivable = EVP_PKEY_derive_set_peer(context.get(), peer.material().key.get()) == 1 &&
                         EVP_PKEY_derive(context.get(), nullptr, &size) == 1;
  std::string octets(size, '\0');
  const bool derived = derivable && EVP_PKEY_derive(context.get(), octets_of(octets.data()), &size) == 1;
  forget_openssl_errors();
  octets.resize(derived ? size : 0);
  Secret shared(std::move(octets));
  if (is_zero(shared.reveal()))
    return fail(Errc::refused, "the ephemeral public key (epk) is no valid point");
  return shared;
}

Result<Secret> concat_kdf(const Secret& shared, const AgreementInfo& info) {
  const KdfContext context(
      EVP_KDF_CTX_new(const_cast<EVP_KDF*>(concat_algorithm())));  // NOLINT: takes a reference
  std::string digest = "SHA256";
  const std::string other = with_length(info.algorithm) + with_length(info.apu) + with_length(info.apv) +
                            big_endian_32(info.octets * 8);
  // The library only reads through these pointers, whatever their type says.
  const auto param = [](const char* name, std::string_view octets) {
    return OSSL_PARAM_construct_octet_string(name, const_cast<char*>(octets.data()),  // NOLINT
                                             octets.size());
  };
  const OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest.data(), 0),
                               param(OSSL_KDF_PARAM_KEY, shared.reveal()), param(OSSL_KDF_PARAM_INFO, other),
                               OSSL_PARAM_construct_end()};
  std::string key(info.octets, '\0');
  if (!context || EVP_KDF_derive(context.get(), octets_of(key.data()), key.size(), params) != 1) {
    wipe(key);
    return fail(openssl_error("deriving the agreed key"));
  }
  return Secret(std::move(key));
}

Result<Jwk> generate_ephemeral(Curve curve) {
  if (!is_agreement_curve(curve)) return fail(Errc::refused, "the curve does not agree keys");
  auto key =
      curve == Curve::x25519 || curve == Curve::x448 ? generate_okp(curve, {}) : generate_ec(curve, {});
  if (!key) return key;
  return key->with_labels({});  // without the kid that every generated key gets
}

}  // namespace oidcop::jose
