#include "jose/key_check.h"

#include <openssl/core_names.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace oidcop::jose {

namespace {

constexpr int kMinRsaBits = 2048;
constexpr int kMaxRsaBits = 8192;
constexpr int kMaxExponentBits = 64;  // larger ones only make verification expensive

Result<void> check_rsa(const EVP_PKEY* key, KeyHalf half);
Result<void> check_rsa_halves(const EVP_PKEY* key, const BIGNUM* n, const BIGNUM* e);
Result<void> check_ec(EVP_PKEY* key, KeyHalf half);
Result<void> check_okp(EVP_PKEY* key, Curve curve);
Result<void> check_edwards_point(const EVP_PKEY* key, Curve curve);
Result<void> check_montgomery_point(EVP_PKEY* key, Curve curve);
Curve curve_of(const EVP_PKEY* key);

}  // namespace

Result<CheckedKey> check_key(EVP_PKEY* key, KeyHalf half) {
  if (EVP_PKEY_is_a(key, "RSA") == 1) {
    auto checked = check_rsa(key, half);
    if (!checked) return fail(std::move(checked).error());
    return CheckedKey{KeyType::rsa, Curve::none};
  }
  const auto curve = curve_of(key);
  const bool is_ec = EVP_PKEY_is_a(key, "EC") == 1;
  if (curve == Curve::none) {
    return fail(Errc::refused, is_ec ? "the curve is not P-256, P-384, P-521 or secp256k1"
                                     : "the key is not RSA, EC, Ed25519, Ed448, X25519 or X448");
  }
  auto checked = is_ec ? check_ec(key, half) : check_okp(key, curve);
  if (!checked) return fail(std::move(checked).error());
  return CheckedKey{is_ec ? KeyType::ec : KeyType::okp, curve};
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
  // RFC 5480, 2.1.1: a key names its curve. Spelt out, one could be made of another generator.
  int spelt_out = 0;
  if (EVP_PKEY_get_int_param(key, OSSL_PKEY_PARAM_EC_DECODED_FROM_EXPLICIT_PARAMS, &spelt_out) != 1 ||
      spelt_out != 0) {
    return fail(Errc::refused, "the EC key spells its curve out instead of naming it");
  }
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

Result<void> check_okp(EVP_PKEY* key, Curve curve) {
  if (curve == Curve::ed25519 || curve == Curve::ed448) return check_edwards_point(key, curve);
  return check_montgomery_point(key, curve);
}

std::string from_hex(std::string_view hex) {
  const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  std::string octets;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    octets += static_cast<char>(digit(hex[i]) * 16 + digit(hex[i + 1]));
  }
  return octets;
}

/// a x^2 + y^2 = 1 + d x^2 y^2 over the field of the prime, and the y of the points of small order. Numbers
/// have their most significant octet first.
struct EdwardsCurve {
  std::string prime;
  std::string d;
  bool a_is_minus_one;
  std::vector<std::string> small_order;
};

EdwardsCurve make_edwards25519() {  // RFC 8032, 5.1
  return {from_hex("7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffed"),
          from_hex("52036cee2b6ffe738cc740797779e89800700a4d4141d8ab75eb4dca135978a3"),
          true,
          {std::string(32, '\0'), std::string(31, '\0') + '\1',
           from_hex("05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826"),
           from_hex("7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7"),
           from_hex("7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffec")}};
}

/// 2^448 - 2^224 - 1, behind an octet that holds the sign only (RFC 8032, 5.2.2).
EdwardsCurve make_edwards448() {
  const auto prime = '\0' + std::string(27, '\xff') + '\xfe' + std::string(28, '\xff');
  auto minus_one = prime;
  minus_one.back() = '\xfe';
  auto d = prime;
  d.replace(55, 2, from_hex("6756"));  // -39081
  return {prime, d, false, {std::string(57, '\0'), std::string(56, '\0') + '\1', minus_one}};
}

/// Whether some x belongs to this y: (y^2 - 1) / (d y^2 - a) is a square, as their product then is (RFC
/// 8032, 5.1.3 and 5.2.3).
Result<bool> has_x(const EdwardsCurve& curve, const std::string& y) {
  const BigNumberContext context(BN_CTX_new());
  const BigNumber prime(BN_bin2bn(octets_of(curve.prime), static_cast<int>(curve.prime.size()), nullptr));
  const BigNumber d(BN_bin2bn(octets_of(curve.d), static_cast<int>(curve.d.size()), nullptr));
  const BigNumber square(BN_bin2bn(octets_of(y), static_cast<int>(y.size()), nullptr));
  const BigNumber below(BN_new());
  const bool computed =
      context && prime && d && square && below &&
      BN_mod_sqr(square.get(), square.get(), prime.get(), context.get()) == 1 &&
      BN_mod_mul(below.get(), d.get(), square.get(), prime.get(), context.get()) == 1 &&
      (curve.a_is_minus_one ? BN_add_word(below.get(), 1) : BN_sub_word(below.get(), 1)) == 1 &&
      BN_sub_word(square.get(), 1) == 1 &&
      BN_mod_mul(square.get(), square.get(), below.get(), prime.get(), context.get()) == 1;
  const int symbol = computed ? BN_kronecker(square.get(), prime.get(), context.get()) : -2;
  if (symbol == -2) return fail(Errc::internal, "out of memory");
  return symbol == 1;
}

/// OpenSSL takes any octets as a public key. Encodings beyond the field's prime, those that no point has and
/// the points of small order (under which one signature can fit many messages) are nobody's honest key.
Result<void> check_edwards_point(const EVP_PKEY* key, Curve curve) {
  static const EdwardsCurve edwards25519 = make_edwards25519();
  static const EdwardsCurve edwards448 = make_edwards448();
  const auto& edwards = curve == Curve::ed25519 ? edwards25519 : edwards448;
  std::string point(curve_octets(curve), '\0');
  std::size_t size = point.size();
  if (EVP_PKEY_get_raw_public_key(key, octets_of(point.data()), &size) != 1 || size != point.size()) {
    return fail(Errc::malformed, "the " + std::string(curve_name(curve)) + " key has no public half");
  }
  std::string y(point.rbegin(), point.rend());  // most significant octet first, as strings compare
  y[0] = static_cast<char>(static_cast<unsigned char>(y[0]) & 0x7FU);
  const auto& small = edwards.small_order;
  bool valid = y < edwards.prime && std::find(small.begin(), small.end(), y) == small.end();
  if (valid) {
    const auto on_curve = has_x(edwards, y);
    if (!on_curve) return fail(on_curve.error());
    valid = *on_curve;
  }
  if (!valid) {
    return fail(Errc::malformed, "the " + std::string(curve_name(curve)) + " key is no valid point");
  }
  return {};
}

/// A point of small order agrees on zero with every private key, and OpenSSL refuses that (RFC 7748, 6): so
/// one agreement with any key of our own finds all of them.
Result<void> check_montgomery_point(EVP_PKEY* key, Curve curve) {
  const std::string scalar(curve_octets(curve), '\x55');
  const EvpKey own(EVP_PKEY_new_raw_private_key_ex(nullptr, openssl_curve_name(curve), nullptr,
                                                   octets_of(scalar), scalar.size()));
  const EvpKeyContext context(own ? EVP_PKEY_CTX_new_from_pkey(nullptr, own.get(), nullptr) : nullptr);
  if (!context || EVP_PKEY_derive_init(context.get()) != 1) return fail(Errc::internal, "out of memory");
  std::string agreed(scalar.size(), '\0');
  std::size_t size = agreed.size();
  if (EVP_PKEY_derive_set_peer(context.get(), key) != 1 ||
      EVP_PKEY_derive(context.get(), octets_of(agreed.data()), &size) != 1) {
    return fail(Errc::malformed, "the " + std::string(curve_name(curve)) + " key is a point of small order");
  }
  return {};
}

Curve curve_of(const EVP_PKEY* key) {
  if (EVP_PKEY_is_a(key, "EC") != 1) return curve_of_openssl_name(EVP_PKEY_get0_type_name(key));
  std::array<char, 64> name{};
  std::size_t size = 0;
  if (EVP_PKEY_get_utf8_string_param(key, OSSL_PKEY_PARAM_GROUP_NAME, name.data(), name.size(), &size) != 1) {
    return Curve::none;
  }
  return curve_of_openssl_name({name.data(), size});
}

}  // namespace

}  // namespace oidcop::jose
