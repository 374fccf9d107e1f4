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

/// Exponents and coefficient from the primes, for writers that leave them out.
Result<void> complete(RsaNumbers& key) {
  const BigNumberContext context(BN_CTX_secure_new());
  const BigNumber less_one(BN_secure_new());
  if (!context || !less_one) return fail(Errc::internal, "out of memory");
  const auto exponent = [&](const BigNumber& prime, BigNumber& into) {
    if (into) return true;
    into.reset(BN_secure_new());
    return into && BN_sub(less_one.get(), prime.get(), BN_value_one()) == 1 &&
           BN_nnmod(into.get(), key.d.get(), less_one.get(), context.get()) == 1;
  };
  bool done = exponent(key.p, key.dp) && exponent(key.q, key.dq);
  if (done && !key.qi) {
    key.qi.reset(BN_mod_inverse(nullptr, key.q.get(), key.p.get(), context.get()));
    done = key.qi != nullptr;
  }
  forget_openssl_errors();
  if (!done) return fail(Errc::malformed, "the primes of the RSA key are not usable");
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
  if (!key.d) {
    if (key.p || key.q || key.dp || key.dq || key.qi) return fail(Errc::malformed, "the RSA key lacks \"d\"");
    return {};
  }
  if (json_member(jwk, "oth") != nullptr)
    return fail(Errc::refused, "RSA keys of more than two primes are not used");
  if (!key.p || !key.q) return fail(Errc::malformed, "the private RSA key lacks its primes \"p\" and \"q\"");
  return complete(key);
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
