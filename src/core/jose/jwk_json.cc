#include "base/base64url.h"
#include "jose/jwk.h"
#include "jose/key_material.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace oidcop::jose {

namespace {

using Material = std::shared_ptr<const KeyMaterial>;

constexpr std::size_t kMaxNumberOctets = 1025;  // 8192 bits and one leading zero
constexpr std::size_t kMaxLabelOctets = 1024;

Result<KeyLabels> parse_labels(const Json& jwk);
Result<Material> parse_rsa(const Json& jwk);
Result<Material> parse_ec(const Json& jwk);
Result<Material> parse_okp(const Json& jwk);
Result<Material> parse_oct(const Json& jwk);
void put_labels(Json& jwk, const KeyLabels& labels);
KeyLabels public_labels(KeyLabels labels);
void put_public(Json& jwk, const KeyMaterial& material);
void put_private(Json& jwk, const KeyMaterial& material);

}  // namespace

Result<Jwk> Jwk::parse(const Json& jwk) {
  if (!jwk.is_object()) return fail(Errc::malformed, "the JWK is not a JSON object");
  auto type = json_text(jwk, "kty");
  if (!type) return fail(std::move(type).error());
  if (!*type) return fail(Errc::malformed, "the JWK lacks \"kty\"");
  auto labels = parse_labels(jwk);
  if (!labels) return fail(std::move(labels).error());
  if (**type == "RSA") return JwkAccess::make(parse_rsa(jwk), std::move(*labels));
  if (**type == "EC") return JwkAccess::make(parse_ec(jwk), std::move(*labels));
  if (**type == "OKP") return JwkAccess::make(parse_okp(jwk), std::move(*labels));
  if (**type == "oct") return JwkAccess::make(parse_oct(jwk), std::move(*labels));
  return fail(Errc::refused, "the key type of the JWK is not known here");
}

Result<Jwk> Jwk::parse_text(std::string_view text) {
  auto json = parse_json(text);
  if (!json) return fail(std::move(json).error());
  return parse(*json);
}

Result<Jwk> Jwk::public_key() const {
  if (type() == KeyType::oct) return fail(Errc::refused, "a symmetric key has no public half");
  if (!is_private()) return *this;
  auto json = public_json();
  if (!json) return fail(std::move(json).error());
  return parse(*json);
}

Result<Json> Jwk::public_json() const {
  if (type() == KeyType::oct) return fail(Errc::refused, "a symmetric key has no public half");
  Json jwk = Json::object();
  put_labels(jwk, is_private() ? public_labels(labels()) : labels());
  put_public(jwk, *material_);
  return jwk;
}

Result<Json> Jwk::private_json() const {
  if (!is_private()) return fail(Errc::refused, "the key has no private half");
  Json jwk = Json::object();
  put_labels(jwk, labels());
  put_public(jwk, *material_);
  put_private(jwk, *material_);
  return jwk;
}

namespace {

Result<KeyLabels> parse_labels(const Json& jwk) {
  KeyLabels labels;
  const auto read = [&jwk](std::string_view name, std::string& into) -> Result<void> {
    auto text = json_text(jwk, name);
    if (!text) return fail(std::move(text).error());
    if (!*text) return {};
    if ((*text)->size() > kMaxLabelOctets)
      return fail(Errc::refused, std::string(name) + " of the JWK is too long");
    into = std::move(**text);
    return {};
  };
  if (auto done = read("kid", labels.kid); !done) return fail(std::move(done).error());
  if (auto done = read("alg", labels.alg); !done) return fail(std::move(done).error());
  if (auto done = read("use", labels.use); !done) return fail(std::move(done).error());
  auto operations = json_texts(jwk, "key_ops");
  if (!operations) return fail(std::move(operations).error());
  if (*operations) {
    // An empty list allows nothing; it must not be read as "says nothing".
    if ((*operations)->empty()) return fail(Errc::malformed, "key_ops of the JWK is empty");
    if ((*operations)->size() > 16) return fail(Errc::malformed, "key_ops of the JWK is too long");
    labels.key_ops = std::move(**operations);
  }
  return labels;
}

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

Result<Secret> required_octets(const Json& jwk, std::string_view name) {
  auto octets = octets_member(jwk, name);
  if (!octets) return fail(std::move(octets).error());
  if (!*octets) return fail(Errc::malformed, "the JWK lacks \"" + std::string(name) + "\"");
  return std::move(**octets);
}

Result<BigNumber> number_member(const Json& jwk, std::string_view name) {
  auto octets = octets_member(jwk, name);
  if (!octets) return fail(std::move(octets).error());
  if (!*octets) return BigNumber();
  if ((*octets)->empty() || (*octets)->size() > kMaxNumberOctets) {
    return fail(Errc::refused, "\"" + std::string(name) + "\" of the JWK is empty or longer than 8192 bits");
  }
  const auto bytes = (*octets)->reveal();
  BigNumber number(BN_secure_new());
  if (!number || BN_bin2bn(octets_of(bytes), static_cast<int>(bytes.size()), number.get()) == nullptr) {
    return fail(openssl_error("reading a number of a JWK"));
  }
  return number;
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

Result<Material> parse_rsa(const Json& jwk) {
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

Result<Material> parse_ec(const Json& jwk) {
  auto name = json_text(jwk, "crv");
  if (!name) return fail(std::move(name).error());
  if (!*name) return fail(Errc::malformed, "the EC key lacks \"crv\"");
  Curve curve = Curve::none;
  for (auto known : {Curve::p256, Curve::p384, Curve::p521}) {
    if (**name == curve_name(known)) curve = known;
  }
  if (curve == Curve::none) return fail(Errc::refused, "the curve of the EC key is not known here");
  auto x = required_octets(jwk, "x");
  if (!x) return fail(std::move(x).error());
  auto y = required_octets(jwk, "y");
  if (!y) return fail(std::move(y).error());
  auto d = octets_member(jwk, "d");
  if (!d) return fail(std::move(d).error());
  const auto width = curve_octets(curve);  // RFC 7518, 6.2: full size, also with leading zeros
  if (x->size() != width || y->size() != width || (*d && (*d)->size() != width)) {
    return fail(Errc::malformed, "a coordinate of the EC key has the wrong length");
  }
  ParamBuilder builder(OSSL_PARAM_BLD_new());
  const std::string point = '\x04' + std::string(x->reveal()) + std::string(y->reveal());
  BigNumber scalar;
  if (*d) scalar.reset(BN_bin2bn(octets_of((*d)->reveal()), static_cast<int>(width), BN_secure_new()));
  const bool pushed =
      builder &&
      OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, (*name)->c_str(), 0) == 1 &&
      OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()) ==
          1 &&
      (!scalar ||
       OSSL_PARAM_BLD_push_BN_pad(builder.get(), OSSL_PKEY_PARAM_PRIV_KEY, scalar.get(), width) == 1);
  if (!pushed) return fail(openssl_error("building an EC key"));
  return build_key("EC", std::move(builder), *d ? KeyHalf::with_private : KeyHalf::public_only);
}

Result<Material> parse_okp(const Json& jwk) {
  auto name = json_text(jwk, "crv");
  if (!name) return fail(std::move(name).error());
  if (!*name) return fail(Errc::malformed, "the OKP key lacks \"crv\"");
  if (**name != "Ed25519") return fail(Errc::refused, "the curve of the OKP key is not known here");
  auto x = required_octets(jwk, "x");
  if (!x) return fail(std::move(x).error());
  auto d = octets_member(jwk, "d");
  if (!d) return fail(std::move(d).error());
  const auto width = curve_octets(Curve::ed25519);
  if (x->size() != width || (*d && (*d)->size() != width)) {
    return fail(Errc::malformed, "a member of the Ed25519 key has the wrong length");
  }
  const auto half = *d ? KeyHalf::with_private : KeyHalf::public_only;
  EvpKey key(
      *d ? EVP_PKEY_new_raw_private_key_ex(nullptr, "ED25519", nullptr, octets_of((*d)->reveal()), width)
         : EVP_PKEY_new_raw_public_key_ex(nullptr, "ED25519", nullptr, octets_of(x->reveal()), width));
  if (!key) return fail(openssl_error("building an Ed25519 key"));
  std::string computed(width, '\0');
  std::size_t size = width;
  if (EVP_PKEY_get_raw_public_key(key.get(), octets_of(computed.data()), &size) != 1 ||
      computed != x->reveal()) {
    return fail(Errc::malformed, "the private half of the Ed25519 key does not belong to its public half");
  }
  return adopt_key(std::move(key), half);
}

Result<Material> parse_oct(const Json& jwk) {
  auto octets = required_octets(jwk, "k");
  if (!octets) return fail(std::move(octets).error());
  return adopt_octets(std::move(*octets));
}

void put_labels(Json& jwk, const KeyLabels& labels) {
  if (!labels.kid.empty()) jwk["kid"] = labels.kid;
  if (!labels.alg.empty()) jwk["alg"] = labels.alg;
  if (!labels.use.empty()) jwk["use"] = labels.use;
  if (!labels.key_ops.empty()) jwk["key_ops"] = labels.key_ops;
}

/// What the other half may do: where the private key signs, the public one verifies (RFC 7517, 4.3).
KeyLabels public_labels(KeyLabels labels) {
  std::vector<std::string> operations;
  for (const auto& operation : labels.key_ops) {
    std::string other = operation;
    if (operation == "sign") other = "verify";
    if (operation == "decrypt") other = "encrypt";
    if (operation == "unwrapKey") other = "wrapKey";
    if (std::find(operations.begin(), operations.end(), other) == operations.end())
      operations.push_back(other);
  }
  labels.key_ops = std::move(operations);
  return labels;
}

std::string encoded(const KeyMaterial& material, const char* name, std::size_t width = 0) {
  auto octets = key_parameter(material.key.get(), name, width);
  auto text = base64url_encode(octets);
  wipe(octets);
  return text;
}

void put_public(Json& jwk, const KeyMaterial& material) {
  jwk["kty"] = std::string(key_type_name(material.type));
  if (material.curve != Curve::none) jwk["crv"] = std::string(curve_name(material.curve));
  const auto width = curve_octets(material.curve);
  if (material.type == KeyType::rsa) {
    jwk["n"] = encoded(material, OSSL_PKEY_PARAM_RSA_N);
    jwk["e"] = encoded(material, OSSL_PKEY_PARAM_RSA_E);
  } else if (material.type == KeyType::ec) {
    jwk["x"] = encoded(material, OSSL_PKEY_PARAM_EC_PUB_X, width);
    jwk["y"] = encoded(material, OSSL_PKEY_PARAM_EC_PUB_Y, width);
  } else if (material.type == KeyType::okp) {
    std::string x(width, '\0');
    std::size_t size = width;
    EVP_PKEY_get_raw_public_key(material.key.get(), octets_of(x.data()), &size);
    jwk["x"] = base64url_encode(x);
  }
}

void put_private(Json& jwk, const KeyMaterial& material) {
  const auto width = curve_octets(material.curve);
  if (material.type == KeyType::rsa) {
    jwk["d"] = encoded(material, OSSL_PKEY_PARAM_RSA_D);
    jwk["p"] = encoded(material, OSSL_PKEY_PARAM_RSA_FACTOR1);
    jwk["q"] = encoded(material, OSSL_PKEY_PARAM_RSA_FACTOR2);
    jwk["dp"] = encoded(material, OSSL_PKEY_PARAM_RSA_EXPONENT1);
    jwk["dq"] = encoded(material, OSSL_PKEY_PARAM_RSA_EXPONENT2);
    jwk["qi"] = encoded(material, OSSL_PKEY_PARAM_RSA_COEFFICIENT1);
  } else if (material.type == KeyType::ec) {
    jwk["d"] = encoded(material, OSSL_PKEY_PARAM_PRIV_KEY, width);
  } else if (material.type == KeyType::okp) {
    std::string d(width, '\0');
    std::size_t size = width;
    EVP_PKEY_get_raw_private_key(material.key.get(), octets_of(d.data()), &size);
    jwk["d"] = base64url_encode(d);
    wipe(d);
  } else {
    jwk["k"] = base64url_encode(material.octets.reveal());
  }
}

}  // namespace

}  // namespace oidcop::jose
