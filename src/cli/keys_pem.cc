// oidcop keys pem

#include "base/system_random.h"
#include "cli/jose_input.h"
#include "cli/keys_commands.h"
#include "cli/output.h"
#include "cli/password_input.h"
#include "cli/site.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>

namespace oidcop::cli {
namespace {

struct KeysPemOptions {
  KeySource keys;
  std::string kid;
  std::filesystem::path new_passphrase_file;
  bool private_half = false;
  bool no_passphrase = false;
};

Result<std::vector<jose::Jwk>> provider_keys(const Globals& globals) {
  auto site = Site::open(globals);
  if (!site) return fail(std::move(site).error());
  const auto keys = (*site)->keys();
  if (!keys) return fail(keys.error());
  std::vector<jose::Jwk> list;
  for (const auto& managed : (*keys)->keys()) list.push_back(managed.key);
  return list;
}

Result<std::vector<jose::Jwk>> all_keys(const Globals& globals, const KeysPemOptions& options) {
  if (options.keys.file.empty()) return provider_keys(globals);
  auto keys = load_keys(options.keys, options.private_half ? KeyFileRule::private_only : KeyFileRule::any);
  if (!keys) return fail(std::move(keys).error());
  return keys->keys();
}

Result<jose::Jwk> choose_key(const Globals& globals, const KeysPemOptions& options) {
  auto keys = all_keys(globals, options);
  if (!keys) return fail(std::move(keys).error());
  if (!options.kid.empty()) {
    const auto is_other = [&options](const jose::Jwk& key) { return key.kid() != options.kid; };
    keys->erase(std::remove_if(keys->begin(), keys->end(), is_other), keys->end());
    if (keys->empty()) return fail(Errc::not_found, "--kid: there is no key of this kid");
  }
  if (keys->size() == 1) return keys->front();
  return fail(Errc::refused, keys->empty()
                                 ? "keys: there are none"
                                 : "keys: there are " + std::to_string(keys->size()) +
                                       "; --kid says which one (`oidcop keys list` tells the kids)");
}

Result<Secret> new_passphrase(const KeysPemOptions& options, Streams& streams) {
  if (!options.new_passphrase_file.empty()) return read_passphrase(options.new_passphrase_file);
  auto asked = read_password(streams, PasswordSource::terminal);
  if (asked || asked.error().code != Errc::unavailable) return asked;
  return fail(
      Errc::unavailable,
      "passphrase: there is no terminal to ask for it at; use --new-passphrase-file or --no-passphrase");
}

Result<Secret> pem_of(const jose::Jwk& key, const KeysPemOptions& options, Streams& streams) {
  if (!options.private_half) {
    auto pem = key.public_pem();
    if (!pem) return fail(std::move(pem).error());
    return Secret(std::move(*pem));
  }
  if (!key.is_private() || options.no_passphrase) return key.private_pem();
  const auto passphrase = new_passphrase(options, streams);
  if (!passphrase) return passphrase;
  SystemRandom random;
  return key.private_pem(*passphrase, random);
}

Result<void> print_pem(const Globals& globals, const KeysPemOptions& options, Streams& streams) {
  const auto key = choose_key(globals, options);
  if (!key) return fail(key.error());
  const auto pem = pem_of(*key, options, streams);
  if (!pem) return fail(pem.error().code, "keys: " + pem.error().detail);
  if (streams.json) {
    print_json(streams, {{"kid", key->kid()}, {"pem", std::string(pem->reveal())}});
  } else {
    streams.out << pem->reveal();
  }
  return {};
}

}  // namespace

void setup_keys_pem(CLI::App& keys, const Globals& globals, Chosen& chosen) {
  auto options = std::make_shared<KeysPemOptions>();
  CLI::App* command = keys.add_subcommand("pem", "Print a key as PEM, for other programs");
  command->add_option("--key", options->keys.file, "A JWK, a JWK Set, or PEM instead of the provider's keys");
  command->add_option("--passphrase-file", options->keys.passphrase_file,
                      "The first line of this file opens an encrypted PEM key");
  command->add_option("--kid", options->kid, "Which key, where there are several");
  CLI::Option* half = command->add_flag("--private", options->private_half,
                                        "The private half, too, under a passphrase that is asked for");
  CLI::Option* file =
      command->add_option("--new-passphrase-file", options->new_passphrase_file,
                          "The first line of this file is the passphrase for the private half");
  CLI::Option* none =
      command->add_flag("--no-passphrase", options->no_passphrase, "Print the private half unprotected");
  file->needs(half);
  none->needs(half)->excludes(file);
  command->callback([&globals, &chosen, options] {
    chosen.run = [&globals, options](Streams& streams) { return print_pem(globals, *options, streams); };
  });
}

}  // namespace oidcop::cli
