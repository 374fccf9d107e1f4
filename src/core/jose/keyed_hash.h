#pragma once

#include "base/digest.h"
#include "jose/service_secrets.h"

#include <initializer_list>
#include <string>
#include <string_view>

namespace oidcop::jose {

/// HMAC-SHA-256 under one of the service's fixed secrets, over the issuer, a purpose and parts whose
/// boundaries cannot be shifted. Two types, so that the pepper never ends up in a subject identifier.
/// Thread-safe.
class Pepper {
 public:
  Pepper(const ServiceSecrets& secrets, std::string issuer);
  /// \param purpose  e.g. "client_secret"; the same value under another purpose is another digest
  Digest digest(std::string_view purpose, std::initializer_list<std::string_view> parts) const;

 private:
  Secret key_;
  std::string issuer_;
};

class PairwiseSalt {
 public:
  PairwiseSalt(const ServiceSecrets& secrets, std::string issuer);
  /// A subject identifier's digest over e.g. sector identifier and local user id (OpenID Connect
  /// Core 1.0, 8.1).
  Digest digest(std::initializer_list<std::string_view> parts) const;

 private:
  Secret key_;
  std::string issuer_;
};

}  // namespace oidcop::jose
