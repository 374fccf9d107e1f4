// oidcop.fcgi: the provider behind a web server, over FastCGI or CGI.

#include "base/log.h"
#include "base/process.h"
#include "base/shared_value.h"
#include "base/system_clock.h"
#include "base/system_random.h"
#include "config/load.h"
#include "fcgi/failure.h"
#include "fcgi/serve.h"
#include "fcgi/settings.h"
#include "provider/load.h"
#include "provider/private_files.h"
#include "store/sqlite/sqlite_store.h"

#include <oidcop/provider.h>

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace oidcop::fcgi {
namespace {

class ProviderHandler final : public Handler {
 public:
  ProviderHandler(Provider& provider, const config::LoadedConfig& loaded, std::filesystem::path config,
                  const Clock& clock, ReplaceableLog& log)
      : provider_(&provider), config_(std::move(config)), clock_(&clock), log_(&log) {
    look_for_private_files(loaded);
  }

  http::Response handle(const http::Request& request) override { return provider_->handle(request); }
  void on_reload() override {
    const auto reloaded = provider_->reload();
    if (!reloaded) log_->error("reload.failed", {{"detail", reloaded.error().detail}});
    if (const auto loaded = provider::load_configuration(config_); reloaded && loaded) {
      look_for_private_files(*loaded);
      log_->replace(provider::make_log_for(loaded->config, *clock_));
    }
  }
  std::optional<std::string> why_exposed_below(std::string_view document_root) override {
    return exposure_.load()->below(document_root);
  }
  void tick() override { provider_->tick(); }
  void run_due() override { provider_->run_due(); }

 private:
  void look_for_private_files(const config::LoadedConfig& loaded) {
    exposure_.store(std::make_shared<const provider::Exposure>(provider::private_files(loaded)));
  }

  Provider* provider_;
  std::filesystem::path config_;
  SharedValue<provider::Exposure> exposure_;
  const Clock* clock_;
  ReplaceableLog* log_;
};

Result<int> run(const Invocation& invocation) {
  const auto loaded = provider::load_configuration(invocation.config);
  if (!loaded) return fail(loaded.error());
  const auto options = serve_options(loaded->config.responder);
  if (!options) return fail(options.error());
  const auto stay = invocation.service == Service::cgi ? Stay::one_request : Stay::many_requests;
  auto provider = Provider::open({.configuration = invocation.config, .stay = stay});
  if (!provider) return fail(std::move(provider).error());

  const SystemClock clock;
  SystemRandom random;
  ReplaceableLog log(provider::make_log_for(loaded->config, clock));
  ProviderHandler handler(**provider, *loaded, invocation.config, clock, log);
  return serve(invocation, *options, handler, log, random);
}

}  // namespace
}  // namespace oidcop::fcgi

int main(int argc, char** argv) {
  using namespace oidcop::fcgi;
  oidcop::program::harden_process();
  oidcop::program::outlive_peers();
  oidcop::store::forgo_sqlite_memory_statistics();
  const auto invocation = read_invocation({argv + 1, argv + argc}, Surroundings::of_this_process());
  if (!invocation) {
    (invocation.error().status == 0 ? std::cout : std::cerr) << invocation.error().text;
    return invocation.error().status;
  }
  invocation->service == Service::cgi ? oidcop::program::ignore_reloads()
                                      : oidcop::program::hold_back_reloads();
  const auto status = run(*invocation);
  if (status) return *status;
  std::cerr << "oidcop.fcgi: " << status.error().detail << '\n';
  if (invocation->service != Service::cgi) return 1;
  oidcop::SystemRandom random;
  const char* method = std::getenv("REQUEST_METHOD");  // NOLINT(concurrency-mt-unsafe): there is one thread
  const auto answer = cgi_answer_to_failure(status.error(), method == nullptr ? "" : method, random);
  std::cerr << "oidcop.fcgi: request_id=" << answer.request_id << ": answered that it cannot start\n";
  std::cout << answer.text;
  return 1;
}
