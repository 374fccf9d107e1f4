#pragma once

#include "bench/http_connection.h"

#include <oidcop/result.h>
#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace oidcop::bench {

/// What the load client is asked to do.
struct Job {
  std::string workload;  ///< "get", "authorization", "flow" or "refresh"
  std::uint16_t port = 0;
  std::string host;  ///< for the header Host
  std::size_t connections = 1;
  std::size_t rounds = 1;  ///< of all connections together; a flow is one round

  std::string target;         ///< get: what to ask for
  std::string expected_body;  ///< get: the whole body, if not empty
  std::string expected_part;  ///< get: what the body must have in it, if not empty

  std::string issuer, authorization, token, userinfo;  ///< flows: issuer, and paths of the endpoints
  std::string client_id, client_secret, redirect_uri, scope;
  std::string cookie;                       ///< the session of the person, as the header Cookie carries it
  std::string subject;                      ///< what `sub` must be
  std::string algorithm;                    ///< what the ID Token's header must name
  std::vector<std::string> refresh_tokens;  ///< refresh: one for each connection

  /// Errors: malformed.
  static Result<Job> parse(const std::string& text);
};

/// One round of the job on one connection: everything is sent, and every answer is checked. `round` is unique
/// among all connections. An error says which answer was wrong, and how.
using Round = std::function<Result<void>(HttpConnection& connection, std::size_t round)>;

/// The rounds of connection number `index`. `job` outlives it.
Result<Round> make_round(const Job& job, std::size_t index);

}  // namespace oidcop::bench
