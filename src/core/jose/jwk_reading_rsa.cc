#include "jose/jwk_reading.h"

#include <openssl/core_names.h>

#include <utility>

namespace oidcop::jose {

namespace {

using Material = std::shared_ptr<const KeyMaterial>;

constexpr std::size_t kMaxNumberOctets = 1024;  // 8192 bits

Result<BigNumber> number_member(const Json& jwk, std::string_view name) {
  auto octets = octets_member(jwk, name);
  if (!octets) return fail(std::move(octets).error());
  if (!*octets) return BigNumber();
  if ((*octets)->empty() || (*octets)->size() > kMaxNumberOctets) {
    return fail(Errc::refused, "\"" + std::string(name) + "\" of the JWK is empty or longer than 8192 bits");
  }
  const auto bytes = (*octets)->reveal();
  // Base64urlUInt "MUST utilize the minimum number of octets" (RFC 7518, 2; 6.3.1.1): else one key has many
  // texts.
  if (bytes.front() == '\0') {
    return fail(Errc::malformed, "\"" + std::string(name) + "\" of the RSA key begins with a zero octet");
  }
  BigNumber number(BN_secure_new());
  if (!number || BN_bin2bn(octets_of(bytes), static_cast<int>(bytes.size()), number.get()) == nullptr) {
    return fail(openssl_error("reading a number of a JWK"));
  }
  return number;
}

struct RsaNumbers {
  BigNumber n, e, d, p, q, dp, dq, qi;
};

/// The largest whole number whose square is not above `number`, by Newton's method; null when OpenSSL failed.
BigNumber square_root(const BIGNUM* number, BN_CTX* context) {
  BigNumber root(BN_secure_new());
  const BigNumber next(BN_secure_new());
  if (!root || !next || BN_set_bit(root.get(), (BN_num_bits(number) + 1) / 2) != 1) return nullptr;
  while (true) {  // falls until it is there
    if (BN_div(next.get(), nullptr, number, root.get(), context) != 1 ||
        BN_add(next.get(), next.get(), root.get()) != 1 || BN_rshift1(next.get(), next.get()) != 1) {
      return nullptr;
    }
    if (BN_cmp(next.get(), root.get()) >= 0) return root;
    BN_swap(next.get(), root.get());
  }
}

/// p and q from n, e and d: NIST SP 800-56B Rev. 2, C.2, which needs no randomness and, unlike trying bases,
/// costs the same for numbers that nobody's key has. Whether the answer is right is checked with the key.
bool recover_primes(RsaNumbers& key, BN_CTX* context) {
  const BigNumber a(BN_secure_new()), b(BN_secure_new()), m(BN_secure_new()), r(BN_secure_new());
  if (!a || !b || !m || !r) return false;
  // a = (de - 1) gcd(n - 1, de - 1) is a multiple of (p - 1)(q - 1): (m + 1) of them.
  bool done = BN_mul(a.get(), key.d.get(), key.e.get(), context) == 1 && BN_sub_word(a.get(), 1) == 1 &&
              BN_copy(b.get(), key.n.get()) != nullptr && BN_sub_word(b.get(), 1) == 1 &&
              BN_gcd(b.get(), b.get(), a.get(), context) == 1 &&
              BN_mul(a.get(), a.get(), b.get(), context) == 1 &&
              BN_div(m.get(), r.get(), a.get(), key.n.get(), context) == 1;
  // b = p + q = (n - r) / (m + 1) + 1
  done = done && BN_sub(b.get(), key.n.get(), r.get()) == 1 && BN_add_word(m.get(), 1) == 1 &&
         BN_div(b.get(), nullptr, b.get(), m.get(), context) == 1 && BN_add_word(b.get(), 1) == 1;
  // p and q are (b ± sqrt(b² - 4n)) / 2
  done = done && BN_sqr(a.get(), b.get(), context) == 1 && BN_lshift(r.get(), key.n.get(), 2) == 1 &&
         BN_cmp(a.get(), r.get()) > 0 && BN_sub(a.get(), a.get(), r.get()) == 1;
  const auto root = done ? square_root(a.get(), context) : nullptr;
  key.p.reset(BN_secure_new());
  key.q.reset(BN_secure_new());
  return root && key.p && key.q && BN_add(key.p.get(), b.get(), root.get()) == 1 &&
         BN_rshift1(key.p.get(), key.p.get()) == 1 && BN_sub(key.q.get(), b.get(), key.p.get()) == 1;
}

/// Primes, exponents and coefficient of a key that has none of them.
Result<void> complete(RsaNumbers& key) {
  const BigNumberContext context(BN_CTX_secure_new());
  const BigNumber less_one(BN_secure_new());
  if (!context || !less_one) return fail(Errc::internal, "out of memory");
  const auto exponent = [&](const BigNumber& prime, BigNumber& into) {
    into.reset(BN_secure_new());
    return into && BN_sub(less_one.get(), prime.get(), BN_value_one()) == 1 &&
           BN_nnmod(into.get(), key.d.get(), less_one.get(), context.get()) == 1;
  };
  bool done = recover_primes(key, context.get()) && exponent(key.p, key.dp) && exponent(key.q, key.dq);
  if (done) {
    key.qi.reset(BN_mod_inverse(nullptr, key.q.get(), key.p.get(), context.get()));
    done = key.qi != nullptr;
  }
  forget_openssl_errors();
  if (!done) {
    return fail(Errc::malformed, "the private half of the RSA key does not belong to its public half");
  }
  return {};
}

Result<void> read_rsa(const Json& jwk, RsaNumbers& key) {
  const std::pair<std::string_view, BigNumber*> members[] = {{"n", &key.n},   {"e", &key.e},  {"d", &key.d},
                                                             {"p", &key.p},   {"q", &key.q},  {"dp", &key.dp},
                                                             {"dq", &key.dq}, {"qi", &key.qi}};
  for (const auto& [name, number] : members) {
    auto read = number_member(jwk, name);
    if (!read) return fail(std::move(read).error());
    *number = std::move(*read);
  }
  if (!key.n || !key.e) return fail(Errc::malformed, "the RSA key lacks \"n\" or \"e\"");
  // RFC 7518, 6.3.2: they should be there, and if any is, then all of them.
  const bool has_any = key.p || key.q || key.dp || key.dq || key.qi;
  const bool has_all = key.p && key.q && key.dp && key.dq && key.qi;
  if (!key.d) {
    if (has_any) return fail(Errc::malformed, "the RSA key lacks \"d\"");
    return {};
  }
  if (json_member(jwk, "oth") != nullptr)
    return fail(Errc::refused, "RSA keys of more than two primes are not used");
  if (has_all) return {};
  if (!has_any) return complete(key);
  return fail(Errc::malformed,
              "the private RSA key has some of \"p\", \"q\", \"dp\", \"dq\" and \"qi\" and lacks the others");
}

}  // namespace

Result<Material> read_rsa_key(const Json& jwk) {
  RsaNumbers key;
  if (auto read = read_rsa(jwk, key); !read) return fail(std::move(read).error());
  ParamBuilder builder(OSSL_PARAM_BLD_new());
  const auto push = [&](const char* name, const BigNumber& number) {
    return !number || OSSL_PARAM_BLD_push_BN(builder.get(), name, number.get()) == 1;
  };
  const bool pushed =
      builder && push(OSSL_PKEY_PARAM_RSA_N, key.n) && push(OSSL_PKEY_PARAM_RSA_E, key.e) &&
      push(OSSL_PKEY_PARAM_RSA_D, key.d) && push(OSSL_PKEY_PARAM_RSA_FACTOR1, key.p) &&
      push(OSSL_PKEY_PARAM_RSA_FACTOR2, key.q) && push(OSSL_PKEY_PARAM_RSA_EXPONENT1, key.dp) &&
      push(OSSL_PKEY_PARAM_RSA_EXPONENT2, key.dq) && push(OSSL_PKEY_PARAM_RSA_COEFFICIENT1, key.qi);
  if (!pushed) return fail(openssl_error("building an RSA key"));
  return build_key("RSA", std::move(builder), key.d ? KeyHalf::with_private : KeyHalf::public_only);
}

}  // namespace oidcop::jose
