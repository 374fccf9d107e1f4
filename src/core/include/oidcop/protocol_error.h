#pragma once

#include <oidcop/result.h>

#include <string>

namespace oidcop {

/// Failure in the pipeline: what the peer may know, and apart from it what only the log may know.
/// Source of the members: RFC 6749, 4.1.2.1 and 5.2; OpenID Connect Core 1.0, 3.1.2.6; RFC 6750, 3.
struct ProtocolError {
  std::string code;         ///< registered error code, e.g. "invalid_grant"
  std::string description;  ///< for the client's developer: no secrets, no echo of input values
  std::string detail;       ///< for the log only
  int http_status = 400;    ///< when the error is the answer itself, not part of a redirect
  std::string parameter;    ///< the offending parameter's name, where there is one; a known name, not input
  std::string www_authenticate;  ///< value of the WWW-Authenticate header, where the specification wants one
  int retry_after = 0;           ///< seconds, > 0 adds Retry-After
};

/// Nothing, or the refusal.
using Verdict = Result<void, ProtocolError>;

ProtocolError invalid_request(std::string description, std::string parameter = {});
ProtocolError invalid_grant(std::string description, std::string detail = {});
ProtocolError invalid_client(
    std::string detail);  ///< 401; one text for unknown client and wrong secret alike
ProtocolError invalid_scope(std::string description);
ProtocolError unauthorized_client(std::string description);
ProtocolError access_denied(std::string description);
ProtocolError server_error(std::string detail);  ///< 500; says nothing to the peer
/// 503 with Retry-After: the store is locked, read-only or full; the same request may work later.
ProtocolError temporarily_unavailable(std::string detail);
/// The seam for errors that have no meaning in the protocol: unavailable -> 503, all else -> 500.
ProtocolError from_error(const Error& error);

}  // namespace oidcop
