#pragma once

#include "base/url.h"

#include <oidcop/http.h>

#include <optional>

namespace oidcop::provider {

/// What keeps a request out before anything is looked at: without HTTPS 403, for another host than the
/// issuer's 421 (RFC 9110, 15.5.20), with a strange method 405 by the endpoint itself. Nothing when it may
/// come in. Pure.
std::optional<http::Response> turned_away(const http::Request& request, const Url& issuer);

}  // namespace oidcop::provider
