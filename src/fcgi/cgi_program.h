#pragma once

#include "fcgi/answerer.h"

#include <chrono>

namespace oidcop::fcgi {

/// What a CGI program was started with.
struct CgiProcess {
  char** environment = nullptr;  ///< as in execve(2): "NAME=value", ended by a null pointer
  int input = 0;                 ///< the request's body
  int output = 1;                ///< closed when the answer is written
  std::chrono::milliseconds read_timeout{30'000};
};

/// Answers the one request of a CGI program (RFC 3875), then calls the handler's tick() once: there is no
/// other moment to do what is due. \return the exit status.
int serve_cgi(const CgiProcess& process, Handler& handler, const http::CgiPolicy& policy, Log& log,
              Random& random);

}  // namespace oidcop::fcgi
