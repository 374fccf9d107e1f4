#include "base/system_clock.h"

namespace oidcop {

TimePoint SystemClock::now() const {
  return std::chrono::floor<Seconds>(std::chrono::system_clock::now());
}

std::int64_t to_unix(TimePoint time) {
  return time.time_since_epoch().count();
}

TimePoint from_unix(std::int64_t seconds) {
  return TimePoint(Seconds(seconds));
}

}  // namespace oidcop
