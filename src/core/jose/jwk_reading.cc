#include "jose/jwk_reading.h"

#include "base/base64url.h"

#include <openssl/core_names.h>

namespace oidcop::jose {

namespace {

using Material = std::shared_ptr<const KeyMaterial>;

Result<Secret> required_octets(const Json& jwk, std::string_view name) {
  auto octets = octets_member(jwk, name);
  if (!octets) return fail(std::move(octets).error());
  if (!*octets) return fail(Errc::malformed, "the JWK lacks \"" + std::string(name) + "\"");
  return std::move(**octets);
}

}  // namespace

/// A member as octets; absent -> nothing.
Result<std::optional<Secret>> octets_member(const Json& jwk, std::string_view name) {
  auto text = json_text(jwk, name);
  if (!text) return fail(std::move(text).error());
  if (!*text) return std::optional<Secret>();
  auto octets = base64url_decode(**text);
  wipe(**text);
  if (!octets) return fail(Errc::malformed, "\"" + std::string(name) + "\" of the JWK is not base64url");
  return std::optional<Secret>(Secret(std::move(*octets)));
}

Result<Material> build_key(const char* type, ParamBuilder builder, KeyHalf half) {
  const Params params(OSSL_PARAM_BLD_to_param(builder.get()));
  const EvpKeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  const int selection = half == KeyHalf::with_private ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY;
  EVP_PKEY* raw = nullptr;
  if (!params || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &raw, selection, params.get()) != 1) {
    forget_openssl_errors();  // its text may hold nothing useful for people, and numbers of the key
    return fail(Errc::malformed, "the members of the JWK do not make a valid key");
  }
  return adopt_key(EvpKey(raw), half);
}

Result<Material> read_ec_key(const Json& jwk) {
  auto name = json_text(jwk, "crv");
  if (!name) return fail(std::move(name).error());
  if (!*name) return fail(Errc::malformed, "the EC key lacks \"crv\"");
  const auto curve = parse_curve(KeyType::ec, **name);
  if (!curve) return fail(Errc::refused, "the curve of the EC key is not known here");
  auto x = required_octets(jwk, "x");
  if (!x) return fail(std::move(x).error());
  auto y = required_octets(jwk, "y");
  if (!y) return fail(std::move(y).error());
  auto d = octets_member(jwk, "d");
  if (!d) return fail(std::move(d).error());
  const auto width = curve_octets(*curve);  // RFC 7518, 6.2: full size, also with leading zeros
  if (x->size() != width || y->size() != width || (*d && (*d)->size() != width)) {
    return fail(Errc::malformed, "a coordinate of the EC key has the wrong length");
  }
  ParamBuilder builder(OSSL_PARAM_BLD_new());
  const std::string point = '\x04' + std::string(x->reveal()) + std::string(y->reveal());
  BigNumber scalar;
  if (*d) scalar.reset(BN_bin2bn(octets_of((*d)->reveal()), static_cast<int>(width), BN_secure_new()));
  const bool pushed = builder &&
                      OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME,
                                                      openssl_curve_name(*curve), 0) == 1 &&
                      OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                                       point.size()) == 1 &&
                      (!scalar || OSSL_PARAM_BLD_push_BN_pad(builder.get(), OSSL_PKEY_PARAM_PRIV_KEY,
                                                             scalar.get(), width) == 1);
  if (!pushed) return fail(openssl_error("building an EC key"));
  return build_key("EC", std::move(builder), *d ? KeyHalf::with_private : KeyHalf::public_only);
}

Result<Material> read_okp_key(const Json& jwk) {
  auto name = json_text(jwk, "crv");
  if (!name) return fail(std::move(name).error());
  if (!*name) return fail(Errc::malformed, "the OKP key lacks \"crv\"");
  const auto curve = parse_curve(KeyType::okp, **name);
  if (!curve) return fail(Errc::refused, "the curve of the OKP key is not known here");
  auto x = required_octets(jwk, "x");
  if (!x) return fail(std::move(x).error());
  auto d = octets_member(jwk, "d");
  if (!d) return fail(std::move(d).error());
  const auto width = curve_octets(*curve);
  if (x->size() != width || (*d && (*d)->size() != width)) {
    return fail(Errc::malformed, "a member of the " + **name + " key has the wrong length");
  }
  const auto half = *d ? KeyHalf::with_private : KeyHalf::public_only;
  const auto* type = openssl_curve_name(*curve);
  EvpKey key(*d ? EVP_PKEY_new_raw_private_key_ex(nullptr, type, nullptr, octets_of((*d)->reveal()), width)
                : EVP_PKEY_new_raw_public_key_ex(nullptr, type, nullptr, octets_of(x->reveal()), width));
  if (!key) return fail(openssl_error("building an OKP key"));
  if (raw_public_key(key.get()) != x->reveal()) {
    return fail(Errc::malformed,
                "the private half of the " + **name + " key does not belong to its public half");
  }
  return adopt_key(std::move(key), half);
}

Result<Material> read_octets(const Json& jwk) {
  auto octets = required_octets(jwk, "k");
  if (!octets) return fail(std::move(octets).error());
  return adopt_octets(std::move(*octets));
}

}  // namespace oidcop::jose
