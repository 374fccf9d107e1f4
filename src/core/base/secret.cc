#include "base/secret.h"

#include <openssl/crypto.h>

#include <utility>

namespace oidcop {

Secret::Secret(std::string value) noexcept : value_(std::move(value)) {
  wipe(value);
}

Secret::Secret(Secret&& other) noexcept : value_(std::move(other.value_)) {
  wipe(other.value_);
}

Secret& Secret::operator=(const Secret& other) {
  if (this != &other) {
    std::string copy = other.value_;  // first, so that a failed allocation leaves this secret as it was
    wipe(value_);
    value_.swap(copy);
    wipe(copy);
  }
  return *this;
}

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this != &other) {
    wipe(value_);
    value_ = std::move(other.value_);
    wipe(other.value_);
  }
  return *this;
}

Secret::~Secret() {
  wipe(value_);
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  return a.empty() || CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

void wipe(std::string& octets) noexcept {
  // Up to the capacity: a short string that was moved from still holds its characters inside the object, and
  // one that was shortened holds them behind its end. Growing within the capacity does not allocate.
  octets.resize(octets.capacity());
  OPENSSL_cleanse(octets.data(), octets.size());
  octets.clear();
}

}  // namespace oidcop
