#pragma once

#include "base/secret.h"
#include "jose/jwk.h"

namespace oidcop::jose {

// ECDH-ES (RFC 7518, 4.6; RFC 8037, 3.2), without what a JWE says about it. Thread-safe.

/// P-256, P-384, P-521, X25519, X448. No others: secp256k1 is registered for signatures only (RFC 8812, 3.1).
bool is_agreement_curve(Curve curve);

/// The Diffie-Hellman value of our private and their public key. Errors: refused (curves that differ or do
/// not agree keys, no private half, a point of small order, under which the value is zero), internal.
Result<Secret> shared_secret(const Jwk& own, const Jwk& peer);

/// What a derived key is bound to (RFC 7518, 4.6.2).
struct AgreementInfo {
  std::string_view algorithm;  ///< AlgorithmID: the name of alg, or of enc for ECDH-ES alone
  std::string_view apu;        ///< PartyUInfo, decoded
  std::string_view apv;        ///< PartyVInfo, decoded
  std::size_t octets = 0;      ///< how long the key shall be
};

/// The Concat KDF of NIST SP 800-56A, 5.8.1, with SHA-256. Errors: internal.
Result<Secret> concat_kdf(const Secret& shared, const AgreementInfo& info);

/// A new private key on the curve, and nothing else about it. Errors: refused (the curve), unavailable.
Result<Jwk> generate_ephemeral(Curve curve);

}  // namespace oidcop::jose
