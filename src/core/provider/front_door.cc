#include "provider/front_door.h"

#include <string>
#include <string_view>

namespace oidcop::provider {
namespace {

http::Response plain(int status, std::string text) {
  http::Response response;
  response.status = status;
  response.headers = {{"Content-Type", "text/plain; charset=utf-8"}, {"Cache-Control", "no-store"}};
  response.body = std::move(text) + '\n';
  return response;
}

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  }
  return result;
}

/// Host [":" port] as the issuer has it; a default port may be there or not.
bool is_host_of(std::string_view header, const Url& issuer) {
  const std::string host =
      issuer.host().find(':') == std::string::npos ? issuer.host() : '[' + issuer.host() + ']';
  const std::string with_port = host + ':' + std::to_string(issuer.effective_port());
  const std::string sent = lower(header);
  const bool default_port = issuer.effective_port() == 443;
  return sent == with_port || (default_port && sent == host);
}

}  // namespace

std::optional<http::Response> turned_away(const http::Request& request, const Url& issuer) {
  if (!request.https) {
    return plain(403,
                 "This service speaks HTTPS only. (If a proxy in front of the web server does, "
                 "set responder.tls_terminated_upstream.)");
  }
  if (!is_host_of(request.host, issuer)) return plain(421, "This host is not served here.");
  return std::nullopt;
}

}  // namespace oidcop::provider
