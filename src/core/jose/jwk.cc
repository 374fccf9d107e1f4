#include "jose/jwk.h"

#include "jose/key_material.h"

#include <algorithm>
#include <array>

namespace oidcop::jose {

namespace {

/// Octets of the hash under an algorithm, for the least length of a MAC key (RFC 7518, 3.2).
int hash_bits(Algorithm algorithm) {
  switch (algorithm) {
    case Algorithm::hs256:
      return 256;
    case Algorithm::hs384:
      return 384;
    case Algorithm::hs512:
      return 512;
    default:
      return 0;
  }
}

bool material_fits(const KeyMaterial& key, Algorithm algorithm) {
  return fits_key(algorithm, key.type, key.curve) && key.bits >= hash_bits(algorithm);
}

constexpr std::array<std::string_view, 8> kOperations = {"sign",    "verify",    "encrypt",   "decrypt",
                                                         "wrapKey", "unwrapKey", "deriveKey", "deriveBits"};

/// "EdDSA" in the words of RFC 9864, which say the curve; other names as they are.
std::string_view specific_name(std::string_view name, Curve curve) {
  if (name != "EdDSA" || (curve != Curve::ed25519 && curve != Curve::ed448)) return name;
  return curve_name(curve);
}

/// RFC 7517, 4.3: no operation twice, and none that contradicts "use". Operations that nobody here knows may
/// belong to any use.
Result<void> check_operations(const KeyLabels& labels) {
  for (auto name = labels.key_ops.begin(); name != labels.key_ops.end(); ++name) {
    if (std::find(labels.key_ops.begin(), name, *name) != name) {
      return fail(Errc::malformed, "key_ops of the JWK names an operation twice");
    }
    const auto* known = std::find(kOperations.begin(), kOperations.end(), *name);
    if (known == kOperations.end()) continue;
    const bool signs = *name == "sign" || *name == "verify";
    if ((labels.use == "sig" && !signs) || (labels.use == "enc" && signs)) {
      return fail(Errc::malformed, "use and key_ops of the JWK contradict each other");
    }
  }
  return {};
}

}  // namespace

std::string_view key_operation_name(KeyOperation operation) {
  return kOperations[static_cast<std::size_t>(operation)];
}

Jwk::Jwk(std::shared_ptr<const KeyMaterial> material, std::shared_ptr<const KeyLabels> labels)
    : material_(std::move(material)), labels_(std::move(labels)) {}

Result<Jwk> Jwk::make(std::shared_ptr<const KeyMaterial> material, KeyLabels labels) {
  if (auto checked = check_operations(labels); !checked) return fail(std::move(checked).error());
  const auto algorithm = parse_algorithm(labels.alg);
  if (algorithm && material->type == KeyType::oct && material->bits < hash_bits(*algorithm)) {
    return fail(Errc::refused, "the symmetric key is weak: it is shorter than the hash of " + labels.alg);
  }
  return Jwk(std::move(material), std::make_shared<const KeyLabels>(std::move(labels)));
}

Result<Jwk> JwkAccess::make(Result<std::shared_ptr<const KeyMaterial>> material, KeyLabels labels) {
  if (!material) return fail(std::move(material).error());
  return Jwk::make(std::move(*material), std::move(labels));
}

Result<Jwk> Jwk::from_octets(Secret octets, KeyLabels labels) {
  return JwkAccess::make(adopt_octets(std::move(octets)), std::move(labels));
}

KeyType Jwk::type() const {
  return material_->type;
}
Curve Jwk::curve() const {
  return material_->curve;
}
int Jwk::bits() const {
  return material_->bits;
}
bool Jwk::is_private() const {
  return material_->is_private;
}
const KeyLabels& Jwk::labels() const {
  return *labels_;
}
std::string Jwk::thumbprint() const {
  return material_->thumbprint;
}

Result<Jwk> Jwk::with_labels(KeyLabels labels) const {
  return make(material_, std::move(labels));
}

bool Jwk::permits(std::string_view algorithm, KeyOperation operation) const {
  const auto& [kid, alg, use, key_ops] = *labels_;
  const bool signs = operation == KeyOperation::sign || operation == KeyOperation::verify;
  if (!use.empty() && use != (signs ? "sig" : "enc")) return false;
  if (!key_ops.empty() &&
      std::find(key_ops.begin(), key_ops.end(), key_operation_name(operation)) == key_ops.end()) {
    return false;
  }
  return alg.empty() || specific_name(alg, curve()) == specific_name(algorithm, curve());
}

bool Jwk::can_sign(Algorithm algorithm) const {
  return material_->is_private && material_fits(*material_, algorithm) &&
         permits(algorithm_name(algorithm), KeyOperation::sign);
}

bool Jwk::can_verify(Algorithm algorithm) const {
  return material_fits(*material_, algorithm) && permits(algorithm_name(algorithm), KeyOperation::verify);
}

std::vector<Algorithm> Jwk::signing_algorithms() const {
  auto all = AlgorithmSet::asymmetric().list();
  for (auto symmetric : AlgorithmSet::symmetric().list()) all.push_back(symmetric);
  std::vector<Algorithm> fitting;
  std::copy_if(all.begin(), all.end(), std::back_inserter(fitting),
               [this](Algorithm algorithm) { return can_sign(algorithm); });
  return fitting;
}

}  // namespace oidcop::jose
