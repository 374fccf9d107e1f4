#pragma once

#include <string>

namespace oidcop::endpoint {

/// The text in the characters that "error" and "error_description" may have (RFC 6749, 5.2 and Appendix A.7,
/// A.8): '"' becomes '\'', every other octet that must not stand there '?'. Our own texts have no others;
/// hooks write theirs, and they end up in JSON, redirects, pages and WWW-Authenticate. Pure.
std::string error_text(std::string text);

}  // namespace oidcop::endpoint
