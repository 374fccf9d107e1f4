#pragma once

#include "client/authentication/client_assertion.h"
#include "client/authentication/client_secret_basic.h"
#include "client/authentication/client_secret_post.h"
#include "client/authentication/none.h"

#include <oidcop/message.h>
#include <oidcop/protocol_error.h>

#include <optional>
#include <string_view>
#include <variant>

namespace oidcop::client {

/// The one mechanism that a request presents.
using PresentedCredential = std::variant<NoCredential, BasicCredential, PostCredential, AssertionCredential>;

/// Reads it. A form member without a value counts as left out (RFC 6749, 3.1).
/// Errors: invalid_request when two mechanisms are presented (RFC 6749, 2.3) or a member is no text,
/// invalid_client when the Authorization header holds something else than well-formed Basic.
Result<PresentedCredential, ProtocolError> read_credential(const Message& parameters,
                                                           std::optional<std::string_view> authorization);

}  // namespace oidcop::client
