#pragma once

#include "cli/command.h"
#include "jose/algorithm.h"
#include "jose/jwe_header.h"
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

/// The first line of a file that nobody else may read; empty for no file. Errors: malformed (it is empty),
/// and those of reading.
Result<Secret> read_passphrase(const std::filesystem::path& file);

/// Adds --key and --passphrase-file.
void add_key_options(CLI::App& command, KeySource& source);

/// The names given with --alg. Errors: malformed.
Result<jose::AlgorithmSet> read_algorithms(const std::vector<std::string>& names);

/// The names given for key management and content encryption (none: all of these), for messages of standard
/// input. Errors: malformed.
struct EncryptionNames {
  const std::vector<std::string>& algorithms;
  const std::vector<std::string>& encryptions;
};
/// The options that gave them, for errors.
struct EncryptionOptions {
  std::string_view algorithms = "--alg";
  std::string_view encryptions = "--enc";
};
Result<jose::JwePolicy> read_encryption_policy(const EncryptionNames& names,
                                               const EncryptionOptions& options);

/// All of standard input. Errors: refused (over 16 MiB), unavailable.
Result<std::string> read_input(Streams& streams);
/// The same without the one newline at the end that shells and editors leave there.
Result<std::string> read_message(Streams& streams);

/// Whether a message is one of the JSON forms, which may begin with white space (RFC 8259, 2).
bool is_json_form(std::string_view message);

constexpr std::size_t kMaxMessage = 16U << 20U;

/// Names the check that refused: "bad signature: …", "no key: …".
Error refusal(Error error);

/// A failure in one line: line breaks of foreign texts in it, as of an option or a file's name, are escaped.
Result<void> in_one_line(Result<void> done);

}  // namespace oidcop::cli
