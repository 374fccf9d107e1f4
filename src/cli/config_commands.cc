// oidcop config check | show | reference | schema

#include "cli/output.h"
#include "cli/site.h"
#include "config/effective.h"
#include "config/reference.h"
#include "provider/load.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>
#include <ostream>

namespace oidcop::cli {
namespace {

Result<void> check(const Globals& globals, Streams& streams) {
  auto loaded = provider::load_configuration(globals.config);
  if (!loaded) return fail(std::move(loaded).error());
  if (streams.json) {
    Json warnings = Json::array();
    for (const auto& warning : loaded->warnings) warnings.push_back(warning.text());
    print_json(streams, {{"valid", true}, {"warnings", warnings}});
    return {};
  }
  for (const auto& warning : loaded->warnings) streams.out << "warning: " << warning.text() << '\n';
  streams.out << globals.config.string() << " is valid.\n";
  return {};
}

Result<void> show(const Globals& globals, Streams& streams) {
  auto loaded = provider::load_configuration(globals.config);
  if (!loaded) return fail(std::move(loaded).error());
  print_json(streams, config::effective_json(loaded->config));
  return {};
}

}  // namespace

void setup_config(CLI::App& app, const Globals& globals, Chosen& chosen) {
  CLI::App* config = app.add_subcommand("config", "The configuration: check, show, reference, schema");
  config->require_subcommand(1);
  config->add_subcommand("check", "Say what is wrong or doubtful")->callback([&globals, &chosen] {
    chosen.run = [&globals](Streams& streams) { return check(globals, streams); };
  });
  config->add_subcommand("show", "Print what is in effect, secrets masked")->callback([&globals, &chosen] {
    chosen.run = [&globals](Streams& streams) { return show(globals, streams); };
  });
  config->add_subcommand("reference", "Print the reference of all settings")->callback([&chosen] {
    chosen.run = [](Streams& streams) -> Result<void> {
      streams.out << config::config_reference_markdown();
      return {};
    };
  });
  config->add_subcommand("schema", "Print the JSON Schema, for editors")->callback([&chosen] {
    chosen.run = [](Streams& streams) -> Result<void> {
      print_json(streams, config::config_schema_json());
      return {};
    };
  });
}

}  // namespace oidcop::cli
