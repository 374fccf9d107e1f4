#pragma once

#include "base/secret.h"

#include <oidcop/http.h>
#include <oidcop/result.h>
#include <cstdint>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace oidcop::http {

/// A request's meta-variable (RFC 3875, 4.1) as the web server sent it. Lists of them keep order and
/// repetitions.
struct CgiParameter {
  std::string name;
  std::string value;
};
using CgiParameters = std::vector<CgiParameter>;

/// The value when the name occurs exactly once, else nothing.
std::optional<std::string_view> find_parameter(const CgiParameters& parameters, std::string_view name);

/// How the web server reached us. What comes over TCP may come from anybody on the machine or beyond.
enum class Channel : std::uint8_t { local, tcp };

/// One way in which the web server logs users in for us: `SetEnv OIDCOP_MARKER <marker>` (Apache),
/// `setenv.set-environment` (lighttpd) or `fastcgi_param` (nginx) inside the protected location, and nowhere
/// else.
struct TrustedLogin {
  std::string marker;     ///< value of the parameter OIDCOP_MARKER; a client cannot send parameters
  std::string auth_type;  ///< AUTH_TYPE must be this, any case ("Basic", "Negotiate", …)
};

/// What may be believed, and how much is accepted. The defaults believe as little as possible.
struct CgiPolicy {
  std::vector<TrustedLogin> trusted_logins;  ///< empty: REMOTE_USER is never looked at
  bool tls_terminated_upstream = false;      ///< every request counts as https
  Secret shared_secret;  ///< over TCP, identity and certificates count only with this in OIDCOP_SECRET
  std::size_t max_body = 1U << 20U;                ///< octets; more is 413
  std::size_t max_parameters = 512;                ///< count; more is 431
  std::size_t max_parameter_octets = 128U << 10U;  ///< names and values together; more is 431
  std::size_t max_uri = 32U << 10U;                ///< octets of path and query together; more is 414
};

/// Why a request is not even looked at.
struct Refusal {
  int status = 400;    ///< 400, 413, 414 or 431
  std::string reason;  ///< our own text, free of input: fit for client and log
  std::string detail;  ///< for the log alone, may quote input: which parameter it was
};

/// The length that CONTENT_LENGTH announces, so that a body too long is refused before it is read; nothing
/// when the value is empty. Refusals: 400 (no number), 413.
Result<std::optional<std::size_t>, Refusal> announced_length(std::string_view content_length,
                                                             const CgiPolicy& policy);

/// Builds the request from what the web server sent, or says why not. Everything that the rest of the house
/// knows about a request comes through here:
///
/// - Of the client's headers only an allow-list survives. Servers fold `X-A`, `X_A` and `X.A` into one name,
/// hence
///   a parameter that occurs twice refuses the request, and no security fact is ever read from HTTP_*.
/// - The path is that of REQUEST_URI (raw, without query); without it SCRIPT_NAME and PATH_INFO, encoded
/// anew.
///   The query is that of REQUEST_URI, too; QUERY_STRING where that has none.
/// - The user counts only with a marker of the policy, its AUTH_TYPE, and no REDIRECT_STATUS of a failed
/// login
///   (an ErrorDocument that points at us arrives with the failed user's name).
/// - A client certificate counts only with SSL_CLIENT_VERIFY=SUCCESS and as PEM.
/// - The address is REMOTE_ADDR, IPv4 in IPv6 unwrapped; empty when that is no address (a web server that
/// itself
///   listens on a Unix socket).
///
/// `request_id` is copied in. Pure function; thread-safe.
Result<Request, Refusal> request_from_cgi(const CgiParameters& parameters, std::string body, Channel channel,
                                          const CgiPolicy& policy, std::string request_id);

}  // namespace oidcop::http
