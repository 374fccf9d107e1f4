#include "fcgi/failure.h"

#include "fcgi/answerer.h"
#include "http/cgi_response.h"

namespace oidcop::fcgi {

FailureAnswer cgi_answer_to_failure(const Error& error, std::string_view method, Random& random) {
  FailureAnswer answer{new_request_id(random), {}};
  const bool passing = error.code == Errc::unavailable;
  auto response = http::plain_response(passing ? 503 : 500, "The service cannot start. It has been logged.",
                                       answer.request_id);
  response.set_header("X-Request-Id", answer.request_id);
  if (passing) response.set_header("Retry-After", "5");
  const auto body = method == "HEAD" ? http::BodyPart::omitted : http::BodyPart::sent;
  answer.text = http::format_cgi_response(response, body).value_or("Status: 500\r\n\r\n");
  return answer;
}

}  // namespace oidcop::fcgi
