#pragma once

#include <oidcop/result.h>

#include <string>
#include <string_view>

namespace oidcop::http {

/// The path of REQUEST_URI as it stands, percent-encoding kept, query cut off. The absolute form of a request
/// line
/// ("https://host/path", RFC 9112, 3.2.2) is reduced to its path. Errors: malformed unless it is a path of
/// RFC 3986 characters with good escapes, none of them NUL.
Result<std::string> path_of_request_uri(std::string_view request_uri);

/// The path for servers that send no REQUEST_URI: SCRIPT_NAME and PATH_INFO arrive decoded (RFC 3875, 4.1.5)
/// and are encoded anew. Errors: malformed when it does not start with '/' or holds control characters.
Result<std::string> path_of_script(std::string_view script_name, std::string_view path_info);

/// Whether a query string may pass: visible octets only. What it means is for the form decoder.
bool is_query(std::string_view query);

}  // namespace oidcop::http
