#pragma once

#include "jose/key_rotation.h"

#include <filesystem>
#include <functional>
#include <vector>

namespace oidcop::jose {

/// The private JWKS file of a provider (mode 0600). Values are only read and replaced whole; changes of
/// several processes happen one after the other under a lock file beside it. Thread-safe.
class KeyFile {
 public:
  explicit KeyFile(std::filesystem::path path) : path_(std::move(path)) {}

  const std::filesystem::path& path() const { return path_; }

  /// Errors: not_found; refused (permissions); malformed; all naming the file.
  Result<SigningKeys> load() const;

  /// Makes the file unless it is there; then it is only loaded. Errors: as load, unavailable.
  Result<SigningKeys> create(const std::vector<KeyDefinition>& definitions, TimePoint now) const;

  using Change = std::function<Result<RotationResult>(const SigningKeys&)>;
  /// Loads, changes and replaces under the lock; nothing is written when the change changed nothing or
  /// failed.
  Result<RotationResult> update(const Change& change) const;

  /// Writes the published set, as it is now, to a file that everybody may read. Under the lock: of two who
  /// changed the keys and publish at once, nobody leaves an older set. Errors: as load, unavailable.
  Result<void> publish(const std::filesystem::path& path) const;

 private:
  std::filesystem::path path_;
};

}  // namespace oidcop::jose
