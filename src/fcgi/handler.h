#pragma once

#include <oidcop/http.h>

namespace oidcop::fcgi {

/// What answers the requests. The responder knows no more of the provider than this.
class Handler {
 public:
  virtual ~Handler() = default;
  /// Answers one request. Called by several threads at once. An exception becomes a 500 and a log line.
  virtual http::Response handle(const http::Request& request) = 0;
  /// The administrator wants files to be read again (SIGHUP). Called by the housekeeping thread.
  virtual void on_reload() = 0;
  /// Called about every second by the housekeeping thread, and once after the answer of a CGI program:
  /// picking up new keys, doing what is due.
  virtual void tick() = 0;
};

}  // namespace oidcop::fcgi
