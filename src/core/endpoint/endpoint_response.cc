#include "base/form.h"
#include "base/json.h"
#include "base/url.h"

#include <oidcop/endpoint_response.h>
#include <nlohmann/json.hpp>

namespace oidcop {
namespace {

/// The relying party's URI with the members added. It was parsed when it was registered; should it not parse
/// now, nothing is sent anywhere.
http::Response redirect_with_members(const EndpointResponse& response, const Message& members) {
  http::Response answer;
  auto target = Url::parse(response.return_uri);
  const bool is_redirect = response.response_mode != ResponseMode::form_post;
  if (!target || !is_redirect) {
    answer.status = 500;
    return answer;
  }
  const std::string encoded = encode_form(fields_of(members));
  answer.status = 303;
  answer.headers.push_back({"Location", response.response_mode == ResponseMode::fragment
                                            ? target->with_fragment(encoded)
                                            : target->with_query(encoded)});
  return answer;
}

http::Response body_answer(const EndpointResponse& response) {
  http::Response answer;
  answer.status = response.status;
  const auto* members = std::get_if<Message>(&response.response);
  answer.body = members != nullptr ? dump_json(members->json()) : std::get<std::string>(response.response);
  if (!answer.body.empty()) answer.headers.push_back({"Content-Type", response.content_type});
  return answer;
}

}  // namespace

http::Response to_http(const EndpointResponse& response) {
  http::Response answer;
  if (response.http_response) {
    answer = *response.http_response;
  } else if (!response.redirect_location.empty()) {
    answer.status = 303;
    answer.headers.push_back({"Location", response.redirect_location});
  } else if (response.response_placement == Placement::url) {
    const auto* members = std::get_if<Message>(&response.response);
    answer = redirect_with_members(response, members != nullptr ? *members : Message());
  } else {
    answer = body_answer(response);
  }
  for (const auto& header : response.http_headers) answer.headers.push_back(header);
  for (const auto& cookie : response.cookies) answer.headers.push_back({"Set-Cookie", cookie});
  return answer;
}

}  // namespace oidcop
