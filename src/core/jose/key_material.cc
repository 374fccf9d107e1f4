#include "jose/key_material.h"

#include "base/base64url.h"
#include "base/digest.h"
#include "jose/key_check.h"

#include <openssl/core_names.h>

#include <algorithm>

namespace oidcop::jose {

namespace {

constexpr std::size_t kMaxOctets = 4096;

std::string thumbprint_of(const KeyMaterial& material);

}  // namespace

Result<std::shared_ptr<const KeyMaterial>> adopt_key(EvpKey key, KeyHalf half) {
  auto material = std::make_shared<KeyMaterial>();
  auto checked = check_key(key.get(), half);
  forget_openssl_errors();
  if (!checked) return fail(std::move(checked).error());
  material->type = checked->type;
  material->curve = checked->curve;
  material->bits = material->type == KeyType::rsa ? EVP_PKEY_get_bits(key.get()) : curve_bits(checked->curve);
  material->is_private = half == KeyHalf::with_private;
  material->key = std::move(key);
  material->thumbprint = thumbprint_of(*material);
  return std::shared_ptr<const KeyMaterial>(std::move(material));
}

Result<std::shared_ptr<const KeyMaterial>> adopt_octets(Secret octets) {
  if (octets.empty()) return fail(Errc::refused, "the symmetric key is empty");
  if (octets.size() > kMaxOctets) return fail(Errc::refused, "the symmetric key is longer than 4096 octets");
  auto material = std::make_shared<KeyMaterial>();
  material->type = KeyType::oct;
  material->bits = static_cast<int>(octets.size() * 8);
  material->is_private = true;
  material->octets = std::move(octets);
  material->thumbprint = thumbprint_of(*material);
  return std::shared_ptr<const KeyMaterial>(std::move(material));
}

std::string key_parameter(const EVP_PKEY* key, const char* name, std::size_t width) {
  BIGNUM* raw = nullptr;
  if (EVP_PKEY_get_bn_param(key, name, &raw) != 1) {
    forget_openssl_errors();
    return {};
  }
  const BigNumber number(raw);
  const auto size = std::max(width, static_cast<std::size_t>(BN_num_bytes(number.get())));
  std::string octets(size, '\0');
  if (BN_bn2binpad(number.get(), octets_of(octets.data()), static_cast<int>(size)) < 0) return {};
  return octets;
}

std::string raw_public_key(const EVP_PKEY* key) {
  std::size_t size = 0;
  if (EVP_PKEY_get_raw_public_key(key, nullptr, &size) != 1) return {};
  std::string octets(size, '\0');
  if (EVP_PKEY_get_raw_public_key(key, octets_of(octets.data()), &size) != 1) return {};
  return octets;
}

SignatureContexts::~SignatureContexts() {
  for (auto& context : contexts_) EVP_MD_CTX_free(context.load());
}

std::size_t SignatureContexts::slot(Algorithm algorithm, SignatureDirection direction) {
  static_assert(static_cast<std::size_t>(Algorithm::ed448) + 1 == kAlgorithmCount);
  return static_cast<std::size_t>(algorithm) * 2 + (direction == SignatureDirection::sign ? 0 : 1);
}

const EVP_MD_CTX* SignatureContexts::find(Algorithm algorithm, SignatureDirection direction) const {
  return contexts_[slot(algorithm, direction)].load(std::memory_order_acquire);
}

const EVP_MD_CTX* SignatureContexts::keep(Algorithm algorithm, SignatureDirection direction,
                                          MdContext context) const {
  EVP_MD_CTX* present = nullptr;
  auto& place = contexts_[slot(algorithm, direction)];
  if (place.compare_exchange_strong(present, context.get(), std::memory_order_acq_rel))
    return context.release();
  return present;
}

namespace {

/// RFC 7638, 3: the required members in the order of their names, no white space. Their values need no
/// escaping.
std::string thumbprint_of(const KeyMaterial& material) {
  const EVP_PKEY* key = material.key.get();
  const std::string curve(curve_name(material.curve));
  const auto width = curve_octets(material.curve);
  const auto encoded = [&](const char* name) { return base64url_encode(key_parameter(key, name, width)); };
  std::string text;
  switch (material.type) {
    case KeyType::rsa:
      text = R"({"e":")" + encoded(OSSL_PKEY_PARAM_RSA_E) + R"(","kty":"RSA","n":")" +
             encoded(OSSL_PKEY_PARAM_RSA_N) + "\"}";
      break;
    case KeyType::ec:
      text = R"({"crv":")" + curve + R"(","kty":"EC","x":")" + encoded(OSSL_PKEY_PARAM_EC_PUB_X) +
             R"(","y":")" + encoded(OSSL_PKEY_PARAM_EC_PUB_Y) + "\"}";
      break;
    case KeyType::okp:
      text = R"({"crv":")" + curve + R"(","kty":"OKP","x":")" + base64url_encode(raw_public_key(key)) + "\"}";
      break;
    case KeyType::oct:
      text = R"({"k":")" + base64url_encode(material.octets.reveal()) + R"(","kty":"oct"})";
      break;
  }
  auto print = base64url_encode(sha256(text).octets());
  wipe(text);
  return print;
}

}  // namespace

}  // namespace oidcop::jose
