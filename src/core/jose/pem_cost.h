#pragma once

#include <oidcop/result.h>

#include <cstdint>
#include <string_view>

namespace oidcop::jose {

/// The most rounds that a passphrase of a PEM key may ask for: some seconds of work.
inline constexpr std::uint64_t kMostPemRounds = 10'000'000;

/// Whether trying a passphrase on what the text holds costs a bounded amount of work: the numbers that say
/// how much stand in the file, unprotected, and OpenSSL does as they say (PBKDF2 and scrypt: RFC 8018, A.2
/// and RFC 7914, 7; PKCS#12: RFC 7292, C). Also refused: blocks that cannot be read, since they cannot be
/// judged. Errors: malformed, refused. May leave errors of OpenSSL behind.
Result<void> check_pem_cost(std::string_view pem);

}  // namespace oidcop::jose
