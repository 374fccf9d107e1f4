#pragma once

#include "model/client_token.h"
#include "store/token_store.h"

#include <oidcop/result.h>

#include <optional>

namespace oidcop::store {

/// Keeps a client's own access token. Everything in it is ready: signed, hashed, dated.
struct IssueClientToken {
  model::ClientToken token;
  TimePoint now{};
  std::optional<UsedJti> jti;
};

enum class IssueOutcome : std::uint8_t {
  issued,
  client_gone,  ///< removed or disabled meanwhile; nothing happened but that the jti was taken
  jti_seen,     ///< the assertion was used before; nothing else happened
};

/// Access tokens that clients have for themselves.
class ClientTokenStore {
 public:
  virtual ~ClientTokenStore() = default;
  /// Whatever its state. Never writes. Errors: not_found; unavailable.
  virtual Result<model::ClientToken> find_client_token(const Digest& digest) = 0;
  /// Errors: unavailable.
  virtual Result<IssueOutcome> commit(const IssueClientToken& command) = 0;
  /// One that is revoked already keeps the moment. Errors: not_found; unavailable.
  virtual Result<void> revoke_client_token(const Digest& digest, TimePoint now) = 0;
};

}  // namespace oidcop::store
