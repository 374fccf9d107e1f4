#pragma once

#include "base/digest.h"
#include "model/client.h"
#include "model/initial_access_token.h"

#include <oidcop/result.h>
#include <oidcop/time.h>

#include <optional>
#include <string>
#include <vector>

namespace oidcop::store {

/// Keeps a client that registers itself. Everything in it is ready: checked, hashed, dated.
struct RegisterClient {
  model::Client client;
  std::optional<Digest> access_token;   ///< of its registration access token; nothing: it gets none
  std::optional<Digest> initial_token;  ///< of the initial access token, of which this is one use
  TimePoint now{};
  /// Until when the client stays though nobody uses it; nothing: as long as it likes.
  std::optional<TimePoint> unused_until;
  int most_unvetted = 0;  ///< how many unvetted clients there may be with this one, if it is unvetted itself
};

enum class RegisterOutcome : std::uint8_t {
  registered,
  token_spent,  ///< the initial access token is unknown, used up, expired or revoked
  full,         ///< there are as many unvetted clients as there may be
};

/// Replaces what a client registered (RFC 7592, 2.2).
struct UpdateRegistration {
  model::Client client;           ///< its version: the one that the new record was made from
  Digest access_token;            ///< the registration access token that was presented
  std::optional<Digest> rotated;  ///< takes its place
};

enum class UpdateOutcome : std::uint8_t {
  updated,
  token_gone,  ///< of no client, or of another one
  changed,     ///< somebody changed the client meanwhile
};

/// What is kept of a client that registered itself, besides the client.
struct Registration {
  model::ClientId client;
  std::optional<TimePoint> unused_until;  ///< nothing: it was used, is vetted, or stays anyway
};

/// Clients that register and manage themselves, and the tokens with which they do.
class RegistrationStore {
 public:
  virtual ~RegistrationStore() = default;
  /// Of concurrent calls with one initial access token no more succeed than it has uses.
  /// Errors: conflict (the client_id is taken); malformed (the record could not be read back); unavailable.
  virtual Result<RegisterOutcome> commit(const RegisterClient& command) = 0;
  /// Errors: malformed, unavailable.
  virtual Result<UpdateOutcome> commit(const UpdateRegistration& command) = 0;
  /// The client that this registration access token belongs to. Never writes.
  /// Errors: not_found; unavailable.
  virtual Result<Registration> find_registration(const Digest& access_token) = 0;
  /// Removes the client of this token with everything that hangs on it. Errors: not_found; unavailable.
  virtual Result<void> delete_registration(const Digest& access_token) = 0;

  /// Errors: conflict (id or digest are there already); unavailable.
  virtual Result<void> put_initial_token(const model::InitialAccessToken& token) = 0;
  /// Whatever its state. Never writes. Errors: not_found; unavailable.
  virtual Result<model::InitialAccessToken> find_initial_token(const Digest& digest) = 0;
  /// In the order in which they were issued. Errors: unavailable.
  virtual Result<std::vector<model::InitialAccessToken>> list_initial_tokens() = 0;
  /// One that is revoked already keeps the moment. Errors: not_found; unavailable.
  virtual Result<void> revoke_initial_token(const std::string& id, TimePoint now) = 0;
};

}  // namespace oidcop::store
