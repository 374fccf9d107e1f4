// oidcop discovery print

#include "cli/output.h"
#include "cli/site.h"
#include "provider/documents.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

namespace oidcop::cli {
namespace {

Result<void> print_discovery(const Globals& globals, bool compact, Streams& streams) {
  auto site = Site::open(globals);
  if (!site) return fail(std::move(site).error());
  auto facts = (*site)->facts();
  if (!facts) return fail(std::move(facts).error());
  Hooks hooks;
  if (auto added = provider::add_built_in_hooks(hooks, (*site)->config()); !added) return added;
  const auto keys = (*site)->keys();
  if (!keys) return fail(keys.error());
  auto document = provider::render_provider_info(*facts, **keys, hooks, (*site)->log(), (*site)->now());
  if (!document) return fail(std::move(document).error());
  if (compact) {
    streams.out << *document << '\n';
    return {};
  }
  auto parsed = parse_json(*document);
  if (!parsed) return fail(std::move(parsed).error());
  print_json(streams, *parsed);
  return {};
}

}  // namespace

void setup_discovery(CLI::App& app, const Globals& globals, Chosen& chosen) {
  CLI::App* discovery = app.add_subcommand("discovery", "The provider configuration document");
  discovery->require_subcommand(1);
  auto compact = std::make_shared<bool>(false);
  CLI::App* print = discovery->add_subcommand("print", "Print it as the provider_info endpoint serves it");
  print->add_flag("--compact", *compact, "On one line, octet by octet as served");
  print->callback([&globals, &chosen, compact] {
    chosen.run = [&globals, compact](Streams& streams) {
      return print_discovery(globals, *compact, streams);
    };
  });
}

}  // namespace oidcop::cli
