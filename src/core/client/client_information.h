#pragma once

#include "client/secret.h"
#include "model/client.h"

#include <oidcop/message.h>

namespace oidcop::client {

/// The client information document (RFC 7591, 3.2.1): everything registered, defaults filled in, and never a
/// secret or anything made from one, except the one that is just being issued. Pure.
/// \param issued  null unless this answer is the one that tells the client its secret
Message client_information(const model::Client& client, const IssuedSecret* issued = nullptr);

}  // namespace oidcop::client
