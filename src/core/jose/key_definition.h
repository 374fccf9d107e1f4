#pragma once

#include "jose/jwk.h"

#include <string>
#include <string_view>
#include <vector>

namespace oidcop::jose {

/// One entry of the configuration's key_defs: what kind of signing key the provider shall have. Away from the
/// provider it may be a key on X25519 or X448, too, with which others agree on keys to encrypt with.
///
///     {"type": "RSA", "bits": 2048, "use": ["sig"], "alg": "RS256"}
///     {"type": "EC", "crv": "P-256", "use": ["sig"]}
///     {"type": "OKP", "crv": "Ed25519", "use": ["sig"]}
///     {"type": "RSA", "use": ["enc"]}
///
/// "type" and "crv" in any case. "alg" may be left out where a key shall sign under all names that fit it:
/// RSA with all RS and PS algorithms, Ed25519 and Ed448 as "EdDSA" and under their own names (RFC 9864, 2.2).
struct KeyDefinition {
  KeyType type = KeyType::rsa;
  Curve curve = Curve::none;
  int bits = 2048;        ///< RSA only
  std::string alg = {};   ///< always set for EC that signs; for RSA and OKP empty when any
  bool encrypts = false;  ///< "use": ["enc"]: for what others encrypt for us; has no "alg"

  bool operator==(const KeyDefinition&) const = default;

  /// Errors: malformed or refused, naming the member and what it may be.
  static Result<KeyDefinition> parse(const Json& entry);
  /// Whether a key is one that this definition asks for; the size may be larger.
  bool describes(const Jwk& key) const;
  std::string_view use() const;  ///< "sig" or "enc"
  /// e.g. "RSA 2048 RS256", "EC P-256 ES256".
  std::string text() const;
};

Result<std::vector<KeyDefinition>> parse_key_definitions(const Json& list);
/// RSA 2048 for RS256 and EC P-256 for ES256: what nearly every relying party understands.
std::vector<KeyDefinition> default_key_definitions();

/// A new key of this kind, kid = thumbprint. Errors: unavailable.
Result<Jwk> generate(const KeyDefinition& definition);

}  // namespace oidcop::jose
