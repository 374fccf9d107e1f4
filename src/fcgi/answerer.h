#pragma once

#include "fcgi/handler.h"
#include "http/cgi_request.h"

#include <oidcop/http.h>
#include <oidcop/random.h>

#include <string>

namespace oidcop {
class Log;
}

namespace oidcop::fcgi {

/// An id is for finding log lines, not a secret: without randomness the answer says "unavailable" rather than
/// fail.
std::string new_request_id(Random& random);

/// From a request's parameters and body to the octets of its answer; the same for FastCGI and CGI.
///
/// Gives each request its id, which the answer bears as X-Request-Id. Whatever goes wrong behind it ends
/// here, as a plain answer and a log line: requests that cannot be understood, exceptions, answers that must
/// not be sent. Thread-safe as far as the handler is.
class Answerer {
 public:
  /// All outlive the answerer.
  Answerer(Handler& handler, const http::CgiPolicy& policy, Log& log, Random& random)
      : handler_(&handler), policy_(&policy), log_(&log), random_(&random) {}

  std::string answer(const http::CgiParameters& parameters, std::string body, http::Channel channel) const;
  /// The answer to a request that was given up before it was parsed.
  std::string refuse(const http::Refusal& refusal) const;

 private:
  bool is_exposed(const http::CgiParameters& parameters, const std::string& request_id) const;
  http::Response handle(const http::Request& request) const;
  http::Response refuse(const http::Refusal& refusal, const std::string& request_id) const;
  std::string format(http::Response response, const std::string& request_id, bool head) const;

  Handler* handler_;
  const http::CgiPolicy* policy_;
  Log* log_;
  Random* random_;
};

}  // namespace oidcop::fcgi
