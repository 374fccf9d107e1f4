#pragma once

#include "base/url.h"
#include "model/client.h"

#include <oidcop/protocol_error.h>

#include <cstdint>
#include <string_view>

namespace oidcop::client {

/// Whether web clients may register http://localhost and the like (never sensible outside development).
enum class LoopbackHttp : std::uint8_t { refused, allowed };

/// Whether a client may have this redirect URI at all (RFC 6749, 3.1.2; RFC 8252, 7; OpenID Connect Dynamic
/// Client Registration 1.0, 2, application_type). Web: https, or http to a loopback host where that is
/// allowed. Native: https (claimed), a private-use scheme with a dot in it, or http to a loopback host. Never
/// a fragment. \return the parsed URI, or invalid_redirect_uri that names the reason without the value.
Result<Url, ProtocolError> check_redirect_uri(std::string_view uri, model::ApplicationType type,
                                              LoopbackHttp loopback);

/// Whether the requested URI is the registered one: character by character (RFC 9700, 2.1), except that a
/// native client's http loopback URI may name any port (RFC 8252, 7.3). Pure.
bool is_same_redirect_uri(std::string_view registered, std::string_view requested,
                          model::ApplicationType type);

/// Whether the URI is one of those the client registered.
bool is_registered_redirect_uri(const model::Client& client, std::string_view requested);
/// Likewise for post_logout_redirect_uris.
bool is_registered_post_logout_redirect_uri(const model::Client& client, std::string_view requested);

}  // namespace oidcop::client
