#pragma once

#include "client/registration.h"
#include "model/client.h"

#include <oidcop/message.h>
#include <oidcop/protocol_error.h>

namespace oidcop::client {

/// Checks how a client wants to be told of the end of a session (OpenID Connect Front-Channel Logout 1.0, 2;
/// OpenID Connect Back-Channel Logout 1.0, 2.2). The members stay in Client::metadata. Needs the client's
/// redirect URIs. Errors: invalid_client_metadata.
Verdict read_logout(const Message& metadata, const RegistrationPolicy& policy, model::Client& client);

}  // namespace oidcop::client
