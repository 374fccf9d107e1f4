#pragma once

#include "fcgi/invocation.h"
#include "fcgi/listener.h"
#include "fcgi/responder.h"

#include <optional>
#include <string>

namespace oidcop::fcgi {

struct ServeOptions {
  ResponderOptions responder;
  ListenPolicy listen;
  std::optional<std::string>
      configured_listen;  ///< used when neither the command line nor a socket says otherwise
};

/// Serves as the invocation says until a signal asks to stop, or answers the one CGI request. What all
/// programs share that put a handler behind a web server; call it before starting threads. \return the exit
/// status: 0, or 1 when there is no socket to serve (logged).
int serve(const Invocation& invocation, const ServeOptions& options, Handler& handler, Log& log,
          Random& random);

}  // namespace oidcop::fcgi
