#pragma once

#include "model/client.h"
#include "token/hint.h"

#include <oidcop/message.h>

#include <optional>
#include <string>
#include <vector>

namespace oidcop::endpoint {

/// A request to sign out that passed every check (OpenID Connect RP-Initiated Logout 1.0, 2). Immutable once
/// made.
struct LogoutRequest {
  model::SharedClient client;              ///< null: neither a hint nor client_id named one
  std::optional<token::IdTokenHint> hint;  ///< verified
  /// Where to send the person afterwards: registered by `client`; empty: nowhere.
  std::string post_logout_redirect_uri;
  std::optional<std::string> state;
  std::vector<std::string> ui_locales;
  Message received;  ///< before the hooks; what a confirmation page carries
};

}  // namespace oidcop::endpoint
