#pragma once

#include "model/client.h"

#include <string>

namespace oidcop::client {

/// A request that names a client and proves nothing (RFC 6749, 2.1 and 3.2.1). Good enough only for a client
/// that is registered as public: what a client is, is a property of the client and never of the endpoint.
struct NoCredential {
  std::string client_id;  ///< may be empty
};

/// Whether this client may go without a credential.
bool may_go_without_credential(const model::Client& client);

}  // namespace oidcop::client
