#pragma once

#include "model/client.h"

#include <oidcop/protocol_error.h>

namespace oidcop::client {

/// Finds the sector identifier of a client whose subject type is pairwise (OpenID Connect Core 1.0, 8.1): the
/// host of sector_identifier_uri, else the one host of all redirect URIs. Without the URI, several hosts (or
/// none, for private-use schemes) are refused. That the document at the URI lists the redirect URIs is not
/// checked here: who accepts registrations from strangers fetches it first.
Verdict read_sector_identifier(const Message& metadata, model::Client& client);

}  // namespace oidcop::client
