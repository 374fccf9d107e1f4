#pragma once

#include "base/digest.h"

#include <optional>

namespace oidcop::endpoint {

/// How the parameters of an authorization request came, when not as they stand in the URL or form.
struct RequestOrigin {
  bool is_signed = false;        ///< in a request object that the client signed
  std::optional<Digest> pushed;  ///< they were pushed; of the request_uri
};

}  // namespace oidcop::endpoint
