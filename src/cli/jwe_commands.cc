// oidcop jwe decrypt, oidcop jwe encrypt

#include "base/base64url.h"
#include "base/file.h"
#include "base/system_random.h"
#include "cli/jose_input.h"
#include "cli/output.h"
#include "jose/jwe_json.h"
#include "jose/key_fit.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>

namespace oidcop::cli {
namespace {

constexpr std::size_t kMaxPasswordFile = 64U << 10U;

struct JweDecryptOptions {
  KeySource keys;
  std::vector<std::string> algorithms;
  std::vector<std::string> encryptions;
  std::uint32_t most_iterations = jose::IterationBounds{}.most;
  bool password = false;
};

struct JweEncryptOptions {
  KeySource keys;
  std::string algorithm;
  std::string encryption = "A256GCM";
  std::string form = "compact";
  std::string type, content_type;
  std::string apu, apv;
  std::filesystem::path aad;
  std::uint32_t iterations = jose::KeyChoices{}.p2c;
  bool password = false;
};

/// With --password the key is the first line of the file, as people write passwords down.
Result<jose::JwkSet> load_recipient_keys(const KeySource& source, bool password) {
  if (!password) return load_keys(source, KeyFileRule::any);
  auto text = read_file(source.file, kMaxPasswordFile);
  if (!text) return fail(std::move(text).error());
  const Secret whole(std::move(*text));
  const auto line = whole.reveal().substr(0, whole.reveal().find_first_of("\r\n"));
  auto key = jose::Jwk::from_octets(Secret(std::string(line)));
  if (!key) return fail(key.error().code, source.file.string() + ": " + key.error().detail);
  return jose::JwkSet({std::move(*key)});
}

Result<jose::JwePolicy> policy_of(const JweDecryptOptions& options) {
  auto policy = read_encryption_policy({options.algorithms, options.encryptions}, {});
  if (!policy) return policy;
  policy->iterations.most = options.most_iterations;
  return policy;
}

/// The compact form, in the words of the other.
Result<jose::DecryptedJsonJwe> decrypt_message(const std::string& message, const jose::JwkSet& keys,
                                               const jose::JwePolicy& policy) {
  SystemRandom random;
  if (is_json_form(message)) return jose::decrypt_json(message, keys, policy, random);
  auto compact = jose::decrypt_compact(message, keys, policy, random);
  if (!compact) return fail(std::move(compact).error());
  return jose::DecryptedJsonJwe{
      compact->algorithms,    compact->header, compact->header, std::move(compact->plaintext), {},
      std::move(compact->kid)};
}

void print_decrypted(const jose::DecryptedJsonJwe& decrypted, Streams& streams) {
  if (!streams.json) {
    streams.out << decrypted.plaintext.reveal();
    return;
  }
  print_json(streams, {{"plaintext", base64url_encode(decrypted.plaintext.reveal())},
                       {"header", decrypted.header.json()},
                       {"protected", decrypted.integrity_protected.json()},
                       {"aad", base64url_encode(decrypted.aad)},
                       {"kid", decrypted.kid}});
}

Result<void> decrypt(const JweDecryptOptions& options, Streams& streams) {
  const auto policy = policy_of(options);
  if (!policy) return fail(policy.error());
  const auto keys = load_recipient_keys(options.keys, options.password);
  if (!keys) return fail(keys.error());
  const auto message = read_message(streams);
  if (!message) return fail(message.error());
  const auto decrypted = decrypt_message(*message, *keys, *policy);
  if (!decrypted) {
    // Wrong keys, tags and paddings are one failure, in one text.
    const auto& error = decrypted.error();
    return fail(error.code == Errc::bad_signature ? error : refusal(error));
  }
  print_decrypted(*decrypted, streams);
  return {};
}

Result<jose::JweAlgorithms> algorithms_of(const JweEncryptOptions& options) {
  const auto algorithm = jose::parse_key_management(options.algorithm);
  if (!algorithm) {
    return fail(Errc::malformed, "--alg: \"" + options.algorithm + "\": " + algorithm.error().detail);
  }
  const auto encryption = jose::parse_content_encryption(options.encryption);
  if (!encryption) {
    return fail(Errc::malformed, "--enc: \"" + options.encryption + "\": " + encryption.error().detail);
  }
  return jose::JweAlgorithms{*algorithm, *encryption};
}

/// The keys of the file that may be used so: all for the general form, else the first.
Result<std::vector<jose::Jwk>> recipients_of(const JweEncryptOptions& options,
                                             const jose::JweAlgorithms& algorithms) {
  const auto set = load_recipient_keys(options.keys, options.password);
  if (!set) return fail(set.error());
  std::vector<jose::Jwk> fitting;
  std::copy_if(set->keys().begin(), set->keys().end(), std::back_inserter(fitting),
               [&algorithms](const jose::Jwk& key) { return jose::can_encrypt(key, algorithms); });
  if (fitting.empty()) {
    const auto reasons = jose::tell_reasons(
        *set, [&algorithms](const jose::Jwk& key) { return jose::why_not_encrypt(key, algorithms); });
    return fail(Errc::refused, options.keys.file.string() + ": no key may encrypt with " + options.algorithm +
                                   " and " + options.encryption + ": " + reasons);
  }
  if (options.form != "general") fitting.erase(fitting.begin() + 1, fitting.end());
  return fitting;
}

Result<std::string> make_jwe(const std::string& plaintext, const std::vector<jose::Jwk>& keys,
                             const jose::JweAlgorithms& algorithms, const JweEncryptOptions& options) {
  SystemRandom random;
  const jose::KeyChoices choices{.apu = options.apu, .apv = options.apv, .p2c = options.iterations};
  if (options.form == "compact") {
    return jose::encrypt_compact(plaintext, keys.front(), algorithms, random,
                                 {.typ = options.type, .cty = options.content_type, .key = choices});
  }
  jose::JweJsonOrder order{.encryption = algorithms.encryption};
  if (!options.aad.empty()) {
    auto aad = read_file(options.aad, kMaxMessage);
    if (!aad) return aad;
    order.aad = std::move(*aad);
  }
  if (!options.type.empty()) order.integrity_protected.set("typ", options.type);
  if (!options.content_type.empty()) order.integrity_protected.set("cty", options.content_type);
  for (const auto& key : keys) order.recipients.push_back({key, algorithms.management, choices});
  const auto syntax = options.form == "general" ? jose::JweSyntax::general : jose::JweSyntax::flattened;
  return jose::encrypt_json(plaintext, order, syntax, random);
}

Result<void> encrypt(const JweEncryptOptions& options, Streams& streams) {
  if (!options.aad.empty() && options.form == "compact") {
    return fail(Errc::refused, "--aad: is for the forms flattened and general");
  }
  const auto algorithms = algorithms_of(options);
  if (!algorithms) return fail(algorithms.error());
  const auto keys = recipients_of(options, *algorithms);
  if (!keys) return fail(keys.error());
  const auto plaintext = read_input(streams);
  if (!plaintext) return fail(plaintext.error());
  const auto jwe = make_jwe(*plaintext, *keys, *algorithms, options);
  if (!jwe) return fail(jwe.error());
  streams.out << *jwe << '\n';
  return {};
}

void setup_decrypt(CLI::App& jwe, Chosen& chosen) {
  auto options = std::make_shared<JweDecryptOptions>();
  CLI::App* command =
      jwe.add_subcommand("decrypt", "Decrypt a JWE from standard input and print what it holds");
  add_key_options(*command, options->keys);
  command->get_option("--key")->required();
  command->add_flag("--password", options->password, "The key file's first line is a password (PBES2)");
  command->add_option("--alg", options->algorithms, "The key management algorithms to allow")
      ->required()
      ->delimiter(',');
  command->add_option("--enc", options->encryptions, "The content encryptions to allow; all when left out")
      ->delimiter(',');
  command
      ->add_option("--max-iterations", options->most_iterations,
                   "Iterations of PBES2 that a message may cost in all")
      ->capture_default_str();
  command->callback([&chosen, options] {
    chosen.run = [options](Streams& streams) { return in_one_line(decrypt(*options, streams)); };
  });
}

void setup_encrypt(CLI::App& jwe, Chosen& chosen) {
  auto options = std::make_shared<JweEncryptOptions>();
  CLI::App* command = jwe.add_subcommand("encrypt", "Encrypt standard input and print the JWE");
  add_key_options(*command, options->keys);
  command->get_option("--key")->required();
  command->add_flag("--password", options->password, "The key file's first line is a password (PBES2)");
  command->add_option("--alg", options->algorithm, "The key management algorithm")->required();
  command->add_option("--enc", options->encryption, "The content encryption")->capture_default_str();
  command->add_option("--form", options->form, "compact, flattened or general")
      ->check(CLI::IsMember({"compact", "flattened", "general"}))
      ->capture_default_str();
  command->add_option("--type", options->type, "The header's typ");
  command->add_option("--content-type", options->content_type, "The header's cty");
  command->add_option("--iterations", options->iterations, "Iterations of PBES2")->capture_default_str();
  command->add_option("--apu", options->apu, "Who sends, as part of the key that ECDH-ES agrees on");
  command->add_option("--apv", options->apv, "Who receives, likewise");
  command->add_option("--aad", options->aad, "A file that is authenticated, and sent in the clear");
  command->callback([&chosen, options] {
    chosen.run = [options](Streams& streams) { return in_one_line(encrypt(*options, streams)); };
  });
}

}  // namespace

void setup_jwe(CLI::App& app, const Globals& /*globals*/, Chosen& chosen) {
  CLI::App* jwe = app.add_subcommand("jwe", "Encrypted messages (JWE), with any key: decrypt, encrypt");
  jwe->require_subcommand(1);
  setup_decrypt(*jwe, chosen);
  setup_encrypt(*jwe, chosen);
}

}  // namespace oidcop::cli
