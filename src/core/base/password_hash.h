#pragma once

#include "base/secret.h"

#include <oidcop/random.h>
#include <oidcop/result.h>

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>

namespace oidcop {

/// What a password hash costs and how many may be computed at once. Hashes are slow and hungry on purpose, so
/// whoever may ask for them must not be able to occupy all workers and all memory with them.
struct PasswordHashPolicy {
  int cost = 5;        ///< of yescrypt, 1 … 11; each step doubles the memory (5: 16 MiB, some 30 ms)
  int concurrent = 2;  ///< hashes being computed at the same time
  int waiting = 8;     ///< callers that may wait for one of these places; everybody else is refused at once
  std::chrono::milliseconds patience{1000};  ///< how long one waits before it is refused as well
};

/// crypt(3): the hash of a password under a setting, which is any hash or the part of it before the digest;
/// empty when the library does not take the setting. Thread-safe.
std::string crypt_password(const Secret& password, const std::string& setting);
using CryptFunction = std::function<std::string(const Secret& password, const std::string& setting)>;

/// crypt(3) hashes of passwords: makes yescrypt, verifies yescrypt, gost-yescrypt, scrypt, bcrypt,
/// sha512crypt and sha256crypt, so that shadow and htpasswd files can be imported. DES, MD5, SHA-1 and NT
/// hashes verify nothing. Thread-safe; one object per process, since it holds the cap.
class PasswordHasher {
 public:
  /// Longest password in octets; what is longer matches nothing (crypt(3) takes no more).
  static constexpr std::size_t kMaxPassword = 511;

  /// \param crypt  does all of the work; a test passes one that counts
  explicit PasswordHasher(PasswordHashPolicy policy = {}, CryptFunction crypt = crypt_password);

  /// Changes how many hashes may be computed at the same time from now on; at least one. What is being
  /// computed goes on.
  void set_concurrent(int concurrent);

  /// A new hash with a salt of its own. Errors: refused (empty, longer than kMaxPassword, NUL within),
  /// unavailable (too many at once, or no randomness).
  Result<std::string> hash(const Secret& password, Random& random);

  /// Whether the password belongs to the stored hash; compared in constant time. An empty or unusable stored
  /// hash belongs to no password, and finding that out costs as much as a wrong password does. Errors:
  /// unavailable (too many at once): nothing was decided.
  Result<bool> verify(const Secret& password, std::string_view stored);

  /// The work of one verification, for nobody: keeps "no such account" as slow as "wrong password".
  /// Errors: unavailable, as above.
  Result<void> verify_nobody(const Secret& password);

  /// Whether a stored hash is of another kind than the ones made now, or cheaper. One that costs more stays:
  /// somebody chose that.
  bool needs_rehash(std::string_view stored) const;

 private:
  class Place;  // one of the `concurrent` places, given back when it ends

  Result<Place> take_place();

  PasswordHashPolicy policy_;
  CryptFunction crypt_;
  std::string nobody_;  // a setting like those of new hashes
  std::mutex mutex_;
  std::condition_variable freed_;
  int busy_ = 0, waiting_ = 0;
};

/// Whether a stored hash is of a kind that PasswordHasher verifies; for imports.
bool is_acceptable_password_hash(std::string_view stored);

}  // namespace oidcop
