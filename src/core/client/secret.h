#pragma once

#include "base/digest.h"
#include "base/secret.h"
#include "model/client.h"

#include <oidcop/random.h>
#include <oidcop/result.h>
#include <oidcop/time.h>

#include <optional>
#include <vector>

namespace oidcop {
class PasswordHasher;
}
namespace oidcop::jose {
class CellCipher;
class Pepper;
}  // namespace oidcop::jose

namespace oidcop::client {

/// Shortest secret that is taken for a random one and kept as a keyed digest. Shorter ones, chosen by a
/// person, are hashed slowly and their attempts are counted.
inline constexpr std::size_t kStrongSecretSize = 32;
/// Shortest secret that may be chosen at all.
inline constexpr std::size_t kShortestSecret = 12;

/// A secret as it is told once, and as it is kept.
struct IssuedSecret {
  Secret plain;
  model::ClientSecret stored;
};

/// Whether the client needs a secret at all: it authenticates with one, or it is the key of what it is told.
bool needs_secret(const model::Client& client);
/// Whether the provider must be able to read the secret back: client_secret_jwt, HS* signatures and symmetric
/// encryption, where the plain octets are the key or what it is derived from. A client that changes into this
/// needs a new secret.
bool needs_plain_secret(const model::Client& client);

/// How client secrets are made, kept and checked. Thread-safe. References outlive it.
class ClientSecrets {
 public:
  ClientSecrets(const jose::Pepper& pepper, const jose::CellCipher& cells, PasswordHasher& hasher)
      : pepper_(pepper), cells_(cells), hasher_(hasher) {}

  /// A new secret: 256 random bits, 43 URL-safe characters; 384 bits, 64 characters where it serves as an HS*
  /// key. Stored as the client's method asks for. \param expires_at  nothing: lives until it is removed.
  /// Errors: unavailable (no randomness).
  Result<IssuedSecret> generate(const model::Client& client, TimePoint now,
                                std::optional<TimePoint> expires_at, Random& random) const;

  /// The stored form of a secret that an administrator brings along. Errors: refused (too short, or shorter
  /// than kStrongSecretSize where the plain octets are a key, characters that Basic cannot carry),
  /// unavailable.
  Result<model::ClientSecret> store(const model::Client& client, const Secret& chosen, TimePoint now,
                                    std::optional<TimePoint> expires_at, Random& random) const;

  /// Whether the presented secret is one of the client's live ones. Takes every live secret into account, in
  /// time that depends on what is presented and not on what is stored; a null client matches nothing at the
  /// same cost. Errors: unavailable (too many slow hashes at once).
  Result<bool> verify(const model::Client* client, const Secret& presented, TimePoint now) const;

  /// Whether verifying this takes a slow hash, so that the attempt must be counted first.
  static bool is_slow(const Secret& presented) { return presented.size() < kStrongSecretSize; }

  /// The live secrets that can be read back, newest first, for HS* keys.
  /// Errors: bad_signature when a stored one does not open.
  Result<std::vector<Secret>> plain_secrets(const model::Client& client, TimePoint now) const;

 private:
  Result<model::ClientSecret> seal(const model::Client& client, const Secret& plain, Random& random) const;
  Digest keyed_digest(const model::ClientId& client, const Secret& plain) const;

  const jose::Pepper& pepper_;
  const jose::CellCipher& cells_;
  PasswordHasher& hasher_;
};

/// The secret that what the client gets with HS* is signed with, and checked with: the newest that can be
/// read back; nothing when the client needs none, or has none. Errors: as plain_secrets.
Result<std::optional<Secret>> signing_secret(const ClientSecrets& secrets, const model::Client& client,
                                             TimePoint now);

}  // namespace oidcop::client
