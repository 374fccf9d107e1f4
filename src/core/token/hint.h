#pragma once

#include "base/secret.h"
#include "jose/signing_keys.h"
#include "model/client.h"

#include <oidcop/message.h>
#include <oidcop/result.h>
#include <oidcop/time.h>

#include <string>
#include <string_view>

namespace oidcop::token {

/// An ID Token of ours that came back (OpenID Connect Core 1.0, 3.1.2.1, id_token_hint).
struct IdTokenHint {
  std::string subject;
  std::string sid;  ///< empty when it has none
  bool expired = false;
  Message claims;
};

struct HintPolicy {
  std::string issuer;
  const Secret* client_secret = nullptr;  ///< for a client whose ID Tokens are signed with it (HS*)
};

/// Verifies a hint: an ID Token that we signed for this client, with a key of ours that may be archived by
/// now; it may have expired. Nothing else that we sign is accepted in its place: not an access token (`typ`,
/// or claims of one), not a logout token (`events`), not another client's ID Token, not an unsigned one.
/// Errors: malformed; bad_signature; refused (signed, but no ID Token for this client); not_found (unknown
/// key).
Result<IdTokenHint> verify_id_token_hint(std::string_view hint, const model::Client& client,
                                         const jose::SigningKeys& keys, const HintPolicy& policy,
                                         TimePoint now);

}  // namespace oidcop::token
