#pragma once

#include <oidcop/random.h>
#include <oidcop/result.h>

#include <string>
#include <string_view>

namespace oidcop::fcgi {

struct FailureAnswer {
  std::string request_id;  ///< for the line in the web server's error log
  std::string text;        ///< the whole answer
};

/// What a CGI program says when it cannot even begin: 503 with Retry-After while the state is locked or
/// read-only, else 500. Why is for the web server's error log, not for the client.
/// \param method  of the request; the answer to HEAD has no body
FailureAnswer cgi_answer_to_failure(const Error& error, std::string_view method, Random& random);

}  // namespace oidcop::fcgi
