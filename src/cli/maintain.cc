// oidcop maintain

#include "cli/output.h"
#include "cli/site.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>
#include <ostream>

namespace oidcop::cli {
namespace {

constexpr int kRowsAtOnce = 1000;

/// Sweeps in pieces, so that no writer waits long for the database.
Result<int> sweep_all(store::Store& store, TimePoint now) {
  int removed = 0;
  for (;;) {
    auto report = store.sweep(now, kRowsAtOnce);
    if (!report) return fail(std::move(report).error());
    removed += report->removed;
    if (report->finished) return removed;
  }
}

Result<void> maintain(const Globals& globals, Streams& streams) {
  auto site = Site::open(globals);
  if (!site) return fail(std::move(site).error());
  auto store = (*site)->store();
  if (!store) return fail(std::move(store).error());
  auto removed = sweep_all(**store, (*site)->now());
  if (!removed) return fail(std::move(removed).error());

  std::vector<std::string> changes;
  if (!(*site)->config().keys.read_only) {
    auto times = (*site)->key_times();
    if (!times) return fail(std::move(times).error());
    auto result =
        (*site)->key_file().update([&](const jose::SigningKeys& keys) -> Result<jose::RotationResult> {
          return jose::archive_expired(keys, (*site)->now(), *times);
        });
    if (!result) return fail(std::move(result).error());
    changes = result->changes;
    if (auto published = (*site)->publish_keys(); !published) return published;
  }
  if (streams.json) {
    print_json(streams, {{"removed_rows", *removed}, {"key_changes", changes}});
    return {};
  }
  streams.out << "Removed " << *removed << " expired rows.\n";
  for (const auto& change : changes) streams.out << change << '\n';
  return {};
}

}  // namespace

void setup_maintain(CLI::App& app, const Globals& globals, Chosen& chosen) {
  app.add_subcommand("maintain", "Do what is due: remove what has expired, archive old keys (for a timer)")
      ->callback([&globals, &chosen] {
        chosen.run = [&globals](Streams& streams) { return maintain(globals, streams); };
      });
}

}  // namespace oidcop::cli
