#pragma once

#include "base/password_hash.h"

#include <atomic>
#include <thread>

namespace oidcop::testing {

/// Keeps a place of a hasher busy as long as it lives, so that whoever else computes a hash notices.
class HasherOccupant {
 public:
  explicit HasherOccupant(PasswordHasher& hasher)
      : thread_([this, &hasher] {
          while (!stop_) (void)hasher.verify_nobody(Secret("long work"));
        }) {}
  HasherOccupant(const HasherOccupant&) = delete;
  HasherOccupant& operator=(const HasherOccupant&) = delete;
  ~HasherOccupant() {
    stop_ = true;
    thread_.join();
  }

 private:
  std::atomic<bool> stop_ = false;
  std::thread thread_;
};

/// Whether `probe` gets to say once, in many tries, that the hasher was busy: it only can when it computes.
template <class Probe>
bool notices_busy_hasher(const Probe& probe) {
  for (int i = 0; i < 10'000; ++i) {
    if (probe()) return true;
  }
  return false;
}

}  // namespace oidcop::testing
