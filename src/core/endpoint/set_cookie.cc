#include "endpoint/set_cookie.h"

namespace oidcop::endpoint {

Verdict set_cookie(const http::SetCookie& cookie, RequestScope& scope) {
  auto header = http::format_set_cookie(cookie);
  if (!header) return fail(from_error(header.error()));
  scope.cookies.push_back(std::move(*header));
  return {};
}

}  // namespace oidcop::endpoint
