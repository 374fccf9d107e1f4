#pragma once

#include "base/digest.h"
#include "base/secret.h"
#include "jose/signing_keys.h"

#include <oidcop/random.h>
#include <oidcop/time.h>

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace oidcop::jose {

/// What a secret of the service is for. Each purpose has masters of its own.
enum class SecretPurpose : std::uint8_t {
  seal,      ///< what the browser carries for us; rotates
  pepper,    ///< HMAC over generated client secrets and short codes; does not rotate
  data,      ///< encrypted cells of the database; rotates, old masters stay until every cell is re-encrypted
  pairwise,  ///< pairwise subject identifiers; never rotates, or every user would be a stranger
};
std::string_view secret_purpose_name(SecretPurpose purpose);

/// First octets of the digest of a master's kid: names the key in what was sealed with it.
using MasterId = std::array<std::uint8_t, 8>;

struct MasterSecret {
  SecretPurpose purpose = SecretPurpose::seal;
  std::string kid = {};
  MasterId id{};
  Secret octets = {};                 ///< 32 octets
  KeyState state = KeyState::active;  ///< next, active or retired
  std::optional<TimePoint> created_at = {};
  std::optional<TimePoint> retired_at = {};
};

/// A new master of 32 random octets. Errors: unavailable.
Result<MasterSecret> make_master(Random& random, SecretPurpose purpose, KeyState state, TimePoint now);

/// The masters of one purpose: the one in use and those that still open older texts. Thread-safe for const
/// use.
class MasterRing {
 public:
  MasterRing(SecretPurpose purpose, std::vector<MasterSecret> masters);
  const MasterSecret& current() const { return masters_.front(); }
  const MasterSecret* find(const MasterId& id) const;
  SecretPurpose purpose() const { return purpose_; }

 private:
  SecretPurpose purpose_;
  std::vector<MasterSecret> masters_;  // the active one first
};

/// All secrets of the service: an immutable snapshot. In the file: a JWKS of oct keys with the members
/// `oidcop_purpose`, `oidcop_state`, `oidcop_created_at`, `oidcop_retired_at`.
class ServiceSecrets {
 public:
  static Result<ServiceSecrets> create(Random& random, TimePoint now);
  /// Errors: malformed, refused (a purpose without exactly one active master, a master that is not 32
  /// octets).
  static Result<ServiceSecrets> parse(const Secret& text);
  Secret dump() const;

  const std::vector<MasterSecret>& masters() const { return masters_; }
  MasterRing ring(SecretPurpose purpose) const;

 private:
  explicit ServiceSecrets(std::vector<MasterSecret> masters) : masters_(std::move(masters)) {}
  friend struct SecretRotation;
  std::vector<MasterSecret> masters_;
};

struct SecretRotationOrder {
  SecretPurpose purpose = SecretPurpose::seal;  ///< seal or data
  TimePoint now{};
  Seconds reload_interval{5};  ///< a next master is used after all responders must have read it
};
/// One step, safe to repeat: activates a next master that is old enough, else adds a next one. Retired seal
/// masters go three days after they retired; retired data masters stay. Errors: refused (pepper, pairwise),
/// unavailable.
Result<ServiceSecrets> rotate_secret(const ServiceSecrets& secrets, Random& random,
                                     const SecretRotationOrder& order);
/// Forgets retired data masters, once every cell was encrypted anew.
ServiceSecrets forget_retired_data_masters(const ServiceSecrets& secrets);

/// The secrets' file (0600), handled as KeyFile handles signing keys.
Result<ServiceSecrets> load_service_secrets(const std::filesystem::path& path);
/// Makes the file unless it is there; then it is only loaded.
Result<ServiceSecrets> create_service_secrets(const std::filesystem::path& path, Random& random,
                                              TimePoint now);
Result<ServiceSecrets> rotate_service_secret(const std::filesystem::path& path, Random& random,
                                             const SecretRotationOrder& order);

}  // namespace oidcop::jose
