#pragma once

#include "jose/algorithm.h"
#include "jose/signing_keys.h"
#include "model/client_token.h"
#include "token/minted_token.h"
#include "token/resource_policy.h"
#include "token/usage_rules.h"

#include <oidcop/message.h>
#include <oidcop/random.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace oidcop::token {

/// Media type in the header of JWT access tokens (RFC 9068, 2.1).
inline constexpr std::string_view kAccessTokenType = "at+jwt";

using model::AccessTokenFormat;

struct AccessTokenPolicy {
  std::string issuer;
  AccessTokenFormat format = AccessTokenFormat::opaque;
  jose::Algorithm algorithm = jose::Algorithm::rs256;  ///< of JWTs
  std::vector<std::string> audiences;  ///< who may accept it; empty: the issuer, for its userinfo endpoint
  ResourcePolicies resources;          ///< what may be asked for instead
};

/// What an access token is made from. References are borrowed for the call.
struct AccessTokenOrder {
  const model::Grant& grant;
  const model::Client& client;
  std::string subject;
  model::ScopeSet scope;  ///< of the token; whatever the grant does not have is left out
  model::TokenClass parent_class = model::TokenClass::authorization_code;
  std::optional<Digest> based_on;          ///< the parent; absent: the grant itself (no minting rule to ask)
  std::vector<std::string> audience = {};  ///< resources that were asked for, and are known
  Message claims;                          ///< user claims released at this point; JWTs only
  TimePoint now{};
};

/// What a client's own access token is made from (RFC 6749, 4.4). References are borrowed for the call.
struct ClientTokenOrder {
  const model::Client& client;
  model::ScopeSet scope;
  std::vector<std::string> audience = {};  ///< resources that were asked for, and are known
  TimePoint now{};
};

struct MintedClientToken {
  Secret value;
  model::ClientToken record;
};

/// Mints access tokens: an opaque handle, or a JWT of RFC 9068. Either is looked up by the digest of the
/// whole token. Thread-safe for const use.
class AccessTokens {
 public:
  AccessTokens(AccessTokenPolicy policy, UsagePolicy usage);

  /// Errors: refused (the parent may not mint one); unavailable (no randomness; no key for the algorithm).
  Result<MintedToken> mint(const AccessTokenOrder& order, const jose::SigningKeys& keys,
                           Random& random) const;

  /// For the client itself, which is its subject then (RFC 9068, 2.2). Errors: unavailable, as above;
  /// conflict when the resources want different formats.
  Result<MintedClientToken> mint_for_client(const ClientTokenOrder& order, const jose::SigningKeys& keys,
                                            Random& random) const;

  /// Who may accept a token that was asked for these resources: they, else what the policy says.
  std::vector<std::string> audience_of(const std::vector<std::string>& resources) const;
  /// The format of such a token: the resource's own, else the client's, else the policy's. Errors: conflict
  /// when resources want different ones.
  Result<AccessTokenFormat> format_of(const std::vector<std::string>& resources,
                                      const model::Client& client) const;
  const ResourcePolicies& resources() const { return policy_.resources; }

 private:
  Result<std::string> sign(Message claims, const std::vector<std::string>& audience,
                           const jose::SigningKeys& keys, Random& random) const;

  AccessTokenPolicy policy_;
  UsagePolicy usage_;
};

/// Whether the signature of an access token that the store knows still counts: a JWT falls with the key that
/// signed it, which is gone when it was compromised (keys that were replaced stay, archived ones too). An
/// opaque handle has no signature and passes. To be asked beside model::state_of. Errors: as
/// jose::verify_compact.
Result<void> check_still_signed(std::string_view access_token, const jose::SigningKeys& keys);

}  // namespace oidcop::token
