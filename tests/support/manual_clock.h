#pragma once

#include <oidcop/time.h>

#include <atomic>
#include <cstdint>

namespace oidcop::testing {

/// A clock that moves only when told to.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(std::int64_t start = 1'800'000'000) : seconds_(start) {}
  TimePoint now() const override { return TimePoint(Seconds(seconds_.load())); }
  void tick(Seconds by) { seconds_ += by.count(); }

 private:
  std::atomic<std::int64_t> seconds_;
};

}  // namespace oidcop::testing
