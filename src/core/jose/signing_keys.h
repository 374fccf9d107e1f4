#pragma once

#include "jose/jwk_set.h"
#include "jose/key_definition.h"

#include <oidcop/time.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace oidcop::jose {

/// The life of a key: published but not yet signing; signing; published until the last token it signed has
/// expired; unpublished, its public half kept to verify old ID Token hints.
enum class KeyState : std::uint8_t { next, active, retired, archived };
std::string_view key_state_name(KeyState state);
Result<KeyState> parse_key_state(std::string_view name);

/// A key with its history. In the file these are further members of the JWK: `oidcop_state` (a name of
/// KeyState) and `oidcop_published_at`, `oidcop_activated_at`, `oidcop_retired_at`, `oidcop_archived_at`
/// (seconds since the epoch). A JWK without `oidcop_state` is active since an unknown time. Members of others
/// (x5c, …) stay in the file.
struct ManagedKey {
  Jwk key;
  KeyState state = KeyState::active;
  std::optional<TimePoint> published_at = {};
  std::optional<TimePoint> activated_at = {};
  std::optional<TimePoint> retired_at = {};
  std::optional<TimePoint> archived_at = {};
  std::shared_ptr<const Json> foreign = {};  ///< members that are not ours, or null

  /// When the state began, where that is known.
  std::optional<TimePoint> since() const;
};

/// How long a key must be known before it signs, and how long after it stops it must stay known.
struct KeyTimes {
  Seconds jwks_max_age{3600};    ///< Cache-Control max-age of the published set
  Seconds reload_interval{5};    ///< how late a running responder may notice a new file
  Seconds longest_token{86400};  ///< lifetime of the longest-lived token that is signed

  Seconds before_signing() const { return jwks_max_age + reload_interval; }
  Seconds after_signing() const { return longest_token + reload_interval; }
};

/// The provider's signing keys at one moment: an immutable snapshot that all threads share.
///
/// Changes make a new snapshot (key_rotation.h) which KeyFile writes.
class SigningKeys {
 public:
  explicit SigningKeys(std::vector<ManagedKey> keys);

  /// Reads a private JWKS, ours or one written by others. Strict: a key that cannot be read is an error that
  /// names it. Errors: malformed or refused; refused also for two keys of one kid.
  static Result<SigningKeys> parse(const Secret& text);
  /// The file's text, private halves included; archived keys only with their public half.
  Result<Secret> dump_private() const;

  const std::vector<ManagedKey>& keys() const { return keys_; }

  /// The key to sign with now: the active one that fits and whose "alg", if it has one, is this very name;
  /// the latest activated first, for "EdDSA" one on Ed25519 before one on Ed448. Null when there is none.
  const Jwk* signing_key(Algorithm algorithm) const;
  /// Algorithms that signing_key can answer, for the discovery document.
  std::vector<Algorithm> algorithms() const;

  /// What the world may see: next, active and retired keys, public halves only. Rendered once.
  const JwkSet& published() const { return published_; }
  const std::string& published_text() const { return published_text_; }
  /// Public halves of all keys, archived ones included: for tokens that we signed ourselves.
  const JwkSet& verification() const { return verification_; }
  /// Private halves of the keys that others may encrypt for ("use": "enc"), retired ones included: what was
  /// encrypted a moment ago still arrives.
  const JwkSet& decryption() const { return decryption_; }

 private:
  std::vector<ManagedKey> keys_;
  JwkSet published_;
  JwkSet verification_, decryption_;
  std::string published_text_;
};

/// A table for people: kid, type, algorithm, state, since when and until when, one object per key.
Json describe(const SigningKeys& keys, const KeyTimes& times);

}  // namespace oidcop::jose
