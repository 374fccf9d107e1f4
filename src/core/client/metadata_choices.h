#pragma once

#include "client/registration.h"

#include <oidcop/message.h>
#include <oidcop/protocol_error.h>

namespace oidcop::client {

/// The document with the choices that it offers decided (OpenID Connect Relying Party Metadata Choices 1.0,
/// 2): a list such as id_token_signing_alg_values_supported leaves, and its single-valued member has one that
/// the provider supports. A single value that is supported stays. How answers are encrypted, or signed where
/// they need not be, is chosen only where the client says by a single value that it wants them so. Errors:
/// invalid_client_metadata, naming the list: nothing in it is supported, or it lacks the single value. Pure.
Result<Message, ProtocolError> with_choices_made(Message metadata, const RegistrationPolicy& policy);

}  // namespace oidcop::client
