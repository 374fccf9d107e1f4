#pragma once

#include "base/digest.h"
#include "base/json.h"
#include "base/secret.h"
#include "jose/algorithm.h"
#include "jose/curve.h"

#include <oidcop/random.h>
#include <oidcop/result.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace oidcop::jose {

/// What a key may be for (RFC 7517, 4.3).
enum class KeyOperation : std::uint8_t {
  sign,
  verify,
  encrypt,
  decrypt,
  wrap_key,
  unwrap_key,
  derive_key,
  derive_bits,
};
std::string_view key_operation_name(KeyOperation operation);  ///< as in "key_ops", e.g. "wrapKey"

/// What a key says about itself (RFC 7517, 4.2 to 4.5). Empty means that the key does not say.
struct KeyLabels {
  std::string kid = {};  // initialised, so that designated initializers may leave members out
  std::string alg = {};  ///< may name an algorithm nobody here knows; then the key fits nothing of ours
  std::string use = {};  ///< "sig", "enc" or other
  std::vector<std::string> key_ops = {};
};

struct KeyMaterial;  // the OpenSSL key or the octets; jose/key_material.h

/// One key: RSA (2048 to 8192 bits), EC (P-256, P-384, P-521, secp256k1), OKP (Ed25519, Ed448, X25519, X448),
/// or octets.
///
/// An immutable value over shared key material: copies are cheap and never copy the key itself. A value that
/// exists was checked: no weak RSA key, no point off its curve, no private half that belongs to another
/// public half. Thread-safe for const use, also by many threads on one key.
class Jwk {
 public:
  /// Reads a public or private JWK (RFC 7517; RFC 7518, 6; RFC 8037, 2; RFC 8812, 3.1). Members nobody here
  /// knows are ignored, and so are "x5c", "x5t" and "x5u": no trust is taken from certificates, so there is
  /// nothing that a wrong one could mislead (SigningKeys keeps them in its file for others). Errors:
  /// malformed (missing or bad members, invalid point, halves that do not match, "key_ops" that repeats
  /// itself or contradicts "use"), refused (unknown type or curve, RSA under 2048 or over 8192 bits, octets
  /// shorter than the hash of the named HS algorithm).
  static Result<Jwk> parse(const Json& jwk);
  static Result<Jwk> parse_text(std::string_view text);

  /// The first private key in the text (PKCS#8 or traditional, encrypted or not), else the first public key
  /// (SubjectPublicKeyInfo), else the public key of the first certificate, of which nothing else is read.
  /// \param passphrase  empty: none, and then an encrypted key is refused
  /// Errors: as parse; refused when the passphrase is missing, bad_signature when it does not open the key.
  static Result<Jwk> from_pem(const Secret& pem, KeyLabels labels = {}, const Secret& passphrase = {});

  /// A symmetric key of these octets, e.g. a client secret. Length is judged when an algorithm uses it.
  /// Errors: refused when empty or longer than 4096 octets.
  static Result<Jwk> from_octets(Secret octets, KeyLabels labels = {});

  KeyType type() const;
  Curve curve() const;
  int bits() const;         ///< size of the modulus, of the curve's field (256 for 25519), or of the octets
  bool is_private() const;  ///< true for octets, too
  const KeyLabels& labels() const;
  const std::string& kid() const { return labels().kid; }
  /// The same key under other labels; shares the key material. Errors: refused, as parse.
  Result<Jwk> with_labels(KeyLabels labels) const;
  /// Only the public half. Errors: refused for octets, which have none.
  Result<Jwk> public_key() const;

  /// RFC 7638: base64url of the SHA-256 over the required public members. For octets it is derived from the
  /// key itself and must not be published.
  std::string thumbprint() const;

  /// The public members and the labels. Errors: refused for octets.
  Result<Json> public_json() const;
  /// All members, private ones too. Errors: refused when the key has no private half.
  Result<Json> private_json() const;
  Result<std::string> public_pem() const;  ///< SubjectPublicKeyInfo; refused for octets
  Result<Secret> private_pem() const;      ///< PKCS#8, unencrypted; refused for octets and public keys
  /// PKCS#8 under a passphrase: PBES2 with PBKDF2-HMAC-SHA-256 (600,000 rounds) and AES-256-CBC (RFC 8018,
  /// 6.2), which every tool reads. Takes some 0.2 s. Errors: refused as above and for an empty passphrase,
  /// unavailable (no randomness).
  Result<Secret> private_pem(const Secret& passphrase, Random& random) const;

  /// Whether the labels permit the operation with the algorithm of this registered name: "alg" names it or
  /// nothing, "use" fits the operation ("sig" for sign and verify, "enc" for all others), "key_ops" lists it.
  /// Says nothing about key type, curve and length, nor whether there is a private half.
  bool permits(std::string_view algorithm, KeyOperation operation) const;
  /// Whether key type, curve, length, "alg", "use" and "key_ops" all allow this algorithm.
  bool can_sign(Algorithm algorithm) const;
  bool can_verify(Algorithm algorithm) const;
  /// The algorithms it can sign with, strongest fit first, e.g. for ES keys exactly one.
  std::vector<Algorithm> signing_algorithms() const;

  const KeyMaterial& material() const { return *material_; }

 private:
  Jwk(std::shared_ptr<const KeyMaterial> material, std::shared_ptr<const KeyLabels> labels);
  static Result<Jwk> make(std::shared_ptr<const KeyMaterial> material, KeyLabels labels);
  friend struct JwkAccess;  // the readers in jwk_json.cc and jwk_pem.cc, and the generators

  std::shared_ptr<const KeyMaterial> material_;
  std::shared_ptr<const KeyLabels> labels_;
};

/// New keys. A label without kid gets the thumbprint as kid (random for octets). Slow for RSA (0.1 s and
/// more). Errors: refused (weak or unknown parameters), unavailable (no randomness).
Result<Jwk> generate_rsa(int bits, KeyLabels labels);
Result<Jwk> generate_ec(Curve curve, KeyLabels labels);
Result<Jwk> generate_okp(Curve curve, KeyLabels labels);
Result<Jwk> generate_octets(Random& random, std::size_t octets, KeyLabels labels);

}  // namespace oidcop::jose
