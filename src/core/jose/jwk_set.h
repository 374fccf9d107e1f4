#pragma once

#include "jose/jwk.h"

#include <string>
#include <string_view>
#include <vector>

namespace oidcop::jose {

/// Keys in an order. A value; copies share the key material. Thread-safe for const use.
class JwkSet {
 public:
  JwkSet() = default;
  explicit JwkSet(std::vector<Jwk> keys) : keys_(std::move(keys)) {}

  /// Reads a JWK Set (RFC 7517, 5). As section 5 there asks, keys that are not understood (unknown "kty" or
  /// curve, missing members, sizes out of range) are skipped; `skipped()` says why, for an administrator.
  /// Errors: malformed (no JSON object, no "keys" array), refused (more than 128 keys).
  static Result<JwkSet> parse(const Json& set);
  static Result<JwkSet> parse_text(std::string_view text);

  const std::vector<Jwk>& keys() const { return keys_; }
  const std::vector<std::string>& skipped() const { return skipped_; }
  bool empty() const { return keys_.empty(); }
  void add(Jwk key) { keys_.push_back(std::move(key)); }

  /// The public set; octets have no public form and are left out.
  Json dump_public() const;
  std::string dump_public_text() const;

  /// Keys that may have made a signature with this algorithm and kid, on a curve that `allowed` allows it on.
  /// With a kid: the keys of that kid, and keys that have none; without: every key that fits. At most 8, so
  /// that a token cannot buy much work.
  std::vector<Jwk> candidates(Algorithm algorithm, std::string_view kid, const AlgorithmSet& allowed) const;

  const Jwk* find(std::string_view kid) const;  ///< the first with this kid; null when absent

 private:
  std::vector<Jwk> keys_;
  std::vector<std::string> skipped_;
};

}  // namespace oidcop::jose
