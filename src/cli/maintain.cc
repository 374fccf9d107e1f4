// oidcop maintain

#include "cli/output.h"
#include "cli/site.h"
#include "logout/back_channel.h"
#include "provider/policies.h"
#include "token/client_jwt.h"

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

/// Tells relying parties of sessions that ended, until nothing is due: what could not be delivered waits.
Result<logout::DeliveryReport> tell_of_logouts(Site& site) {
  logout::DeliveryReport sum;
  const auto facts = site.facts();
  if (!facts) return fail(facts.error());
  if (!facts->backchannel_logout) return sum;
  auto store = site.store();
  if (!store) return fail(std::move(store).error());
  const auto keys = site.keys();
  if (!keys) return fail(keys.error());
  const auto secrets = site.client_secrets();
  if (!secrets) return fail(secrets.error());
  const auto policy = provider::id_token_policy(site.config(), **keys);
  if (!policy) return fail(policy.error());

  const client::PublishedKeys published({**store, **store, site.fetcher()});
  const token::ClientJwts jwts(**keys, **secrets, published, site.random());
  const logout::LogoutTokens tokens({facts->issuer, policy->default_algorithm, jwts, site.random()});
  const logout::BackChannel back_channel(
      {**store, **store, tokens, site.fetcher(), site.clock(), site.log()});
  logout::DeliveryBounds bounds;
  bounds.longest = site.config().httpc_params.timeout;
  while (true) {
    const auto report = back_channel.deliver(bounds);
    if (!report) return fail(report.error());
    if (report->attempts() == 0) return sum;
    sum += *report;
  }
}

Result<void> maintain(const Globals& globals, Streams& streams) {
  auto site = Site::open(globals);
  if (!site) return fail(std::move(site).error());
  auto store = (*site)->store();
  if (!store) return fail(std::move(store).error());
  auto removed = sweep_all(**store, (*site)->now());
  if (!removed) return fail(std::move(removed).error());

  auto told = tell_of_logouts(**site);
  if (!told) return fail(std::move(told).error());

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
    print_json(streams,
               {{"removed_rows", *removed},
                {"key_changes", changes},
                {"logouts",
                 {{"delivered", told->delivered}, {"failed", told->failed}, {"given_up", told->given_up}}}});
    return {};
  }
  streams.out << "Removed " << *removed << " expired rows.\n";
  if (told->attempts() != 0) {
    streams.out << "Told relying parties of " << told->delivered << " ended sessions; " << told->failed
                << " will be tried again, " << told->given_up << " were given up.\n";
  }
  for (const auto& change : changes) streams.out << change << '\n';
  return {};
}

}  // namespace

void setup_maintain(CLI::App& app, const Globals& globals, Chosen& chosen) {
  app.add_subcommand(
         "maintain",
         "Do what is due: remove what has expired, tell relying parties of logouts, archive old keys "
         "(for a timer)")
      ->callback([&globals, &chosen] {
        chosen.run = [&globals](Streams& streams) { return maintain(globals, streams); };
      });
}

}  // namespace oidcop::cli
