#pragma once

#include "config/config.h"

#include <string_view>
#include <vector>

/// Names of algorithms and curves as a configuration may say them. `jose/` knows what they do; neither
/// includes the other, and a test holds them together (tests/core/provider).
namespace oidcop::config {

/// What the provider's own keys sign with: RS*, PS*, ES*, EdDSA and the names of RFC 9864.
std::vector<std::string_view> own_signature_algorithms();
/// Those, and HS*, which a client's secret signs with.
std::vector<std::string_view> signature_algorithms();

/// The curves that a signing key of this type may be on; none for RSA.
std::vector<std::string_view> signature_curves(KeyType type);

/// Whether a key made by this definition signs under this name.
bool signs_with(const KeyDefinition& key, std::string_view alg);

}  // namespace oidcop::config
