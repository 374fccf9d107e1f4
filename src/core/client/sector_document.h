#pragma once

#include "http/fetcher.h"
#include "model/client.h"

#include <oidcop/protocol_error.h>

#include <string>

namespace oidcop::client {

/// Fetches the client's sector_identifier_uri, if it registered one, and checks that the JSON array there
/// lists every redirect URI of the client (OpenID Connect Dynamic Client Registration 1.0, 5): else anybody
/// could register into the sector of somebody else. Errors: invalid_client_metadata.
/// \param party  on whose behalf it is fetched (http::FetchRequest)
Verdict check_sector_document(const model::Client& client, http::Fetcher& fetcher, const std::string& party);

}  // namespace oidcop::client
