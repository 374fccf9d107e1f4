#include "fcgi/serve.h"

#include "base/log.h"
#include "fcgi/cgi_program.h"
#include "fcgi/service_manager.h"
#include "fcgi/signals.h"

#include <unistd.h>

#include <iostream>
#include <utility>
#include <vector>

namespace oidcop::fcgi {
namespace {

constexpr int kFirstPassedSocket = 3;  // sd_listen_fds(3)

Result<std::vector<Listener>> open_listeners(const Invocation& invocation, const ServeOptions& options) {
  std::vector<Result<Listener>> opened;
  const auto& listen = invocation.listen ? invocation.listen : options.configured_listen;
  if (invocation.service == Service::standard_input) {
    opened.push_back(Listener::adopt(STDIN_FILENO, options.listen));
  } else if (invocation.service == Service::passed_sockets) {
    for (int i = 0; i < invocation.passed_sockets; ++i) {
      opened.push_back(Listener::adopt(kFirstPassedSocket + i, options.listen));
    }
  } else if (listen) {
    opened.push_back(Listener::open(*listen, options.listen));
  } else {
    return fail(Errc::refused,
                "no FastCGI socket on descriptor 0 and none configured: use --listen unix:PATH");
  }
  std::vector<Listener> listeners;
  for (auto& listener : opened) {
    if (!listener) return fail(std::move(listener).error());
    listeners.push_back(std::move(*listener));
  }
  return listeners;
}

/// The handler, with the service manager told about its reloads.
class ReportingHandler final : public Handler {
 public:
  ReportingHandler(Handler& handler, const ServiceManager& manager)
      : handler_(&handler), manager_(&manager) {}

  http::Response handle(const http::Request& request) override { return handler_->handle(request); }
  std::optional<std::string> why_exposed_below(std::string_view document_root) override {
    return handler_->why_exposed_below(document_root);
  }
  void on_reload() override {
    manager_->reloading();
    const Ready ready{manager_};  // whatever comes of it: we go on with the old files if need be
    handler_->on_reload();
  }
  void tick() override { handler_->tick(); }
  void run_due() override { handler_->run_due(); }

 private:
  struct Ready {
    const ServiceManager* manager;
    explicit Ready(const ServiceManager* told) : manager(told) {}
    ~Ready() { manager->ready(); }
    Ready(const Ready&) = delete;
    Ready& operator=(const Ready&) = delete;
  };

  Handler* handler_;
  const ServiceManager* manager_;
};

}  // namespace

int serve(const Invocation& invocation, const ServeOptions& options, Handler& handler, Log& log,
          Random& random) {
  if (invocation.service == Service::cgi) {
    CgiProcess process;
    process.environment = ::environ;
    process.read_timeout = options.responder.read_timeout;
    return serve_cgi(process, handler, options.responder.policy, log, random);
  }
  auto listeners = open_listeners(invocation, options);
  if (!listeners) {
    log.error("responder.cannot_listen", {{"detail", listeners.error().detail}});
    // Whoever starts it looks there, wherever the log goes.
    std::cerr << "oidcop.fcgi: " << listeners.error().detail << '\n';
    return 1;
  }
  const ServiceManager manager(invocation.notify_socket);
  ReportingHandler reporting(handler, manager);
  Responder responder(std::move(*listeners), options.responder, reporting, log, random);
  const auto stop = [&] {
    manager.stopping();
    responder.stop();
  };
  const Signals signals(stop, [&] { responder.reload(); });
  manager.ready();  // the sockets listen: whoever connects from now on is served
  responder.run();
  return 0;
}

}  // namespace oidcop::fcgi
