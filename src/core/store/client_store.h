#pragma once

#include "model/client.h"

#include <oidcop/result.h>

#include <vector>

namespace oidcop::store {

enum class IfExists : std::uint8_t { refuse, replace };

/// Registered clients.
class ClientStore {
 public:
  virtual ~ClientStore() = default;
  /// The client as it is registered at this moment, whichever process did that; never null. Errors:
  /// not_found; unavailable.
  virtual Result<model::SharedClient> find_client(const model::ClientId& id) = 0;
  /// In the order of their ids.
  virtual Result<std::vector<model::Client>> list_clients() = 0;
  /// Writes the record; replacing counts the version up from the stored one, whatever the record says.
  /// Errors: conflict (exists and must not), malformed (the record could not be read back), unavailable.
  virtual Result<void> put_client(const model::Client& client, IfExists if_exists) = 0;
  /// Removes the client and everything that hangs on it: sessions, grants, tokens, consents.
  /// Errors: not_found; unavailable.
  virtual Result<void> delete_client(const model::ClientId& id) = 0;
};

}  // namespace oidcop::store
