#include "cli/jose_input.h"

#include "base/file.h"
#include "base/visible_text.h"

#include <CLI/CLI.hpp>
#include <istream>
#include <iterator>
#include <nlohmann/json.hpp>

namespace oidcop::cli {
namespace {

Result<jose::JwkSet> read_json_keys(const Secret& text) {
  auto json = parse_json(text.reveal());
  if (!json) return fail(std::move(json).error());
  if (json_member(*json, "keys") == nullptr) {
    auto key = jose::Jwk::parse(*json);
    if (!key) return fail(std::move(key).error());
    return jose::JwkSet({std::move(*key)});
  }
  auto set = jose::JwkSet::parse(*json);
  if (set && set->empty() && !set->skipped().empty()) {
    return fail(Errc::malformed, "no key is usable; " + set->skipped().front());
  }
  return set;
}

Result<jose::JwkSet> read_keys(const Secret& text, const Secret& passphrase) {
  if (is_json_form(text.reveal())) return read_json_keys(text);
  auto key = jose::Jwk::from_pem(text, {}, passphrase);
  if (!key) return fail(std::move(key).error());
  return jose::JwkSet({std::move(*key)});
}

Result<Secret> read_key_file(const std::filesystem::path& file, KeyFileRule rule) {
  if (rule == KeyFileRule::private_only) return read_private_file(file);
  auto text = read_file(file, 1U << 20U);
  if (!text) return fail(std::move(text).error());
  return Secret(std::move(*text));
}

}  // namespace

Result<Secret> read_passphrase(const std::filesystem::path& file) {
  if (file.empty()) return Secret();
  auto text = read_private_file(file);
  if (!text) return text;
  std::string line(text->reveal().substr(0, text->reveal().find_first_of("\r\n")));
  if (line.empty()) return fail(Errc::malformed, file.string() + ": the first line holds no passphrase");
  return Secret(std::move(line));
}

Result<jose::JwkSet> load_keys(const KeySource& source, KeyFileRule rule) {
  auto passphrase = read_passphrase(source.passphrase_file);
  if (!passphrase) return fail(std::move(passphrase).error());
  auto text = read_key_file(source.file, rule);
  if (!text) return fail(std::move(text).error());
  auto keys = read_keys(*text, *passphrase);
  if (!keys) keys.error().detail.insert(0, source.file.string() + ": ");
  return keys;
}

void add_key_options(CLI::App& command, KeySource& source) {
  command.add_option("--key", source.file, "A JWK, a JWK Set, or PEM");
  command.add_option("--passphrase-file", source.passphrase_file,
                     "The first line of this file opens an encrypted PEM key");
}

Result<jose::AlgorithmSet> read_algorithms(const std::vector<std::string>& names) {
  jose::AlgorithmSet set;
  for (const auto& name : names) {
    const auto algorithm = jose::parse_algorithm(name);
    if (!algorithm) return fail(Errc::malformed, "--alg: \"" + name + "\" is no signature algorithm");
    set.insert(*algorithm);
  }
  return set;
}

Result<jose::JwePolicy> read_encryption_policy(const EncryptionNames& names,
                                               const EncryptionOptions& options) {
  jose::JwePolicy policy{.max_octets = kMaxMessage};
  const auto unknown = [](std::string_view option, const std::string& name, const Error& error) {
    return fail(Errc::malformed, std::string(option) + ": \"" + name + "\": " + error.detail);
  };
  for (const auto& name : names.algorithms) {
    const auto algorithm = jose::parse_key_management(name);
    if (!algorithm) return unknown(options.algorithms, name, algorithm.error());
    policy.algorithms.insert(*algorithm);
  }
  for (const auto& name : names.encryptions) {
    const auto encryption = jose::parse_content_encryption(name);
    if (!encryption) return unknown(options.encryptions, name, encryption.error());
    policy.encryptions.insert(*encryption);
  }
  if (names.encryptions.empty()) policy.encryptions = jose::ContentEncryptionSet::all();
  return policy;
}

Result<std::string> read_input(Streams& streams) {
  std::string text;
  std::string block(64U << 10U, '\0');
  while (streams.in.read(block.data(), static_cast<std::streamsize>(block.size())) ||
         streams.in.gcount() > 0) {
    text.append(block, 0, static_cast<std::size_t>(streams.in.gcount()));
    if (text.size() > kMaxMessage) return fail(Errc::refused, "standard input: more than 16 MiB");
  }
  if (streams.in.bad()) return fail(Errc::unavailable, "standard input: cannot be read");
  return text;
}

Result<std::string> read_message(Streams& streams) {
  auto text = read_input(streams);
  if (text && text->ends_with('\n')) text->pop_back();
  return text;
}

bool is_json_form(std::string_view message) {
  const auto start = message.find_first_not_of(" \t\r\n");
  return start != std::string_view::npos && message[start] == '{';
}

Error refusal(Error error) {
  const char* check = "refused";
  switch (error.code) {
    case Errc::malformed:
      check = "malformed";
      break;
    case Errc::not_found:
      check = "no key";
      break;
    case Errc::bad_signature:
      check = "bad signature";
      break;
    case Errc::expired:
      check = "expired";
      break;
    case Errc::unavailable:
    case Errc::internal:
      return error;
    default:
      break;
  }
  error.detail.insert(0, std::string(check) + ": ");
  return error;
}

Result<void> in_one_line(Result<void> done) {
  if (!done) done.error().detail = visible_text(done.error().detail);
  return done;
}

}  // namespace oidcop::cli
