#include "provider/load.h"

#include "base/file.h"
#include "base/system_clock.h"
#include "config/environment.h"
#include "jose/key_file.h"
#include "provider/documents.h"
#include "provider/policies.h"
#include "store/sqlite/sqlite_store.h"

#include <chrono>

namespace oidcop::provider {
namespace {

Error with_hint(Error error, const std::string& hint) {
  if (error.code == Errc::not_found) error.detail += "; " + hint;
  return error;
}

/// Hands lines to the embedding program.
class LineLog final : public Log {
 public:
  LineLog(LogFormat format, const Clock& clock, std::function<void(std::string_view)> line)
      : format_(format), clock_(clock), line_(std::move(line)) {}

  void write(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) override {
    line_(format_log_line(format_, std::to_string(to_unix(clock_.now())), level, event, fields));
  }

 private:
  LogFormat format_;
  const Clock& clock_;
  std::function<void(std::string_view)> line_;
};

/// The keys of those whose software statements count.
Result<std::map<std::string, jose::JwkSet, std::less<>>> load_statement_keys(const config::Config& config) {
  std::map<std::string, jose::JwkSet, std::less<>> keys;
  for (const auto& [issuer, settings] : config.software_statement_issuers) {
    const auto path = settings.jwks_path.value_or(std::filesystem::path());  // the check insists on one
    auto text = read_file(path);
    if (!text) return fail(std::move(text).error());
    auto set = jose::JwkSet::parse_text(*text);
    if (!set || set->empty()) {
      return fail(Errc::malformed, path.string() + ": holds no usable key" +
                                       (set ? std::string() : ": " + set.error().detail));
    }
    keys[issuer] = std::move(*set);
  }
  return keys;
}

}  // namespace

Result<config::LoadedConfig> load_configuration(const std::filesystem::path& path) {
  const config::ProcessEnvironment environment;
  auto loaded = config::load_config(path, environment);
  if (loaded) return std::move(*loaded);
  return fail(Errc::malformed, config::to_text(loaded.error()));
}

Result<Material> load_material(const config::Config& config, Hooks hooks, page::Loading loading) {
  if (auto added = add_built_in_hooks(hooks, config); !added) return fail(std::move(added).error());
  const std::string hint = "`oidcop init` makes it";
  auto keys = jose::KeyFile(config.keys.private_path).load();
  if (!keys) return fail(with_hint(std::move(keys).error(), hint));
  auto secrets = jose::load_service_secrets(config.keys.secrets_path);
  if (!secrets) return fail(with_hint(std::move(secrets).error(), hint));
  auto options = pages_options(config);
  options.loading = loading;
  auto pages = page::Pages::load(options);
  if (!pages) return fail(std::move(pages).error());
  auto statement_keys = load_statement_keys(config);
  if (!statement_keys) return fail(std::move(statement_keys).error());
  return Material{config,           std::move(*keys),          std::move(*secrets), std::move(*pages),
                  std::move(hooks), std::move(*statement_keys)};
}

Result<std::unique_ptr<store::Store>> open_store(const config::Config& config) {
  store::SqliteOptions options;
  options.path = config.database.path;
  options.issuer = config.issuer.text();
  options.synchronous = config.database.synchronous == config::Synchronous::normal
                            ? store::Synchronous::normal
                            : store::Synchronous::full;
  options.busy_timeout = std::chrono::duration_cast<std::chrono::milliseconds>(config.database.busy_timeout);
  return store::open_sqlite_store(options);
}

std::unique_ptr<Log> make_log_for(const config::Config& config, const Clock& clock,
                                  std::function<void(std::string_view)> line) {
  if (line) return std::make_unique<LineLog>(config.log.format, clock, std::move(line));
  return make_log(clock, config.log.format, config.log.target, config.log.level);
}

}  // namespace oidcop::provider
