#include "endpoint/bearer.h"

#include <algorithm>
#include <optional>

namespace oidcop::endpoint {
namespace {

constexpr std::string_view kScheme = "bearer ";

/// b64token (RFC 6750, 2.1).
bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~' || c == '+' || c == '/' || c == '=';
  });
}

/// Scheme names are case-insensitive (RFC 9110, 11.1). Nothing when the header is of another scheme.
std::optional<std::string_view> after_scheme(std::string_view header) {
  if (header.size() < kScheme.size()) return std::nullopt;
  for (std::size_t i = 0; i < kScheme.size(); ++i) {
    const char c = header[i];
    const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
    if (lower != kScheme[i]) return std::nullopt;
  }
  std::string_view token = header.substr(kScheme.size());
  while (!token.empty() && token.front() == ' ') token.remove_prefix(1);
  return token;
}

ProtocolError no_token() {
  ProtocolError error;
  error.code = "invalid_request";  // the body's; the challenge carries none, as 3.1 asks
  error.description = "An access token is required.";
  error.http_status = 401;
  error.www_authenticate = "Bearer";
  return error;
}

ProtocolError malformed_request(std::string description) {
  ProtocolError error = invalid_request(std::move(description));
  error.www_authenticate = kMalformedRequestChallenge;
  return error;
}

}  // namespace

Result<std::string, ProtocolError> presented_bearer_token(const Message& request, const RequestScope& scope,
                                                          const BearerWays& ways) {
  const auto header = scope.http.header("authorization");
  const auto in_header = header ? after_scheme(*header) : std::nullopt;
  const auto in_body = scope.http.method == "POST" ? request.text("access_token") : std::nullopt;
  if (in_header && in_body) return fail(malformed_request("The access token was sent in two ways."));
  if (!in_header && !in_body) return fail(no_token());
  if ((in_header && !ways.header) || (in_body && !ways.body))
    return fail(malformed_request("The access token may not be sent in this way here."));
  const std::string token(in_header ? *in_header : std::string_view(*in_body));
  if (!is_token(token)) return fail(malformed_request("The access token is malformed."));
  return token;
}

ProtocolError invalid_token(std::string_view realm, std::string detail) {
  ProtocolError error;
  error.code = "invalid_token";
  error.description = "The access token is unknown, expired or revoked.";
  error.detail = std::move(detail);
  error.http_status = 401;
  error.www_authenticate = "Bearer realm=\"" + std::string(realm) +
                           "\", error=\"invalid_token\", error_description=\"" + error.description + "\"";
  return error;
}

ProtocolError insufficient_scope(std::string_view realm, std::string_view needed) {
  ProtocolError error;
  error.code = "insufficient_scope";
  error.description = "The access token does not cover this.";
  error.http_status = 403;
  error.www_authenticate = "Bearer realm=\"" + std::string(realm) +
                           "\", error=\"insufficient_scope\", scope=\"" + std::string(needed) + "\"";
  return error;
}

}  // namespace oidcop::endpoint
