// oidcop config check | show | reference | schema

#include "base/visible_text.h"
#include "cli/output.h"
#include "cli/site.h"
#include "config/effective.h"
#include "config/reference.h"
#include "provider/load.h"
#include "provider/private_files.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>

namespace oidcop::cli {
namespace {

/// The file is right, and yet oidcop.fcgi will not start with it: only a program with hooks can.
void warn_of_extensions(const config::Config& config, const std::string& file,
                        config::ConfigProblems& warnings) {
  for (const auto& method : config.add_on.client_authn_method) {
    const auto accepts = [&](const auto& entry) {
      const auto& methods = entry.second.client_authn_method;
      return std::find(methods.begin(), methods.end(), method) != methods.end();
    };
    if (std::none_of(config.endpoint.begin(), config.endpoint.end(), accepts)) continue;
    warnings.push_back(
        {file, "add_on.client_authn_method",
         "\"" + method +
             "\" needs a program that embeds the library and brings it along; oidcop.fcgi does "
             "not start with it",
         ""});
  }
}

Result<void> check(const Globals& globals, Streams& streams) {
  auto loaded = provider::load_configuration(globals.config);
  if (!loaded) return fail(std::move(loaded).error());
  warn_of_extensions(loaded->config, globals.config.string(), loaded->warnings);
  for (auto& unsafe : provider::unsafe_folders(*loaded)) {
    unsafe.message += " (oidcop.fcgi refuses to start)";
    loaded->warnings.push_back(std::move(unsafe));
  }
  if (streams.json) {
    Json warnings = Json::array();
    for (const auto& warning : loaded->warnings) warnings.push_back(warning.text());
    print_json(streams, {{"valid", true}, {"warnings", warnings}});
    return {};
  }
  for (const auto& warning : loaded->warnings)
    streams.out << "warning: " << visible_text(warning.text()) << '\n';
  streams.out << visible_text(globals.config.string()) << " is valid.\n";
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
      if (streams.json) {
        print_json(streams, {{"markdown", config::config_reference_markdown()}});
        return {};
      }
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
