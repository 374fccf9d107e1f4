#pragma once

#include "cli/command.h"
#include "jose/algorithm.h"
#include "jose/jwk_set.h"

#include <filesystem>
#include <string>
#include <vector>

namespace oidcop::cli {

/// Where keys for a command of JOSE come from.
struct KeySource {
  std::filesystem::path file;             ///< a JWK, a JWK Set, or PEM (key or certificate)
  std::filesystem::path passphrase_file;  ///< its first line opens an encrypted PEM key; empty: none
};

enum class KeyFileRule : std::uint8_t {
  any,           ///< to verify with
  private_only,  ///< to sign with: nobody else may read the file
};

/// Reads keys. A set is read around keys that are not understood, but not down to nothing.
/// Errors: as Jwk::parse, Jwk::from_pem and the reading of files, with the file's name.
Result<jose::JwkSet> load_keys(const KeySource& source, KeyFileRule rule);

/// Adds --key and --passphrase-file.
void add_key_options(CLI::App& command, KeySource& source);

/// The names given with --alg. Errors: malformed.
Result<jose::AlgorithmSet> read_algorithms(const std::vector<std::string>& names);

/// All of standard input. Errors: refused (over 16 MiB), unavailable.
Result<std::string> read_input(Streams& streams);
/// The same without the one newline at the end that shells and editors leave there.
Result<std::string> read_message(Streams& streams);

constexpr std::size_t kMaxMessage = 16U << 20U;

/// Names the check that refused: "bad signature: …", "no key: …".
Error refusal(Error error);

}  // namespace oidcop::cli
