// oidcop.fcgi: the provider behind a web server, over FastCGI or CGI.

#include "base/log.h"
#include "base/system_clock.h"
#include "base/system_random.h"
#include "config/load.h"
#include "fcgi/failure.h"
#include "program/process.h"
#include "fcgi/serve.h"
#include "fcgi/settings.h"
#include "provider/load.h"

#include <oidcop/provider.h>

#include <iostream>
#include <memory>
#include <utility>

namespace oidcop::fcgi {
namespace {

class ProviderHandler final : public Handler {
 public:
  ProviderHandler(Provider& provider, Log& log) : provider_(&provider), log_(&log) {}

  http::Response handle(const http::Request& request) override { return provider_->handle(request); }
  void on_reload() override {
    const auto reloaded = provider_->reload();
    if (!reloaded) log_->error("reload.failed", {{"detail", reloaded.error().detail}});
  }
  void tick() override { provider_->tick(); }

 private:
  Provider* provider_;
  Log* log_;
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
  const auto log = provider::make_log_for(loaded->config, clock);
  ProviderHandler handler(**provider, *log);
  return serve(invocation, *options, handler, *log, random);
}

}  // namespace
}  // namespace oidcop::fcgi

int main(int argc, char** argv) {
  using namespace oidcop::fcgi;
  oidcop::program::harden_process();
  oidcop::program::outlive_peers();
  const auto invocation = read_invocation({argv + 1, argv + argc}, Surroundings::of_this_process());
  if (!invocation) {
    (invocation.error().status == 0 ? std::cout : std::cerr) << invocation.error().text;
    return invocation.error().status;
  }
  const auto status = run(*invocation);
  if (status) return *status;
  std::cerr << "oidcop.fcgi: " << status.error().detail << '\n';
  if (invocation->service == Service::cgi) std::cout << cgi_answer_to_failure(status.error());
  return 1;
}
