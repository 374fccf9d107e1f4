#include "endpoint/authorization/request_reference.h"

#include "base/base64url.h"
#include "base/digest.h"
#include "client/request_protection.h"

#include <algorithm>
#include <string_view>

namespace oidcop::endpoint {
namespace {

constexpr std::size_t kLongestUri = 512;  // RFC 9101, 5.2
constexpr std::size_t kLargestObject = 32U << 10U;
constexpr std::size_t kMostKept = 64;

ProtocolError bad_uri(std::string description, std::string detail = {}) {
  ProtocolError error = invalid_request(std::move(description), "request_uri");
  error.code = "invalid_request_uri";
  error.detail = std::move(detail);
  return error;
}

std::string_view without_fragment(std::string_view uri) {
  return uri.substr(0, uri.find('#'));
}

/// As registered; one that was registered without a fragment may be sent with any.
bool is_registered(const std::string& uri, const model::Client& client) {
  const auto registered = client::request_protection(client).request_uris;
  return std::any_of(registered.begin(), registered.end(), [&](const std::string& known) {
    return known == uri || known == without_fragment(uri);
  });
}

}  // namespace

Result<std::string, ProtocolError> RequestReferences::fetch(const std::string& uri,
                                                            const model::Client& client) const {
  if (uri.size() > kLongestUri || !is_registered(uri, client)) {
    return fail(bad_uri("request_uri is not one of those that the client registered."));
  }
  const auto hash_at = uri.find('#');
  if (hash_at == std::string::npos) return download(uri, client);
  {
    const std::lock_guard lock(mutex_);
    if (const auto kept = kept_.find(uri); kept != kept_.end()) return kept->second;
  }
  auto content = download(uri, client);
  if (!content) return content;
  if (base64url_encode(sha256(*content).octets()) != std::string_view(uri).substr(hash_at + 1)) {
    return fail(bad_uri("What is at request_uri is not what its hash says."));
  }
  const std::lock_guard lock(mutex_);
  if (kept_.size() >= kMostKept) kept_.erase(kept_.begin());
  kept_[uri] = *content;
  return content;
}

Result<std::string, ProtocolError> RequestReferences::download(const std::string& uri,
                                                               const model::Client& client) const {
  auto url = Url::parse(without_fragment(uri));
  if (!url || !url->is_https()) return fail(bad_uri("request_uri must be an https URL."));
  http::FetchRequest request{std::move(*url), client.id.text()};
  request.accept = "application/oauth-authz-req+jwt, application/jwt";
  request.max_octets = kLargestObject;
  auto answer = fetcher_.fetch(request);
  if (!answer) return fail(bad_uri("request_uri cannot be fetched.", answer.error().detail));
  if (answer->status != 200) {
    return fail(bad_uri("request_uri cannot be fetched.", "status " + std::to_string(answer->status)));
  }
  return std::move(answer->body);
}

}  // namespace oidcop::endpoint
