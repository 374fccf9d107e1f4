#pragma once

#include "base/secret.h"
#include "jose/algorithm.h"
#include "jose/signing_keys.h"
#include "token/usage_rules.h"

#include <oidcop/message.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace oidcop::token {

struct IdTokenPolicy {
  std::string issuer;
  jose::Algorithm default_algorithm = jose::Algorithm::rs256;  ///< for clients that registered none
};

/// Where the ID Token leaves: an unsigned one may only come straight from the token endpoint.
enum class IdTokenChannel : std::uint8_t { token_endpoint, front_channel };

/// What an ID Token is made from. References are borrowed for the call.
struct IdTokenOrder {
  const model::Grant& grant;  ///< its authentication event gives auth_time, acr and amr
  const model::Client& client;
  std::string subject;
  IdTokenChannel channel = IdTokenChannel::token_endpoint;
  /// The class it is minted from, whose rule must allow it (see check_minting); absent: the grant itself.
  std::optional<model::TokenClass> parent_class = model::TokenClass::authorization_code;
  std::string nonce;  ///< of the authorization request; empty, also when refreshing: left out
  std::string sid;    ///< the client session's; only for clients that take part in logout
  std::vector<std::string> other_audiences;  ///< besides the client itself
  Message claims;                            ///< user claims released at this point
  std::string_view access_token;             ///< issued together with it: at_hash
  std::string_view code;                     ///< issued together with it: c_hash
  std::string_view state;                    ///< of the response it is part of: s_hash
  const Secret* client_secret = nullptr;     ///< needed for HS* only
  TimePoint now{};
};

/// The `sid` that this client may know: only clients that can be told of a logout have a use for it (OpenID
/// Connect Back-Channel Logout 1.0, 2.1). Else empty.
std::string sid_told_to(const model::Client& client, const model::ClientSession& session);

/// The algorithm that this client's ID Tokens are signed with: its registered one, else the default.
jose::Algorithm id_token_algorithm(const IdTokenPolicy& policy, const model::Client& client);

/// at_hash, c_hash and s_hash: the left half of the hash that goes with the signature algorithm (OpenID
/// Connect Core 1.0, 3.1.3.6 and 3.3.2.11; Financial-grade API 1.0, 2, 5.1). Empty for `none`, which names no
/// hash; `eddsa` counts as `ed25519`.
std::string half_hash(jose::Algorithm algorithm, std::string_view token);

/// Mints ID Tokens (OpenID Connect Core 1.0, 2): iss, sub, aud, exp, iat, auth_time, and nonce, acr, amr,
/// azp, sid, at_hash, c_hash, s_hash where there is reason; nothing else but the claims given. Thread-safe
/// for const use.
class IdTokens {
 public:
  IdTokens(IdTokenPolicy policy, UsagePolicy usage);

  /// Errors: refused (the parent may not mint one; unsigned in the front channel or for a client that may not
  /// have it; a secret too short for the algorithm); unavailable (no key for the algorithm); internal (HS*
  /// without a secret).
  Result<std::string> mint(const IdTokenOrder& order, const jose::SigningKeys& keys) const;

  /// For clients that registered none.
  jose::Algorithm default_algorithm() const { return policy_.default_algorithm; }

 private:
  Message claims_of(const IdTokenOrder& order, jose::Algorithm algorithm) const;

  IdTokenPolicy policy_;
  UsagePolicy usage_;
};

}  // namespace oidcop::token
