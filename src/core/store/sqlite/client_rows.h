#pragma once

#include "model/client.h"
#include "store/sqlite/connection.h"

#include <oidcop/result.h>

#include <string>

namespace oidcop::store::sqlite {

/// The client as its column holds it. Errors: malformed when it could not be read back.
Result<std::string> client_document(const model::Client& client);
/// Errors: conflict (there is one of that id); unavailable.
Result<void> insert_client(Connection& connection, const model::Client& client, const std::string& document);
/// What the record says of being vetted counts for what leaves by itself, too.
Result<void> note_vetting(Connection& connection, const model::Client& client);
/// Notes that somebody uses a client which would leave otherwise.
Result<void> keep_used_client(Connection& connection, const model::ClientId& id);

}  // namespace oidcop::store::sqlite
