#pragma once

#include <oidcop/endpoint_response.h>
#include <oidcop/http.h>
#include <oidcop/message.h>

#include <optional>
#include <string>
#include <vector>

namespace oidcop::endpoint {

/// What process_request gives to do_response: the members of the answer and how it should travel.
struct ResponseArgs {
  Message args;
  int status = 200;
  Placement placement = Placement::body;
  ResponseMode response_mode = ResponseMode::query;
  std::string return_uri;  ///< with placement url; verified
  std::vector<http::Header> headers;
  std::vector<std::string> cookies;    ///< values of Set-Cookie headers
  std::string redirect_location;       ///< a redirect without members, built from our own issuer
  std::optional<http::Response> page;  ///< an already formatted page; then `args` is not sent
  bool is_error = false;
};

}  // namespace oidcop::endpoint
