#include "fcgi/serve.h"

#include "base/log.h"
#include "fcgi/cgi_program.h"
#include "fcgi/signals.h"

#include <unistd.h>

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
    return 1;
  }
  Responder responder(std::move(*listeners), options.responder, handler, log, random);
  const Signals signals([&] { responder.stop(); }, [&] { responder.reload(); });
  responder.run();
  return 0;
}

}  // namespace oidcop::fcgi
