#pragma once

#include "http/fetcher.h"
#include "model/client.h"

#include <oidcop/protocol_error.h>

#include <map>
#include <mutex>
#include <string>

namespace oidcop::endpoint {

/// Request objects that lie at a URL of the client's (OpenID Connect Core 1.0, 6.2; RFC 9101, 5.2). Only a
/// URL that the client registered is fetched, so that nobody can make this provider call others. A fragment
/// is the SHA-256 of what is there; only such content, which cannot change, is kept. Thread-safe.
class RequestReferences {
 public:
  explicit RequestReferences(http::Fetcher& fetcher) : fetcher_(fetcher) {}  ///< outlives it

  /// The request object. Errors: invalid_request_uri.
  Result<std::string, ProtocolError> fetch(const std::string& uri, const model::Client& client) const;

 private:
  Result<std::string, ProtocolError> download(const std::string& uri, const model::Client& client) const;

  http::Fetcher& fetcher_;
  mutable std::mutex mutex_;
  mutable std::map<std::string, std::string> kept_;  // URI with its hash -> content
};

}  // namespace oidcop::endpoint
