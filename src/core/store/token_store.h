#pragma once

#include "model/presented_token.h"
#include "model/session.h"

#include <oidcop/result.h>

#include <optional>
#include <vector>

namespace oidcop::store {

/// The jti of a client assertion, to be taken once until it expires (RFC 7523, 3).
struct UsedJti {
  Digest key;  ///< of client and jti together
  TimePoint expires_at{};
};

/// Spends a code and inserts what it buys (RFC 6749, 4.1.2). Everything in it is ready: signed, hashed, dated.
/// The caller has checked ownership, redirect_uri and PKCE before; only "unused" is decided here.
struct CodeExchange {
  Digest code;
  model::ClientId client;  ///< part of the key: another client's attempt finds nothing and burns nothing
  TimePoint now{};
  std::optional<UsedJti> jti;
  std::vector<model::TokenRecord> tokens;
};

enum class ExchangeOutcome : std::uint8_t {
  first,      ///< this call and no other spent it
  replay,     ///< was spent before: all that came from it is revoked now
  not_found,  ///< unknown, of another client, expired, or revoked
  jti_seen,   ///< the assertion was used before; nothing else happened
};

/// Trades a refresh token for its successor (RFC 6749, 6; RFC 9700, 4.14.2).
struct RefreshExchange {
  Digest refresh_token;
  model::ClientId client;
  std::string authentication;  ///< must equal the record's for a sibling within the grace
  TimePoint now{};
  std::optional<UsedJti> jti;
  bool rotate = true;
  /// Within it the immediate predecessor may be presented again (a lost reply, a second tab) and gets a sibling:
  /// at most `max_siblings` more, and none once a successor was used. After it, a reuse revokes the family.
  Seconds grace{};
  int max_siblings = 2;
  std::vector<model::TokenRecord> tokens;  ///< the new access token and, when rotating, the new refresh token
};

enum class RefreshOutcome : std::uint8_t {
  rotated,    ///< first use; the successor stands
  sibling,    ///< used before, within the grace; another successor stands
  unrotated,  ///< rotation is off; the token stays as it is
  reuse,      ///< used before, beyond the grace: the family (grant) is revoked now
  not_found,  ///< unknown, of another client, expired, or revoked
  jti_seen,
};

/// Codes, access tokens and refresh tokens.
class TokenStore {
 public:
  virtual ~TokenStore() = default;
  /// The token with all above it, whatever its state. Never writes. Errors: not_found; unavailable.
  virtual Result<model::PresentedToken> find_token(const Digest& digest) = 0;
  /// Of concurrent calls, across threads and processes, exactly one gets `first`. Errors: unavailable.
  virtual Result<ExchangeOutcome> commit(const CodeExchange& command) = 0;
  virtual Result<RefreshOutcome> commit(const RefreshExchange& command) = 0;
  /// Revokes a token and everything minted from it. Errors: not_found; unavailable.
  virtual Result<void> revoke_token(const Digest& digest, TimePoint now) = 0;
  /// Takes a jti by itself, for requests that end without another write.
  /// \return whether it was new. Errors: unavailable.
  virtual Result<bool> use_jti(const UsedJti& jti, TimePoint now) = 0;
};

}  // namespace oidcop::store
