#include "base/base64url.h"
#include "jose/jwk.h"
#include "jose/jwk_reading.h"
#include "jose/key_agreement.h"
#include "jose/key_material.h"

#include <openssl/core_names.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace oidcop::jose {

namespace {

constexpr std::size_t kMaxLabelOctets = 1024;

Result<KeyLabels> parse_labels(const Json& jwk);
bool is_public_half_for_agreement(const Json& jwk);
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
  if (**type == "RSA") return JwkAccess::make(read_rsa_key(jwk), std::move(*labels));
  if (**type == "EC") return JwkAccess::make(read_ec_key(jwk), std::move(*labels));
  if (**type == "OKP") return JwkAccess::make(read_okp_key(jwk), std::move(*labels));
  if (**type == "oct") return JwkAccess::make(read_octets(jwk), std::move(*labels));
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
    // No algorithm and no use has an empty name; it must not be read as "says nothing".
    if ((*text)->empty() && name != "kid") {
      return fail(Errc::malformed, std::string(name) + " of the JWK is empty");
    }
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
    // An empty list allows nothing; it must not be read as "says nothing". But Web Crypto has operations for
    // the private half of an agreement alone and exports the public one with an empty list (Web Cryptography
    // API, 24.4): such a key is there to agree with, and for nothing else.
    if ((*operations)->empty() && is_public_half_for_agreement(jwk)) {
      for (const auto operation : {KeyOperation::derive_key, KeyOperation::derive_bits}) {
        (*operations)->emplace_back(key_operation_name(operation));
      }
    }
    if ((*operations)->empty()) return fail(Errc::malformed, "key_ops of the JWK is empty");
    if ((*operations)->size() > 16) return fail(Errc::malformed, "key_ops of the JWK is too long");
    labels.key_ops = std::move(**operations);
  }
  return labels;
}

bool is_public_half_for_agreement(const Json& jwk) {
  const auto type = json_text(jwk, "kty");
  const auto name = json_text(jwk, "crv");
  if (!type || !*type || !name || !*name || json_member(jwk, "d") != nullptr) return false;
  if (**type != "EC" && **type != "OKP") return false;
  const auto curve = parse_curve(**type == "EC" ? KeyType::ec : KeyType::okp, **name);
  return curve && is_agreement_curve(*curve);
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
    jwk["x"] = base64url_encode(raw_public_key(material.key.get()));
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
