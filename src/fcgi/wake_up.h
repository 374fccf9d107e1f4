#pragma once

#include <unistd.h>

#include <cstdint>

namespace oidcop::fcgi {

/// Wakes the thread that polls this eventfd. Callable from signal handlers. A full counter wakes it just as
/// well, hence no error.
inline void wake_up(int eventfd) noexcept {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(eventfd, &one, sizeof one);
}

/// Takes all pending wake-ups off.
inline void fall_asleep(int eventfd) noexcept {
  std::uint64_t count = 0;
  [[maybe_unused]] const auto got = ::read(eventfd, &count, sizeof count);
}

}  // namespace oidcop::fcgi
