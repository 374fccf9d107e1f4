#pragma once

#include <oidcop/random.h>

#include <cstddef>
#include <mutex>

namespace oidcop::testing {

/// Octets that are the same in every run: each call continues one sequence, so that no two values repeat
/// soon. `FixedRandom(seed, fail_on)` refuses the call of that number, counted from 1, as a broken generator
/// would.
class FixedRandom final : public Random {
 public:
  explicit FixedRandom(std::uint64_t seed = 1, std::size_t fail_on = 0) : state_(seed), fail_on_(fail_on) {}

  Result<void> fill(std::span<std::uint8_t> out) override {
    const std::scoped_lock lock(mutex_);
    if (++calls_ == fail_on_) return fail(Errc::unavailable, "FixedRandom fails as it was told");
    for (std::size_t i = 0; i < out.size(); ++i) {
      if (i % 8 == 0) word_ = next();
      out[i] = static_cast<std::uint8_t>(word_ >> (i % 8 * 8));
    }
    return {};
  }

  /// Lets the n-th call from now fail, once.
  void fail_after(std::size_t n) {
    const std::scoped_lock lock(mutex_);
    fail_on_ = calls_ + n;
  }
  std::size_t calls() const {
    const std::scoped_lock lock(mutex_);
    return calls_;
  }

 private:
  /// SplitMix64: a counter, mixed.
  std::uint64_t next() {
    state_ += 0x9E3779B97F4A7C15U;
    std::uint64_t mixed = state_;
    mixed = (mixed ^ (mixed >> 30U)) * 0xBF58476D1CE4E5B9U;
    mixed = (mixed ^ (mixed >> 27U)) * 0x94D049BB133111EBU;
    return mixed ^ (mixed >> 31U);
  }

  mutable std::mutex mutex_;
  std::uint64_t state_;
  std::uint64_t word_ = 0;
  std::size_t calls_ = 0;
  std::size_t fail_on_;
};

}  // namespace oidcop::testing
