#pragma once

#include <string>
#include <string_view>

namespace oidcop::session {

/// `session_state`: what a relying party is told of the state of the browser's session, and can compare later
/// by asking our frame, without learning the state itself (OpenID Connect Session Management 1.0, 2 and 3.2):
/// the hash of client, its origin, state and salt, and the salt. share/static/check_session.js computes the
/// same. \param origin  of the redirect URI, where the relying party's page is \param state   the
/// browser-state cookie \param salt    random, without spaces
std::string session_state(std::string_view client_id, std::string_view origin, std::string_view state,
                          std::string_view salt);

}  // namespace oidcop::session
