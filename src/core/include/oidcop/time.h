#pragma once

#include <chrono>

namespace oidcop {

/// A moment in UTC, whole seconds, as every protocol of this house counts them.
using TimePoint = std::chrono::sys_seconds;
/// Lifetimes and durations.
using Seconds = std::chrono::seconds;

/// The only source of "now". Passed in, never fetched. Implementations are thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual TimePoint now() const = 0;
};

}  // namespace oidcop
