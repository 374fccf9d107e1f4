#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace oidcop::http {

struct Header {
  std::string name;
  std::string value;
};

/// A client certificate that the web server verified (SSL_CLIENT_VERIFY=SUCCESS), as PEM.
struct ClientCertificate {
  std::string pem;
};

/// Who the web server says is logged in. Present only when all of its own rules were met
/// (the marker parameter, AUTH_TYPE, no REDIRECT_STATUS of a failed login).
struct RemoteUser {
  std::string name;
  std::string auth_type;
  std::string marker;
};

/// One HTTP request as a web server handed it to us; already past the header allow-list.
struct Request {
  std::string method;        ///< upper case
  std::string path;          ///< of the request URL, percent-encoding kept, always starts with '/'
  std::string query;         ///< without '?', as received
  std::string content_type;  ///< as received; empty when absent
  std::string body;
  std::vector<Header> headers;  ///< lower-case names, only those on the allow-list
  std::string host;             ///< Host header; only ever compared to the issuer's, never used to build URLs
  std::string remote_address;   ///< REMOTE_ADDR, nothing else
  bool https = false;
  std::string request_id;  ///< ours, made for this request
  std::optional<RemoteUser> remote_user;
  std::optional<ClientCertificate> client_certificate;

  /// The header's value, or nothing. `name` in lower case.
  std::optional<std::string_view> header(std::string_view name) const;
  /// Values of all cookies of that name, in the order sent (RFC 6265, 5.4).
  std::vector<std::string_view> cookies(std::string_view name) const;
};

/// A complete answer. `body` is omitted by the responder for HEAD.
struct Response {
  int status = 200;
  std::vector<Header> headers;
  std::string body;

  /// Value of the first header of that name (any case), or nothing.
  std::optional<std::string_view> header(std::string_view name) const;
  /// Replaces every header of that name.
  void set_header(std::string_view name, std::string value);
};

}  // namespace oidcop::http
