#pragma once

#include "jose/curve.h"
#include "jose/openssl.h"

#include <oidcop/result.h>

namespace oidcop::jose {

enum class KeyHalf : std::uint8_t { public_only, with_private };

struct CheckedKey {
  KeyType type;
  Curve curve;  ///< none for RSA
};

/// Whether a key that OpenSSL read is one to work with: known type and curve, size, a point that is one, and
/// that a private half belongs to the public one. Primality is not tested (it would cost each start 0.1 s and
/// more); a file that passes is consistent. Errors: malformed, refused. May leave errors of OpenSSL behind.
Result<CheckedKey> check_key(EVP_PKEY* key, KeyHalf half);

}  // namespace oidcop::jose
