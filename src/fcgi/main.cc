// oidcop.fcgi: the provider behind a web server, as FastCGI responder or CGI program.

#include "base/log.h"
#include "base/system_clock.h"
#include "base/system_random.h"
#include "fcgi/handler.h"
#include "fcgi/invocation.h"
#include "fcgi/process.h"
#include "fcgi/serve.h"
#include "fcgi/settings.h"
#include "provider/load.h"

#include <oidcop/provider.h>

#include <cstdio>
#include <string>
#include <vector>

namespace {

using namespace oidcop;

/// The provider, as the responder knows it.
class ProviderHandler final : public fcgi::Handler {
 public:
  ProviderHandler(Provider& provider, Log& log) : provider_(provider), log_(log) {}
  http::Response handle(const http::Request& request) override { return provider_.handle(request); }
  void on_reload() override {
    if (auto reloaded = provider_.reload(); !reloaded) {
      log_.error("configuration.reload_failed", {{"detail", reloaded.error().detail}});
    }
  }
  void tick() override { provider_.tick(); }

 private:
  Provider& provider_;
  Log& log_;
};

/// Standard error is the web server's log, or the journal, when nothing else is set up yet.
int cannot_start(const Error& error) {
  std::fprintf(stderr, "oidcop.fcgi: cannot start: %s\n", error.detail.c_str());
  return 1;
}

int run(const fcgi::Invocation& invocation) {
  auto loaded = provider::load_configuration(invocation.config);
  if (!loaded) return cannot_start(loaded.error());
  auto options = fcgi::serve_options(loaded->config.responder);
  if (!options) return cannot_start(options.error());
  auto provider = Provider::open({.configuration = invocation.config});
  if (!provider) return cannot_start(provider.error());

  const SystemClock clock;
  SystemRandom random;
  const auto log = provider::make_log_for(loaded->config, clock);
  ProviderHandler handler(**provider, *log);
  return fcgi::serve(invocation, *options, handler, *log, random);
}

}  // namespace

int main(int argc, char** argv) {
  fcgi::harden_process();
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  const auto invocation = fcgi::read_invocation(arguments, fcgi::Surroundings::of_this_process());
  if (!invocation) {
    std::fputs(invocation.error().text.c_str(), invocation.error().status == 0 ? stdout : stderr);
    return invocation.error().status;
  }
  return run(*invocation);
}
