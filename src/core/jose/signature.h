#pragma once

#include "jose/jwk.h"

#include <string>
#include <string_view>

namespace oidcop::jose {

/// Raw signatures and MACs as RFC 7518, 3 puts them (ECDSA: R and S of fixed length, never DER).
/// Thread-safe; OpenSSL's algorithms are fetched once per process.
///
/// Errors: refused when the key does not fit the algorithm (also for `none`, which signs nothing); internal.
Result<std::string> make_signature(const Jwk& key, Algorithm algorithm, std::string_view input);

/// Errors: bad_signature; refused as above. MACs are compared in constant time.
Result<void> check_signature(const Jwk& key, Algorithm algorithm, std::string_view input,
                             std::string_view signature);

}  // namespace oidcop::jose
