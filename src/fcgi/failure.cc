#include "fcgi/failure.h"

#include "http/cgi_response.h"

namespace oidcop::fcgi {

std::string cgi_answer_to_failure(const Error& error) {
  const bool passing = error.code == Errc::unavailable;
  auto response =
      http::plain_response(passing ? 503 : 500, "The service cannot start. It has been logged.", {});
  if (passing) response.set_header("Retry-After", "5");
  return http::format_cgi_response(response, http::BodyPart::sent).value_or("Status: 500\r\n\r\n");
}

}  // namespace oidcop::fcgi
