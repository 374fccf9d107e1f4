#pragma once

#include <oidcop/result.h>

#include <string>

namespace oidcop::fcgi {

/// What a CGI program says when it cannot even begin: 503 with Retry-After while the state is locked or
/// read-only, else 500. Why is for the web server's error log, not for the client.
std::string cgi_answer_to_failure(const Error& error);

}  // namespace oidcop::fcgi
