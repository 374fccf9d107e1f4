#include "cli/site.h"

#include "provider/load.h"
#include "provider/policies.h"

namespace oidcop::cli {

Result<std::unique_ptr<Site>> Site::open(const Globals& globals) {
  auto loaded = provider::load_configuration(globals.config);
  if (!loaded) return fail(std::move(loaded).error());
  return std::unique_ptr<Site>(new Site(std::move(*loaded)));
}

Site::Site(config::LoadedConfig loaded)
    : config_(std::move(loaded.config)),
      config_files_(std::move(loaded.files)),
      log_(make_log(clock_, LogFormat::logfmt, LogTarget::standard_error, LogLevel::warning)),
      hasher_(provider::password_hash_policy(config_.authentication.front())),
      fetcher_(provider::fetch_policy(config_.httpc_params)) {}

Result<void> Site::publish_keys() const {
  if (!config_.keys.public_path) return {};
  auto published = key_file().publish(*config_.keys.public_path);
  if (!published) published.error().detail += "; the private keys are as they should be";
  return published;
}

Result<store::Store*> Site::store() {
  if (!store_) {
    auto opened = provider::open_store(config_);
    if (!opened) return fail(std::move(opened).error());
    store_ = std::move(*opened);
  }
  return store_.get();
}

Result<const jose::SigningKeys*> Site::keys() {
  if (!keys_) {
    auto loaded = key_file().load();
    if (!loaded) return fail(std::move(loaded).error());
    keys_ = std::move(*loaded);
  }
  return &*keys_;
}

Result<jose::KeyTimes> Site::key_times() {
  auto opened = store();
  if (!opened) return fail(std::move(opened).error());
  auto clients = (*opened)->list_clients();
  if (!clients) return fail(std::move(clients).error());
  return provider::key_times(config_, *clients);
}

Result<const jose::ServiceSecrets*> Site::secrets() {
  if (!secrets_) {
    auto loaded = jose::load_service_secrets(config_.keys.secrets_path);
    if (!loaded) return fail(std::move(loaded).error());
    secrets_ = std::move(*loaded);
  }
  return &*secrets_;
}

Result<const client::ClientSecrets*> Site::client_secrets() {
  if (!client_secrets_) {
    auto loaded = secrets();
    if (!loaded) return fail(std::move(loaded).error());
    pepper_.emplace(**loaded, config_.issuer.text());
    cells_.emplace((*loaded)->ring(jose::SecretPurpose::data), config_.issuer.text());
    client_secrets_.emplace(*pepper_, *cells_, hasher_);
  }
  return &*client_secrets_;
}

Result<endpoint::ProviderFacts> Site::facts() {
  auto loaded = keys();
  if (!loaded) return fail(std::move(loaded).error());
  auto pages = page::Pages::load(provider::pages_options(config_));
  if (!pages) return fail(std::move(pages).error());
  return provider::provider_facts(config_, **loaded, **pages);
}

}  // namespace oidcop::cli
