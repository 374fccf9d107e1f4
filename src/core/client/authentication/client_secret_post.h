#pragma once

#include "base/secret.h"

#include <string>

namespace oidcop::client {

/// client_secret_post: client_id and secret as form members (RFC 6749, 2.3.1).
struct PostCredential {
  std::string client_id;
  Secret secret;
};

}  // namespace oidcop::client
