#pragma once

#include <oidcop/time.h>

#include <cstdint>

namespace oidcop {

/// The machine's clock. The only caller of std::chrono::system_clock::now for protocol time.
class SystemClock final : public Clock {
 public:
  TimePoint now() const override;
};

/// Whole seconds since the epoch, and back; for JSON and database columns.
std::int64_t to_unix(TimePoint time);
TimePoint from_unix(std::int64_t seconds);

}  // namespace oidcop
