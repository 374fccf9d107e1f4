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

/// Spends a code and inserts what it buys (RFC 6749, 4.1.2). Everything in it is ready: signed, hashed,
/// dated. The caller has checked ownership, redirect_uri and PKCE before; only "unused" is decided here.
struct CodeExchange {
  Digest code;
  model::ClientId client;  ///< part of the key: another client's attempt finds nothing and burns nothing
  TimePoint now{};
  std::optional<UsedJti> jti;  ///< taken whatever becomes of the code
  /// They hang on the code's grant, whatever they say, and on the code unless they name another parent; their
  /// scope is cut to the grant's.
  std::vector<model::TokenRecord> tokens;
  /// With a refresh token among them: how many families of refresh tokens (grants that have some, and stand)
  /// the person may then have at this client. Those that began first are revoked beyond it. 0: no bound.
  int max_families = 0;
};

enum class ExchangeOutcome : std::uint8_t {
  first,   ///< this call and no other spent it
  replay,  ///< was spent before (also when expired or revoked since): the grant and all below it is revoked
  not_found,  ///< unknown, of another client, expired, or not active for any reason above it
  jti_seen,   ///< the assertion was used before; nothing else happened
};

/// Trades a refresh token for its successor (RFC 6749, 6; RFC 9700, 4.14.2).
///
/// What is inserted hangs on the presented token's grant and on that token, and its scope is cut to the
/// token's. A successor has the presented token's very scope, whatever its record says (RFC 6749, 6): a
/// narrower request narrows the access token alone. Yet a sibling's access token is never wider than that of
/// the first exchange, which is noted as the presented token's exchanged_scope. How often it may be used is
/// decided by rotation alone; the record's max_usage says nothing here.
struct RefreshExchange {
  Digest refresh_token;
  model::ClientId client;
  std::string authentication;  ///< must equal the record's for a sibling within the grace; else it is a reuse
  TimePoint now{};
  std::optional<UsedJti> jti;
  bool rotate = true;
  /// Within it the immediate predecessor may be presented again (a lost reply, a second tab) and gets a
  /// sibling: at most `max_siblings` more, and none once a successor was used. After it, a reuse revokes the
  /// family. A successor counts as used when it was rotated, or when anything was minted from it.
  Seconds grace{};
  int max_siblings = 2;
  std::vector<model::TokenRecord> tokens;  ///< the new access token and, when rotating, the new refresh token
};

enum class RefreshOutcome : std::uint8_t {
  rotated,    ///< first use; the successor stands
  sibling,    ///< used before, within the grace; another successor stands
  unrotated,  ///< rotation is off; the token stays as it is
  too_wide,   ///< would be a sibling, but its access token is wider than the first exchange's: nothing else
              ///< happened but that the jti was taken; find_token tells the exchanged_scope to keep to
  reuse,      ///< used before, beyond the grace (also when expired or revoked since): the family (grant) is
              ///< revoked now
  not_found,  ///< unknown, of another client, expired, or not active for any reason above it
  jti_seen,   ///< the assertion was used before; nothing else happened
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
  /// Revokes a token and everything minted from it, down to the last successor; its siblings and parents
  /// stay. Errors: not_found; unavailable.
  virtual Result<void> revoke_token(const Digest& digest, TimePoint now) = 0;
  /// Takes a jti by itself, for requests that end without another write. One whose time is over counts as
  /// new. \return whether it was new. Errors: unavailable.
  virtual Result<bool> use_jti(const UsedJti& jti, TimePoint now) = 0;
};

}  // namespace oidcop::store
