#include "endpoint/published_document.h"

#include "base/base64url.h"
#include "base/digest.h"

namespace oidcop::endpoint {
namespace {

/// If-None-Match: a list of entity tags, weak ones compared like strong ones, or "*" (RFC 9110, 13.1.2).
bool names_etag(std::string_view header, std::string_view etag) {
  while (!header.empty()) {
    const auto comma = header.find(',');
    std::string_view entry = header.substr(0, comma);
    header = comma == std::string_view::npos ? std::string_view() : header.substr(comma + 1);
    while (!entry.empty() && (entry.front() == ' ' || entry.front() == '\t')) entry.remove_prefix(1);
    while (!entry.empty() && (entry.back() == ' ' || entry.back() == '\t')) entry.remove_suffix(1);
    if (entry.substr(0, 2) == "W/") entry.remove_prefix(2);
    if (entry == "*" || entry == etag) return true;
  }
  return false;
}

}  // namespace

PublishedDocument::PublishedDocument(std::string body, Settings settings)
    : body_(std::move(body)),
      settings_(std::move(settings)),
      etag_('"' + base64url_encode(sha256(body_).octets()).substr(0, 22) + '"'),
      cache_control_("public, max-age=" + std::to_string(settings_.max_age.count())) {}

http::Response PublishedDocument::answer(const http::Request& request) const {
  http::Response response;
  const bool is_open = settings_.cross_origin == CrossOrigin::allowed;
  if (is_open) response.headers = {{"Access-Control-Allow-Origin", "*"}};
  if (is_open && request.method == "OPTIONS") {
    response.status = 204;
    response.headers.push_back({"Access-Control-Allow-Methods", "GET, HEAD"});
    response.headers.push_back({"Access-Control-Max-Age", "86400"});
    return response;
  }
  if (request.method != "GET" && request.method != "HEAD") {
    response.status = 405;
    response.headers.push_back({"Allow", is_open ? "GET, HEAD, OPTIONS" : "GET, HEAD"});
    return response;
  }
  response.headers.push_back({"ETag", etag_});
  response.headers.push_back({"Cache-Control", cache_control_});
  response.headers.push_back({"X-Content-Type-Options", "nosniff"});
  const auto condition = request.header("if-none-match");
  if (condition && names_etag(*condition, etag_)) {
    response.status = 304;
    return response;
  }
  response.headers.push_back({"Content-Type", settings_.content_type});
  response.body = body_;
  return response;
}

}  // namespace oidcop::endpoint
