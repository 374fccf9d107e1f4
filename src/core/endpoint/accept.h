#pragma once

#include <oidcop/http.h>

#include <string_view>

namespace oidcop::endpoint {

/// Whether the request's Accept header names this very media type (RFC 9110, 12.5.1). Wildcards do not count:
/// who wants an uncommon type says so. \param media_type  in lower case
bool accepts_media_type(const http::Request& request, std::string_view media_type);

}  // namespace oidcop::endpoint
