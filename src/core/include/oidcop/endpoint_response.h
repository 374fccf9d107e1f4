#pragma once

#include <oidcop/http.h>
#include <oidcop/message.h>

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace oidcop {

/// Where the response's members travel.
enum class Placement : std::uint8_t {
  body,  ///< in the body of the answer
  url,   ///< in a redirect to the relying party
};

/// OAuth 2.0 Multiple Response Type Encoding Practices, 2.1; form_post: OAuth 2.0 Form Post Response
/// Mode 1.0.
enum class ResponseMode : std::uint8_t { query, fragment, form_post };

/// What do_response hands to the web layer.
struct EndpointResponse {
  int status = 200;
  std::variant<Message, std::string> response;  ///< the members, or a body that is ready
  std::string content_type = "application/json";
  std::vector<http::Header> http_headers;
  std::vector<std::string> cookies;  ///< values of Set-Cookie headers
  Placement response_placement = Placement::body;
  ResponseMode response_mode = ResponseMode::query;
  std::string return_uri;                       ///< with placement url: where the members are added to
  std::string redirect_location;                ///< a redirect of its own, without members
  std::optional<http::Response> http_response;  ///< an already formatted page
};

/// The bytes-level answer; one for response mode form_post is the page in `http_response` (OAuth 2.0 Multiple
/// Response Types, 2.1; RFC 9700, 4.12: 303 after a form).
http::Response to_http(const EndpointResponse& response);

}  // namespace oidcop
