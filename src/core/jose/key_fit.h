#pragma once

#include "jose/jwk_set.h"
#include "jose/key_management.h"

#include <functional>
#include <string>
#include <string_view>

namespace oidcop::jose {

// Why keys do not serve, for people. A reason is a phrase that follows a number of keys: "with another kid",
// "of type RSA", "without a private half"; empty for a key that does serve. Thread-safe.

std::string why_not_verify(const Jwk& key, Algorithm algorithm);
std::string why_not_sign(const Jwk& key, Algorithm algorithm);
std::string why_not_encrypt(const Jwk& key, const JweAlgorithms& algorithms);
/// \param parameters  of the message, whose "epk" asks for a curve
std::string why_not_decrypt(const Jwk& key, const JweAlgorithms& algorithms, const KeyParameters& parameters);

using WhyNot = std::function<std::string(const Jwk&)>;

/// The keys counted by their reasons: "of 3 keys 2 of type RSA, 1 with another kid". Those that were skipped
/// when the set was read are among them. For one key the reason alone, "there is one, of type RSA".
std::string tell_reasons(const JwkSet& keys, const WhyNot& why_not);

/// The error when no key fits a message: not_found.
/// \param message  "JWS" or "JWE"
/// \param kid      of its header; empty when it has none
Error no_key_fits(std::string_view message, const JwkSet& keys, std::string_view kid, const WhyNot& why_not);

}  // namespace oidcop::jose
