#pragma once

#include "base/log.h"
#include "base/password_hash.h"
#include "base/system_clock.h"
#include "base/system_random.h"
#include "cli/command.h"
#include "client/secret.h"
#include "config/load.h"
#include "endpoint/metadata.h"
#include "http/module_fetcher.h"
#include "jose/cell_cipher.h"
#include "jose/key_file.h"
#include "jose/keyed_hash.h"
#include "jose/service_secrets.h"
#include "jose/signing_keys.h"
#include "page/pages.h"
#include "store/store.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

namespace oidcop::cli {

/// The provider that the configuration names, opened as far as a command needs it. Not thread-safe.
class Site {
 public:
  /// Errors: as the configuration's, each problem on a line.
  static Result<std::unique_ptr<Site>> open(const Globals& globals);

  const config::Config& config() const { return config_; }
  /// The configuration file and its fragments.
  const std::vector<std::filesystem::path>& config_files() const { return config_files_; }
  const Clock& clock() const { return clock_; }
  TimePoint now() const { return clock_.now(); }
  Random& random() { return random_; }
  Log& log() { return *log_; }
  /// For URLs that metadata names.
  http::Fetcher& fetcher() { return fetcher_; }
  PasswordHasher& hasher() { return hasher_; }
  jose::KeyFile key_file() const { return jose::KeyFile(config_.keys.private_path); }

  /// Keeps the copy of the public key set where the configuration wants one; after every change of the keys.
  Result<void> publish_keys() const;

  // Each is opened at its first use; the errors name the file and what makes it.
  Result<store::Store*> store();
  Result<const jose::SigningKeys*> keys();
  /// How long keys have to stay, by the configuration and by all clients.
  Result<jose::KeyTimes> key_times();
  Result<const jose::ServiceSecrets*> secrets();
  Result<const client::ClientSecrets*> client_secrets();
  /// What the provider announces, computed from what is there.
  Result<endpoint::ProviderFacts> facts();

 private:
  explicit Site(config::LoadedConfig loaded);

  config::Config config_;
  std::vector<std::filesystem::path> config_files_;
  SystemClock clock_;
  SystemRandom random_;
  std::unique_ptr<Log> log_;
  PasswordHasher hasher_;
  http::ModuleFetcher fetcher_;
  std::unique_ptr<store::Store> store_;
  std::optional<jose::SigningKeys> keys_;
  std::optional<jose::ServiceSecrets> secrets_;
  std::optional<jose::Pepper> pepper_;
  std::optional<jose::CellCipher> cells_;
  std::optional<client::ClientSecrets> client_secrets_;
};

}  // namespace oidcop::cli
