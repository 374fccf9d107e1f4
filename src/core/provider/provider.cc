#include <oidcop/provider.h>

#include "base/shared_value.h"
#include "base/system_clock.h"
#include "base/system_random.h"
#include "config/effective.h"
#include "provider/client_methods.h"
#include "provider/file_stamp.h"
#include "provider/front_door.h"
#include "provider/load.h"
#include "provider/policies.h"
#include "provider/private_files.h"
#include "provider/snapshot.h"

#include <array>
#include <exception>
#include <mutex>

namespace oidcop {
namespace {

constexpr Seconds kSweepInterval{60};
constexpr int kSweepBudget = 500;  // rows

struct KeyFileStamps {
  provider::FileStamp keys, secrets;
  bool operator==(const KeyFileStamps&) const = default;

  static KeyFileStamps of(const config::Keys& keys) {
    return {provider::FileStamp::of(keys.private_path), provider::FileStamp::of(keys.secrets_path)};
  }
};

/// Whoever can write to such a folder can put other keys, users or settings there.
Result<void> check_folders(const config::LoadedConfig& loaded) {
  const auto unsafe = provider::unsafe_folders(loaded);
  if (unsafe.empty()) return {};
  return fail(Errc::refused, config::to_text(unsafe));
}

}  // namespace

struct Provider::Running {
  ProviderOptions options;
  SystemClock system_clock;
  SystemRandom system_random;
  const Clock& clock;
  Random& random;
  const config::Config started_with;  // what waits for a restart stays as it is here
  ReplaceableLog log;
  std::unique_ptr<store::Store> own_store;  // null when one was given
  store::Store& store;
  PasswordHasher hasher;
  http::FetchSlots fetch_slots;
  provider::Ground ground;
  SharedValue<provider::Snapshot> snapshot;

  std::mutex housekeeping;  // guards what follows; never taken by a request
  KeyFileStamps stamps;
  TimePoint swept_at{};

  Running(ProviderOptions wanted, const config::Config& config, std::unique_ptr<store::Store> opened)
      : options(std::move(wanted)),
        clock(options.clock != nullptr ? *options.clock : system_clock),
        random(options.random != nullptr ? *options.random : system_random),
        started_with(config),
        log(provider::make_log_for(config, clock, options.log_line)),
        own_store(std::move(opened)),
        store(own_store ? *own_store : *options.store),
        hasher(provider::password_hash_policy(config.authentication.front())),
        fetch_slots(provider::most_fetches(config.responder)),
        ground{store, hasher, clock, random, log, fetch_slots, options.fetcher},
        swept_at(clock.now()) {}

  Result<void> build(const config::Config& config) {
    const auto seen = KeyFileStamps::of(config.keys);  // before reading: a change meanwhile is seen next time
    const auto loading =
        options.stay == Stay::one_request ? page::Loading::as_needed : page::Loading::at_once;
    auto material = provider::load_material(config, options.hooks, loading);
    if (!material) return fail(std::move(material).error());
    if (auto checked = provider::check_client_methods(config, material->hooks); !checked) return checked;
    for (const auto& idle : provider::idle_client_hooks(config, material->hooks)) {
      log.warning("hook.idle", {{"endpoint", idle.endpoint}, {"owner", idle.owner}, {"detail", idle.reason}});
    }
    for (const auto& warning : material->pages->warnings())
      log.warning("pages.doubtful", {{"detail", warning}});
    auto made = provider::Snapshot::make(std::move(*material), ground, clock.now());
    if (!made) return fail(std::move(made).error());
    snapshot.store(std::move(*made));
    stamps = seen;
    return {};
  }

  /// What outlives a snapshot and yet follows the configuration.
  void take_up(const config::Config& config) {
    log.replace(provider::make_log_for(config, clock, options.log_line));
    hasher.set_concurrent(provider::password_hash_policy(config.authentication.front()).concurrent);
    log.info("configuration.reloaded");
    for (const auto& path : config::waiting_for_restart(started_with, config)) {
      log.warning("configuration.waits_for_restart", {{"detail", path}});
    }
  }

  void pick_up_keys() {
    const auto current = snapshot.load();
    const auto seen = KeyFileStamps::of(current->config().keys);
    if (seen == stamps) return;
    if (auto built = build(current->config()); !built) {
      stamps = seen;  // said once; the next change is looked at again
      log.error("keys.reload_failed", {{"detail", built.error().detail}});
      return;
    }
    log.info("keys.reloaded");
  }

  void sweep_some() {
    const TimePoint now = clock.now();
    if (now - swept_at < kSweepInterval) return;
    swept_at = now;
    auto report = store.sweep(now, kSweepBudget);
    if (!report) log.warning("sweep.failed", {{"detail", report.error().detail}});
  }
};

Provider::Provider(std::unique_ptr<Running> running) : running_(std::move(running)) {}
Provider::~Provider() = default;

Result<std::unique_ptr<Provider>> Provider::open(ProviderOptions options) {
  auto loaded = provider::load_configuration(options.configuration);
  if (!loaded) return fail(std::move(loaded).error());
  if (auto safe = check_folders(*loaded); !safe) return fail(std::move(safe).error());
  std::unique_ptr<store::Store> own_store;
  if (options.store == nullptr) {
    auto opened = provider::open_store(loaded->config);
    if (!opened) return fail(std::move(opened).error());
    own_store = std::move(*opened);
  }
  auto running = std::make_unique<Running>(std::move(options), loaded->config, std::move(own_store));
  for (const auto& warning : loaded->warnings) {
    running->log.warning("configuration.doubtful", {{"detail", warning.text()}});
  }
  if (auto built = running->build(loaded->config); !built) return fail(std::move(built).error());
  return std::unique_ptr<Provider>(new Provider(std::move(running)));
}

http::Response Provider::handle(const http::Request& request) const {
  const auto snapshot = running_->snapshot.load();
  if (auto refusal = provider::turned_away(request, snapshot->config().issuer)) return std::move(*refusal);
  try {
    return snapshot->handle(request, running_->clock.now());
  } catch (const std::exception& e) {
    running_->log.error("request.failed", {{"request_id", request.request_id}, {"detail", e.what()}});
  } catch (...) {
    running_->log.error("request.failed", {{"request_id", request.request_id}});
  }
  http::Response response;
  response.status = 500;
  response.headers = {{"Cache-Control", "no-store"}};
  return response;
}

Result<void> Provider::reload() {
  const std::lock_guard lock(running_->housekeeping);
  const auto current = running_->snapshot.load();
  auto loaded = provider::load_configuration(running_->options.configuration);
  if (!loaded) return fail(std::move(loaded).error());
  if (auto safe = check_folders(*loaded); !safe) return safe;
  const bool same_issuer = loaded->config.issuer == current->config().issuer;
  const bool same_state = loaded->config.database.path == current->config().database.path;
  if (!same_issuer || !same_state) {
    return fail(Errc::refused, "issuer and database cannot change while running; restart instead");
  }
  if (auto built = running_->build(loaded->config); !built) return built;
  running_->take_up(loaded->config);
  return {};
}

void Provider::tick() {
  const std::lock_guard lock(running_->housekeeping);
  running_->pick_up_keys();
  running_->sweep_some();
}

bool Provider::run_due() {
  logout::DeliveryBounds bounds;
  if (running_->options.stay == Stay::one_request) bounds.clients = bounds.of_each = 1;
  const auto report = running_->snapshot.load()->tell_of_logouts(bounds);
  if (report) return report->attempts() != 0;
  running_->log.warning("logout.delivery_failed", {{"detail", report.error().detail}});
  return false;
}

}  // namespace oidcop
