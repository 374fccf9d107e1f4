#include "jose/key_material.h"

#include "base/base64url.h"
#include "base/digest.h"

#include <openssl/core_names.h>

#include <algorithm>

namespace oidcop::jose {

namespace {

constexpr int kMinRsaBits = 2048;
constexpr int kMaxRsaBits = 8192;
constexpr int kMaxExponentBits = 64;  // larger ones only make verification expensive
constexpr std::size_t kMaxOctets = 4096;

Result<void> check_rsa(const EVP_PKEY* key, KeyHalf half);
Result<void> check_rsa_halves(const EVP_PKEY* key, const BIGNUM* n, const BIGNUM* e);
Result<void> check_ec(EVP_PKEY* key, KeyHalf half);
Result<void> check_ed25519(const EVP_PKEY* key);
Curve curve_of(const EVP_PKEY* key);
std::string thumbprint_of(const KeyMaterial& material);

}  // namespace

Result<std::shared_ptr<const KeyMaterial>> adopt_key(EvpKey key, KeyHalf half) {
  auto material = std::make_shared<KeyMaterial>();
  Result<void> checked;
  if (EVP_PKEY_is_a(key.get(), "RSA") == 1) {
    material->type = KeyType::rsa;
    checked = check_rsa(key.get(), half);
  } else if (EVP_PKEY_is_a(key.get(), "EC") == 1) {
    material->type = KeyType::ec;
    material->curve = curve_of(key.get());
    if (material->curve == Curve::none) return fail(Errc::refused, "the curve is not P-256, P-384 or P-521");
    checked = check_ec(key.get(), half);
  } else if (EVP_PKEY_is_a(key.get(), "ED25519") == 1) {
    material->type = KeyType::okp;
    material->curve = Curve::ed25519;
    checked = check_ed25519(key.get());
  } else {
    return fail(Errc::refused, "the key is not RSA, EC or Ed25519");
  }
  forget_openssl_errors();
  if (!checked) return fail(std::move(checked).error());
  material->bits = material->type == KeyType::okp ? 256 : EVP_PKEY_get_bits(key.get());
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

std::size_t curve_octets(Curve curve) {
  switch (curve) {
    case Curve::p256:
      return 32;
    case Curve::p384:
      return 48;
    case Curve::p521:
      return 66;
    case Curve::ed25519:
      return 32;
    case Curve::none:
      break;
  }
  return 0;
}

SignatureContexts::~SignatureContexts() {
  for (auto& context : contexts_) EVP_MD_CTX_free(context.load());
}

std::size_t SignatureContexts::slot(Algorithm algorithm, SignatureDirection direction) {
  static_assert(static_cast<std::size_t>(Algorithm::eddsa) + 1 == kAlgorithms);
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

BigNumber number_parameter(const EVP_PKEY* key, const char* name) {
  BIGNUM* raw = nullptr;
  if (EVP_PKEY_get_bn_param(key, name, &raw) != 1) forget_openssl_errors();
  return BigNumber(raw);
}

Result<void> check_rsa(const EVP_PKEY* key, KeyHalf half) {
  const auto n = number_parameter(key, OSSL_PKEY_PARAM_RSA_N);
  const auto e = number_parameter(key, OSSL_PKEY_PARAM_RSA_E);
  if (!n || !e) return fail(Errc::malformed, "the RSA key lacks its modulus or exponent");
  const int bits = BN_num_bits(n.get());
  if (bits < kMinRsaBits) return fail(Errc::refused, "the RSA key is weak: it has less than 2048 bits");
  if (bits > kMaxRsaBits) return fail(Errc::refused, "the RSA key has more than 8192 bits");
  if (BN_is_odd(n.get()) == 0) return fail(Errc::malformed, "the RSA modulus is even");
  if (BN_is_odd(e.get()) == 0 || BN_is_one(e.get()) == 1 || BN_num_bits(e.get()) > kMaxExponentBits) {
    return fail(Errc::refused, "the RSA exponent is even, 1, or longer than 64 bits");
  }
  if (half == KeyHalf::public_only) return {};
  return check_rsa_halves(key, n.get(), e.get());
}

/// n = p q, and e d = 1 modulo p - 1 and q - 1: then the private half undoes the public one.
Result<void> check_rsa_halves(const EVP_PKEY* key, const BIGNUM* n, const BIGNUM* e) {
  const auto d = number_parameter(key, OSSL_PKEY_PARAM_RSA_D);
  const auto p = number_parameter(key, OSSL_PKEY_PARAM_RSA_FACTOR1);
  const auto q = number_parameter(key, OSSL_PKEY_PARAM_RSA_FACTOR2);
  const auto dp = number_parameter(key, OSSL_PKEY_PARAM_RSA_EXPONENT1);
  const auto dq = number_parameter(key, OSSL_PKEY_PARAM_RSA_EXPONENT2);
  const auto qi = number_parameter(key, OSSL_PKEY_PARAM_RSA_COEFFICIENT1);
  if (!d || !p || !q || !dp || !dq || !qi) {
    return fail(Errc::malformed, "the private RSA key lacks a prime, an exponent or the coefficient");
  }
  const BigNumberContext context(BN_CTX_secure_new());
  const BigNumber product(BN_new());
  if (!context || !product) return fail(Errc::internal, "out of memory");
  const auto reduces_to_one = [&](const BIGNUM* a, const BIGNUM* b, const BIGNUM* modulus) {
    return BN_mod_mul(product.get(), a, b, modulus, context.get()) == 1 && BN_is_one(product.get()) == 1;
  };
  const auto reduces_to = [&](const BIGNUM* expected, const BIGNUM* modulus) {
    return BN_nnmod(product.get(), d.get(), modulus, context.get()) == 1 &&
           BN_cmp(product.get(), expected) == 0;
  };
  bool matches = BN_mul(product.get(), p.get(), q.get(), context.get()) == 1 && BN_cmp(product.get(), n) == 0;
  matches = matches && reduces_to_one(qi.get(), q.get(), p.get());
  matches = matches && BN_sub_word(p.get(), 1) == 1 && BN_sub_word(q.get(), 1) == 1;
  matches = matches && reduces_to_one(e, d.get(), p.get()) && reduces_to_one(e, d.get(), q.get());
  matches = matches && reduces_to(dp.get(), p.get()) && reduces_to(dq.get(), q.get());
  if (!matches)
    return fail(Errc::malformed, "the private half of the RSA key does not belong to its public half");
  return {};
}

Result<void> check_ec(EVP_PKEY* key, KeyHalf half) {
  const EvpKeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
  if (!context) return fail(Errc::internal, "out of memory");
  if (EVP_PKEY_public_check_quick(context.get()) != 1) {
    return fail(Errc::malformed, "the point of the EC key is not on its curve");
  }
  if (half == KeyHalf::with_private && EVP_PKEY_pairwise_check(context.get()) != 1) {
    return fail(Errc::malformed, "the private half of the EC key does not belong to its public half");
  }
  return {};
}

/// OpenSSL takes any 32 octets as a public key. Encodings beyond the field's prime and the points of small
/// order (under which one signature can fit many messages) are nobody's honest key.
Result<void> check_ed25519(const EVP_PKEY* key) {
  std::array<unsigned char, 32> point{};
  std::size_t size = point.size();
  if (EVP_PKEY_get_raw_public_key(key, point.data(), &size) != 1 || size != point.size()) {
    return fail(Errc::malformed, "the Ed25519 key has no public half");
  }
  std::string y(point.rbegin(), point.rend());  // most significant octet first, as strings compare
  y[0] = static_cast<char>(static_cast<unsigned char>(y[0]) & 0x7FU);
  const auto from_hex = [](std::string_view hex) {
    const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
    std::string octets;
    for (std::size_t i = 0; i < hex.size(); i += 2) {
      octets += static_cast<char>(digit(hex[i]) * 16 + digit(hex[i + 1]));
    }
    return octets;
  };
  static const std::string prime =
      from_hex("7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffed");
  static const std::array<std::string, 5> small_order = {
      from_hex("0000000000000000000000000000000000000000000000000000000000000000"),
      from_hex("0000000000000000000000000000000000000000000000000000000000000001"),
      from_hex("05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826"),
      from_hex("7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7"),
      from_hex("7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffec")};
  if (y >= prime || std::find(small_order.begin(), small_order.end(), y) != small_order.end()) {
    return fail(Errc::malformed, "the Ed25519 key is no valid point");
  }
  return {};
}

Curve curve_of(const EVP_PKEY* key) {
  std::array<char, 64> name{};
  std::size_t size = 0;
  if (EVP_PKEY_get_utf8_string_param(key, OSSL_PKEY_PARAM_GROUP_NAME, name.data(), name.size(), &size) != 1) {
    return Curve::none;
  }
  const std::string_view group(name.data(), size);
  if (group == "prime256v1" || group == "P-256") return Curve::p256;
  if (group == "secp384r1" || group == "P-384") return Curve::p384;
  if (group == "secp521r1" || group == "P-521") return Curve::p521;
  return Curve::none;
}

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
    case KeyType::okp: {
      std::string x(width, '\0');
      std::size_t size = x.size();
      EVP_PKEY_get_raw_public_key(key, octets_of(x.data()), &size);
      text = R"({"crv":")" + curve + R"(","kty":"OKP","x":")" + base64url_encode(x) + "\"}";
      break;
    }
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
