#pragma once

#include <oidcop/http.h>

#include <optional>
#include <string>
#include <string_view>

namespace oidcop::fcgi {

/// What answers the requests. The responder knows no more of the provider than this.
class Handler {
 public:
  virtual ~Handler() = default;
  /// Answers one request. Called by several threads at once. An exception becomes a 500 and a log line.
  virtual http::Response handle(const http::Request& request) = 0;
  /// Why nothing may be answered through a web server that serves static files from this folder; nothing when
  /// all is well. Called by several threads at once, before each request.
  virtual std::optional<std::string> why_exposed_below(std::string_view /*document_root*/) { return {}; }
  /// The administrator wants files to be read again (SIGHUP). Called by the housekeeping thread.
  virtual void on_reload() = 0;
  /// Called about every second by the housekeeping thread, and once after the answer of a CGI program:
  /// picking up new keys, removing what has expired.
  virtual void tick() = 0;
  /// Called likewise, by a thread of its own: what is due and may take some seconds.
  virtual void run_due() = 0;
};

}  // namespace oidcop::fcgi
