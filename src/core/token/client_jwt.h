#pragma once

#include "client/published_keys.h"
#include "client/response_protection.h"
#include "client/secret.h"
#include "jose/signing_keys.h"
#include "model/client.h"

#include <oidcop/message.h>
#include <oidcop/random.h>
#include <oidcop/result.h>
#include <oidcop/time.h>

#include <string>
#include <string_view>

namespace oidcop::token {

/// What a JWT for a client is made from, besides its claims. References are borrowed for the call.
struct ClientJwtOrder {
  const model::Client& client;
  client::ResponseProtection protection;
  std::string_view typ;  ///< of the header, so that it is taken for nothing else (RFC 8725, 3.11)
  TimePoint now{};
};

class ClientJwts;

/// An ID Token as this client gets it: encrypted when it registered that (OpenID Connect Core 1.0, 10.2).
/// Errors: as ClientJwts::encrypt.
Result<std::string> id_token_for(std::string id_token, const model::Client& client, const ClientJwts& jwts,
                                 TimePoint now);

/// Puts what a client is told into a JWT for this client alone: signed with our key or with its secret (HS*),
/// encrypted for a key of its own or one derived from its secret, or first the one and then the other
/// (RFC 7519, 11.2). For userinfo, introspection, logout tokens, and the encryption of ID Tokens. A client's
/// keys may have to be fetched for that. Thread-safe; references outlive it.
class ClientJwts {
 public:
  ClientJwts(const jose::SigningKeys& keys, const client::ClientSecrets& secrets,
             const client::PublishedKeys& published, Random& random)
      : keys_(keys), secrets_(secrets), published_(published), random_(random) {}

  /// Errors: refused when neither is asked for; unavailable (no key of ours for the algorithm, no
  /// randomness); not_found (no key of the client that fits).
  Result<std::string> make(const Message& claims, const ClientJwtOrder& order) const;

  /// Encrypts a JWT that was signed already. Errors: as above.
  Result<std::string> encrypt(std::string_view jwt, const ClientJwtOrder& order) const;

 private:
  Result<std::string> sign(const Message& claims, const ClientJwtOrder& order) const;
  Result<std::string> seal(std::string_view content, const ClientJwtOrder& order,
                           const jose::JweHeader& header) const;
  /// The newest live secret that can be read back. Errors: unavailable when there is none.
  Result<Secret> secret_of(const model::Client& client, TimePoint now) const;

  const jose::SigningKeys& keys_;
  const client::ClientSecrets& secrets_;
  const client::PublishedKeys& published_;
  Random& random_;
};

}  // namespace oidcop::token
