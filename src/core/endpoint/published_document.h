#pragma once

#include "endpoint/cross_origin.h"

#include <oidcop/endpoint_response.h>
#include <oidcop/http.h>
#include <oidcop/time.h>

#include <string>

namespace oidcop::endpoint {

/// A document that is the same for everybody until configuration or keys change: rendered once, served with
/// an ETag and an age (RFC 9110, 8.8.3 and 13.1.2; RFC 9111, 5.2.2). Immutable; thread-safe.
class PublishedDocument {
 public:
  struct Settings {
    std::string content_type;
    Seconds max_age{};
    CrossOrigin cross_origin = CrossOrigin::allowed;
  };
  PublishedDocument(std::string body, Settings settings);

  /// GET and HEAD with conditions, OPTIONS for scripts of other sites where they are allowed; 405 for all
  /// else.
  http::Response answer(const http::Request& request) const;

  const std::string& body() const { return body_; }

 private:
  std::string body_;
  Settings settings_;
  std::string etag_, cache_control_;
};

}  // namespace oidcop::endpoint
