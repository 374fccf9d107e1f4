#include "client/redirect_uri.h"

#include <algorithm>
#include <string>

namespace oidcop::client {
namespace {

constexpr std::size_t kLongestUri = 2048;

ProtocolError invalid_redirect_uri(std::string reason) {
  ProtocolError error;
  error.code = "invalid_redirect_uri";
  error.description = std::move(reason);
  error.parameter = "redirect_uris";
  return error;
}

/// Why a URI of this scheme is not for this kind of client; empty when it is.
std::string_view scheme_fault(const Url& url, model::ApplicationType type, LoopbackHttp loopback) {
  if (url.is_https()) return {};
  const bool is_native = type == model::ApplicationType::native;
  if (url.scheme() == "http") {
    if (!url.is_loopback()) return "http is for loopback hosts only; use https.";
    if (is_native || loopback == LoopbackHttp::allowed) return {};
    return "A web client uses https, also on a loopback host.";
  }
  if (!is_native) return "A web client uses https.";
  if (url.scheme().find('.') == std::string::npos) {
    return "A private-use scheme is a domain name in reverse, such as com.example.app (RFC 8252, 7.1).";
  }
  return {};
}

/// The URI without its port, when it is http to a loopback host; else empty.
std::string without_loopback_port(std::string_view text) {
  const auto url = Url::parse(text);
  if (!url || url->scheme() != "http" || !url->is_loopback()) return {};
  constexpr std::string_view kScheme = "http://";
  if (!text.starts_with(kScheme)) return {};  // another spelling of the scheme is another string
  const auto end = std::min(text.find_first_of("/?#", kScheme.size()), text.size());
  const auto authority = text.substr(kScheme.size(), end - kScheme.size());
  const auto colon = authority.ends_with(']') ? std::string_view::npos : authority.rfind(':');
  std::string result(kScheme);
  result += authority.substr(0, colon);
  result += text.substr(end);
  return result;
}

bool is_listed(const std::vector<std::string>& registered, std::string_view requested,
               model::ApplicationType type) {
  return std::any_of(registered.begin(), registered.end(),
                     [&](const auto& uri) { return is_same_redirect_uri(uri, requested, type); });
}

}  // namespace

Result<Url, ProtocolError> check_redirect_uri(std::string_view uri, model::ApplicationType type,
                                              LoopbackHttp loopback) {
  if (uri.size() > kLongestUri) return fail(invalid_redirect_uri("A URI is longer than 2048 characters."));
  auto url = Url::parse(uri);
  if (!url) return fail(invalid_redirect_uri("A value is not an absolute URI: " + url.error().detail + '.'));
  if (url->fragment()) return fail(invalid_redirect_uri("A URI has a fragment (RFC 6749, 3.1.2)."));
  const bool is_web_scheme = url->is_https() || url->scheme() == "http";
  if (is_web_scheme && url->host().empty()) return fail(invalid_redirect_uri("A URI has no host."));
  if (const auto fault = scheme_fault(*url, type, loopback); !fault.empty()) {
    return fail(invalid_redirect_uri(std::string(fault)));
  }
  return *std::move(url);
}

bool is_same_redirect_uri(std::string_view registered, std::string_view requested,
                          model::ApplicationType type) {
  if (registered == requested) return true;
  if (type != model::ApplicationType::native) return false;
  const auto wanted = without_loopback_port(registered);
  return !wanted.empty() && wanted == without_loopback_port(requested);
}

bool is_registered_redirect_uri(const model::Client& client, std::string_view requested) {
  return is_listed(client.redirect_uris, requested, client.application_type);
}

bool is_registered_post_logout_redirect_uri(const model::Client& client, std::string_view requested) {
  return is_listed(client.post_logout_redirect_uris, requested, client.application_type);
}

}  // namespace oidcop::client
