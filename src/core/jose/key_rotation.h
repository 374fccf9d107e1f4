#pragma once

#include "jose/signing_keys.h"

#include <string>
#include <vector>

namespace oidcop::jose {

// The steps of a key's life as pure functions: snapshot in, new snapshot out. Keys of one kind (type, curve,
// "alg") form a line of succession of their own.

enum class RotationForce : std::uint8_t {
  none,
  now,  ///< do not wait until the next key has been published long enough
};

struct RotationOrder {
  TimePoint now{};
  /// Replace an active key of at least this age; 0: every active key (the administrator asked).
  Seconds max_age{0};
  RotationForce force = RotationForce::none;
  KeyTimes times{};
};

/// What a step did, for people: one line each, e.g. "EC P-256 ES256: abc… is active, def… is retired".
struct RotationResult {
  SigningKeys keys;
  std::vector<std::string> changes;  ///< empty: nothing was due
};

/// Keys for a new provider, active at once, since nobody can have cached an older set. Errors: unavailable.
Result<SigningKeys> create_signing_keys(const std::vector<KeyDefinition>& definitions, TimePoint now);

/// Fits the keys to the definitions: a kind that is missing begins with a next key, a kind that nobody asks
/// for any more is retired. Errors: unavailable.
Result<RotationResult> apply_definitions(const SigningKeys& keys,
                                         const std::vector<KeyDefinition>& definitions, TimePoint now);

/// One step, safe to repeat: activates a next key that has been published long enough where the active one is
/// due, retires that, publishes a new next key in time, and archives retired keys whose last token has
/// expired. Errors: unavailable.
Result<RotationResult> rotate(const SigningKeys& keys, const RotationOrder& order);

/// Only the last part of rotate: retired keys whose last token has expired are archived. For the background.
RotationResult archive_expired(const SigningKeys& keys, TimePoint now, const KeyTimes& times);

/// Ends a compromised key at once, without grace: it is removed, so that nothing it signed verifies any more;
/// a next key of its kind, or else a new one, takes over. Errors: not_found, unavailable.
Result<RotationResult> end_compromised(const SigningKeys& keys, std::string_view kid, TimePoint now);

}  // namespace oidcop::jose
