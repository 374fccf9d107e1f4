#pragma once

#include "fcgi/handler.h"
#include "fcgi/listener.h"
#include "http/cgi_request.h"

#include <oidcop/random.h>
#include <chrono>
#include <cstddef>
#include <memory>
#include <vector>

namespace oidcop {
class Log;
}

namespace oidcop::fcgi {

struct ResponderOptions {
  std::size_t workers = 4;
  std::size_t max_connections = 1024;  ///< at the limit the longest idle kept connection makes room
  std::size_t max_buffered =
      256U << 20U;  ///< octets of unfinished requests and unsent answers, of all connections
  std::chrono::milliseconds read_timeout{30'000};         ///< from a request's first octet to its last
  std::chrono::milliseconds write_timeout{30'000};        ///< from the answer being ready to its last octet
  std::chrono::milliseconds first_octet_timeout{10'000};  ///< for a connection on which nothing came yet
  std::chrono::milliseconds idle_timeout{0};       ///< for a kept connection between requests; 0: for ever
  std::chrono::milliseconds stop_timeout{20'000};  ///< after stop(): what is not answered by then is dropped
  std::chrono::milliseconds tick_interval{1'000};
  http::CgiPolicy policy;
};

/// Serves FastCGI on listening sockets until told to stop.
///
/// One thread polls all sockets, and no other thread touches one: it reads requests until they are complete,
/// hands them to the workers, and sends the answers. A slow or silent peer costs a buffer but never a worker.
/// Parsing and formatting of complete requests is libfcgi's part (fcgx_exchange.h).
class Responder {
 public:
  /// `handler`, `log` and `random` outlive the responder. The caller has blocked or ignored SIGPIPE.
  Responder(std::vector<Listener> listeners, ResponderOptions options, Handler& handler, Log& log,
            Random& random);
  ~Responder();
  Responder(const Responder&) = delete;
  Responder& operator=(const Responder&) = delete;

  /// Serves until stop() was called and everything in flight is answered. Call once.
  void run();

  /// No new connection or request is taken, what is in flight is finished, then run() returns.
  void stop() noexcept;    ///< callable from any thread and from signal handlers
  void reload() noexcept;  ///< callable from any thread and from signal handlers

 private:
  class Loop;
  std::unique_ptr<Loop> loop_;
};

}  // namespace oidcop::fcgi
