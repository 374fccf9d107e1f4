#pragma once

#include <sys/resource.h>

namespace oidcop::bench {

/// What this process has used so far of the processors, in the system's name and in its own.
inline double cpu_milliseconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto of = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_usec) / 1e3;
  };
  return of(usage.ru_utime) + of(usage.ru_stime);
}

}  // namespace oidcop::bench
