#pragma once

#include "base/url.h"
#include "model/session.h"
#include "store/client_store.h"

#include <oidcop/result.h>

#include <string>
#include <vector>

namespace oidcop::logout {

/// The documents to frame so that relying parties hear of the end of a session (OpenID Connect Front-Channel
/// Logout 1.0, 3): one for each client session that had not ended before, where the client registered a
/// frontchannel_logout_uri; with `iss` and `sid` where it asked for them. Clients that are gone or disabled
/// are left out. Errors: unavailable.
/// \param ending  the client sessions below the session that ends
Result<std::vector<Url>> front_channel_frames(const std::string& issuer,
                                              const std::vector<model::ClientSession>& ending,
                                              store::ClientStore& clients);

}  // namespace oidcop::logout
