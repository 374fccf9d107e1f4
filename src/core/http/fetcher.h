#pragma once

#include "base/url.h"

#include <oidcop/http.h>
#include <oidcop/result.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace oidcop::http {

enum class FetchMethod : std::uint8_t { get, post };

/// One request to a URL that somebody else named.
struct FetchRequest {
  Url url;
  std::string party;  ///< on whose behalf: a client_id; one at a time for each party and host
  FetchMethod method = FetchMethod::get;
  std::string accept = "application/json";
  std::string content_type = {};  ///< of `body`, with POST
  std::string body = {};
  std::optional<std::size_t> max_octets =
      {};  ///< of the answer; absent: as configured, and never more than that
};

/// Fetches documents from, and delivers messages to, addresses that clients named (security: such a URL is
/// hostile until proven otherwise). Every implementation but a test's double keeps to: https only with a
/// verified certificate, public addresses only as connected to, no redirects, no proxy, one fresh connection,
/// a deadline for the whole, a bound on the answer. Thread-safe; blocks until the deadline at most, so it is
/// never called inside a transaction.
class Fetcher {
 public:
  virtual ~Fetcher() = default;
  /// What came back, whatever its status: a redirect is an answer like others.
  /// Errors: refused (the URL, an address, or the size of the answer goes against policy); unavailable (no
  /// answer in time, no connection, no verified certificate, or too many fetches are under way).
  virtual Result<Response> fetch(const FetchRequest& request) = 0;
};

}  // namespace oidcop::http
