// oidcop keys generate | list | rotate | retire | public; keys pem is in keys_pem.cc

#include "base/file.h"
#include "base/visible_text.h"
#include "cli/keys_commands.h"
#include "cli/output.h"
#include "cli/site.h"
#include "provider/policies.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

namespace oidcop::cli {
namespace {

Result<void> tell_changes(Streams& streams, const jose::RotationResult& result, std::string_view nothing) {
  if (streams.json) {
    print_json(streams, {{"changes", result.changes}});
  } else {
    for (const auto& change : result.changes) streams.out << visible_text(change) << '\n';
    if (result.changes.empty()) streams.out << nothing << '\n';
  }
  return deliver(streams, result.changes.empty() ? "" : "the keys were changed");
}

Result<void> check_writable(const Site& site) {
  if (!site.config().keys.read_only) return {};
  return fail(Errc::refused, "keys.read_only: is set; this machine does not change the keys");
}

struct KeysGenerateOptions {
  std::filesystem::path output;
  std::string type = "RSA", crv, alg;
  int bits = 2048;
};

/// A key file of its own, e.g. for minting away from the provider.
Result<void> generate_standalone(const KeysGenerateOptions& options, Streams& streams) {
  Json entry = {{"type", options.type}};
  if (options.type == "RSA" || options.type == "rsa") entry["bits"] = options.bits;
  if (!options.crv.empty()) entry["crv"] = options.crv;
  if (!options.alg.empty()) entry["alg"] = options.alg;
  auto definition = jose::KeyDefinition::parse(entry);
  if (!definition) return fail(std::move(definition).error());
  std::error_code ignored;
  if (std::filesystem::exists(options.output, ignored)) {
    return fail(Errc::conflict, options.output.string() + ": exists already");
  }
  auto keys = jose::create_signing_keys({*definition}, SystemClock().now());
  if (!keys) return fail(std::move(keys).error());
  const auto text = keys->dump_private();
  if (!text) return fail(text.error());
  // Not KeyFile: nobody rotates this file, so there is nothing that a lock beside it would be for.
  auto written = write_file_atomically(options.output, text->reveal(), FileMode::secret);
  if (!written) return written;
  if (streams.json) {
    print_json(streams, jose::describe(*keys, {}));
  } else {
    streams.out << options.output.string() << ": " << definition->text() << ' '
                << keys->keys().front().key.kid() << '\n';
  }
  return {};
}

/// The provider's own keys, fitted to key_defs.
Result<void> generate_for_site(const Globals& globals, Streams& streams) {
  auto site = Site::open(globals);
  if (!site) return fail(std::move(site).error());
  if (auto writable = check_writable(**site); !writable) return writable;
  const auto definitions = provider::key_definitions((*site)->config().keys);
  const TimePoint now = (*site)->now();
  const auto file = (*site)->key_file();
  if (auto created = file.create(definitions, now); !created) return fail(std::move(created).error());
  auto result = file.update(
      [&](const jose::SigningKeys& keys) { return jose::apply_definitions(keys, definitions, now); });
  if (!result) return fail(std::move(result).error());
  if (auto written = (*site)->publish_keys(); !written) return written;
  return tell_changes(streams, *result, "The keys are as keys.key_defs wants them.");
}

Result<void> list_keys(const Globals& globals, Streams& streams) {
  auto site = Site::open(globals);
  if (!site) return fail(std::move(site).error());
  auto keys = (*site)->keys();
  if (!keys) return fail(std::move(keys).error());
  auto times = (*site)->key_times();
  if (!times) return fail(std::move(times).error());
  const Json described = jose::describe(**keys, *times);
  if (streams.json) {
    print_json(streams, described);
    return {};
  }
  std::vector<std::vector<std::string>> rows;
  for (const auto& managed : (*keys)->keys()) {
    const auto& algorithm = managed.key.labels().alg;
    const auto since = managed.since();
    rows.push_back({managed.key.kid(), std::string(jose::key_type_name(managed.key.type())), algorithm,
                    std::string(jose::key_state_name(managed.state)), since ? time_text(*since) : "-"});
  }
  print_table(streams, {"KID", "TYPE", "ALG", "STATE", "SINCE"}, rows, "There are no keys.");
  return {};
}

/// Ends a key that somebody else may have: it leaves the published set, another signs, nothing it signed
/// counts.
Result<void> retire_key(const Globals& globals, const std::string& compromised, Streams& streams) {
  auto site = Site::open(globals);
  if (!site) return fail(std::move(site).error());
  if (auto writable = check_writable(**site); !writable) return writable;
  const auto file = (*site)->key_file();
  auto result = file.update([&](const jose::SigningKeys& keys) {
    return jose::end_compromised(keys, compromised, (*site)->now());
  });
  if (!result && result.error().code == Errc::not_found) {
    return fail(Errc::not_found, result.error().detail + " (`oidcop keys list` tells the kids)");
  }
  if (!result) return fail(std::move(result).error());
  if (auto written = (*site)->publish_keys(); !written) return written;
  return tell_changes(streams, *result, "");
}

struct KeysRotateOptions {
  bool now = false;
};

Result<void> rotate_keys(const Globals& globals, const KeysRotateOptions& options, Streams& streams) {
  auto site = Site::open(globals);
  if (!site) return fail(std::move(site).error());
  if (auto writable = check_writable(**site); !writable) return writable;
  auto times = (*site)->key_times();
  if (!times) return fail(std::move(times).error());
  jose::RotationOrder order;
  order.now = (*site)->now();
  order.times = *times;
  order.force = options.now ? jose::RotationForce::now : jose::RotationForce::none;
  auto result =
      (*site)->key_file().update([&](const jose::SigningKeys& keys) { return jose::rotate(keys, order); });
  if (!result) return fail(std::move(result).error());
  if (auto written = (*site)->publish_keys(); !written) return written;
  return tell_changes(streams, *result,
                      "Nothing to do yet: the next keys have not been published for long enough (--now).");
}

Result<void> print_public(const Globals& globals, const std::filesystem::path& key_file, Streams& streams) {
  if (!key_file.empty()) {
    auto keys = jose::KeyFile(key_file).load();
    if (!keys) return fail(std::move(keys).error());
    streams.out << keys->published_text() << '\n';
    return {};
  }
  auto site = Site::open(globals);
  if (!site) return fail(std::move(site).error());
  auto keys = (*site)->keys();
  if (!keys) return fail(std::move(keys).error());
  streams.out << (*keys)->published_text() << '\n';
  return {};
}

}  // namespace

void setup_keys(CLI::App& app, const Globals& globals, Chosen& chosen) {
  CLI::App* keys = app.add_subcommand("keys", "Signing keys: make, list, rotate, retire, publish");
  keys->require_subcommand(1);

  auto generate_options = std::make_shared<KeysGenerateOptions>();
  CLI::App* generate =
      keys->add_subcommand("generate", "Make the keys that keys.key_defs wants and that are missing");
  generate->add_option("--output", generate_options->output, "Make a key file of its own instead");
  generate->add_option("--type", generate_options->type, "With --output: RSA, EC or OKP")
      ->capture_default_str();
  generate->add_option("--crv", generate_options->crv,
                       "With --output: P-256, P-384, P-521 or secp256k1; Ed25519, Ed448, X25519 or X448");
  generate->add_option("--bits", generate_options->bits, "With --output: size of an RSA key")
      ->capture_default_str();
  generate->add_option("--alg", generate_options->alg, "With --output: the only algorithm of the key");
  generate->callback([&globals, &chosen, generate_options] {
    chosen.run = [&globals, generate_options](Streams& streams) {
      return generate_options->output.empty() ? generate_for_site(globals, streams)
                                              : generate_standalone(*generate_options, streams);
    };
  });

  keys->add_subcommand("list", "List the keys with their states")->callback([&globals, &chosen] {
    chosen.run = [&globals](Streams& streams) { return list_keys(globals, streams); };
  });

  auto rotate_options = std::make_shared<KeysRotateOptions>();
  CLI::App* rotate = keys->add_subcommand(
      "rotate", "Publish next keys, and sign with those that have been published for long enough");
  rotate->add_flag("--now", rotate_options->now, "Do not wait until everybody can know the next key");
  rotate->callback([&globals, &chosen, rotate_options] {
    chosen.run = [&globals, rotate_options](Streams& streams) {
      return rotate_keys(globals, *rotate_options, streams);
    };
  });

  auto compromised = std::make_shared<std::string>();
  CLI::App* retire = keys->add_subcommand("retire", "End a key at once, with all that it signed");
  retire->add_option("--compromised", *compromised, "kid of the key that somebody else may have")->required();
  retire->callback([&globals, &chosen, compromised] {
    chosen.run = [&globals, compromised](Streams& streams) {
      return retire_key(globals, *compromised, streams);
    };
  });

  auto key_file = std::make_shared<std::filesystem::path>();
  CLI::App* publish =
      keys->add_subcommand("public", "Print the public key set, as the jwks endpoint serves it");
  publish->add_option("--key", *key_file, "Of this key file instead of the provider's");
  publish->callback([&globals, &chosen, key_file] {
    chosen.run = [&globals, key_file](Streams& streams) { return print_public(globals, *key_file, streams); };
  });
  setup_keys_pem(*keys, globals, chosen);
}

}  // namespace oidcop::cli
