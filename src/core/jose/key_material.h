#pragma once

#include "base/secret.h"
#include "jose/jwk.h"
#include "jose/key_check.h"
#include "jose/openssl.h"

#include <array>
#include <atomic>
#include <memory>
#include <string>

namespace oidcop::jose {

enum class SignatureDirection : std::uint8_t { sign, verify };

/// Contexts of one key that were set up once for an algorithm and are only copied since: setting up means
/// several fetches under OpenSSL's locks (measured: a sixth of an ES256 signature), copying does not.
/// Thread-safe.
class SignatureContexts {
 public:
  SignatureContexts() = default;
  SignatureContexts(const SignatureContexts&) = delete;
  SignatureContexts& operator=(const SignatureContexts&) = delete;
  ~SignatureContexts();

  const EVP_MD_CTX* find(Algorithm algorithm, SignatureDirection direction) const;
  /// Keeps the context unless another thread was first; returns the one that is kept.
  const EVP_MD_CTX* keep(Algorithm algorithm, SignatureDirection direction, MdContext context) const;

 private:
  static std::size_t slot(Algorithm algorithm, SignatureDirection direction);
  mutable std::array<std::atomic<EVP_MD_CTX*>, 2 * kAlgorithmCount> contexts_{};
};

/// What all copies of a Jwk share. Immutable but for the contexts above.
struct KeyMaterial {
  KeyType type = KeyType::oct;
  Curve curve = Curve::none;
  int bits = 0;
  bool is_private = false;
  EvpKey key;              ///< null for octets
  Secret octets;           ///< empty for all others
  std::string thumbprint;  ///< RFC 7638
  SignatureContexts contexts;
};

/// Takes a key over after check_key. Errors: malformed, refused.
Result<std::shared_ptr<const KeyMaterial>> adopt_key(EvpKey key, KeyHalf half);
Result<std::shared_ptr<const KeyMaterial>> adopt_octets(Secret octets);

/// A parameter of the key as octets, left-padded to `width` (0: as short as it is); empty when it has none.
std::string key_parameter(const EVP_PKEY* key, const char* name, std::size_t width = 0);

/// The public half of an OKP key as RFC 8037 has it; empty when it has none.
std::string raw_public_key(const EVP_PKEY* key);

/// Builds Jwk values for the readers and generators.
struct JwkAccess {
  static Result<Jwk> make(Result<std::shared_ptr<const KeyMaterial>> material, KeyLabels labels);
};

}  // namespace oidcop::jose
