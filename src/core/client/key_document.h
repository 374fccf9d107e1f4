#pragma once

#include "http/fetcher.h"
#include "model/client.h"

#include <oidcop/protocol_error.h>

#include <string>

namespace oidcop::client {

/// Fetches the client's jwks_uri, if it registered one, and checks that a key set is there. A host that does
/// not answer yet is no fault: the keys are fetched when they are needed. One that may not be asked is.
/// \param party  on whose behalf it is fetched (http::FetchRequest)
/// Errors: invalid_client_metadata.
Verdict check_key_document(const model::Client& client, http::Fetcher& fetcher, const std::string& party);

}  // namespace oidcop::client
