#pragma once

#include "jose/service_secrets.h"

#include <oidcop/random.h>

#include <string>
#include <string_view>

namespace oidcop::jose {

/// Where an encrypted value lives; it opens nowhere else.
struct CellAddress {
  std::string_view table;
  std::string_view column;
  std::string_view primary_key;
};

/// Encrypts single database values that must be read back (client secrets for HS* methods, TOTP seeds):
/// AES-256-GCM, issuer, address and master bound in. Values are octets. Thread-safe.
class CellCipher {
 public:
  CellCipher(MasterRing masters, std::string issuer)
      : masters_(std::move(masters)), issuer_(std::move(issuer)) {}

  /// Errors: unavailable (no randomness), refused (over 1 MiB).
  Result<std::string> encrypt(const Secret& value, const CellAddress& address, Random& random) const;
  /// Errors: bad_signature for every cause alike.
  Result<Secret> decrypt(std::string_view cell, const CellAddress& address) const;
  /// Whether a cell was made with a master that is no longer the current one; false for octets that are no
  /// cell.
  bool is_outdated(std::string_view cell) const;

 private:
  MasterRing masters_;
  std::string issuer_;
};

}  // namespace oidcop::jose
