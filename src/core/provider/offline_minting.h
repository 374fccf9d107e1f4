#pragma once

#include "claims/release.h"
#include "claims/subject.h"
#include "client/secret.h"
#include "jose/signing_keys.h"
#include "model/client.h"
#include "model/scope.h"
#include "model/user.h"
#include "store/session_store.h"
#include "token/access_token.h"
#include "token/id_token.h"
#include "token/usage_rules.h"

#include <oidcop/message.h>
#include <oidcop/random.h>
#include <oidcop/result.h>
#include <oidcop/time.h>

#include <optional>
#include <string>

namespace oidcop::provider {

/// What minting without a browser works with. References outlive the call.
struct MintingParts {
  const jose::SigningKeys& keys;
  const token::AccessTokens& access_tokens;
  const token::IdTokens& id_tokens;
  const token::UsagePolicy& usage;
  const claims::ClaimRelease& release;
  const claims::Subjects& subjects;
  const client::ClientSecrets& secrets;
  Random& random;
};

struct MintingOrder {
  model::User user;
  model::Client client;
  model::ScopeSet scope;  ///< of it the client gets what it may have
  std::string nonce;
  std::optional<Seconds> lifetime;  ///< of the whole grant; absent: as configured
  bool with_refresh_token = false;
};

/// What the recipient gets, and what must be recorded for it to count.
struct MintedOffline {
  Message answer;  ///< the members of a token response (RFC 6749, 5.1)
  model::UserSession session;
  store::Authorize record;  ///< with the session, a command for store::record_minted
};

/// Mints tokens for a user and a client as if they had met, on an administrator's word. Session, grant and
/// tokens are for the same tables as all others, so that introspection, revocation and logout know them;
/// until they are recorded the tokens are worthless. Errors: refused (nothing the client may have),
/// unavailable.
Result<MintedOffline> mint_offline(const MintingParts& parts, const MintingOrder& order, TimePoint now);

}  // namespace oidcop::provider
