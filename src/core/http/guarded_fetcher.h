#pragma once

#include "base/log.h"
#include "http/fetcher.h"

#include <oidcop/result.h>

#include <cstddef>
#include <mutex>
#include <set>
#include <string>
#include <utility>

namespace oidcop::http {

/// How many fetches may be under way at the same time, so that hosts which do not answer never take all
/// workers: a bound for all, and one for each party and host. Thread-safe; lives as long as the process.
class FetchSlots {
 public:
  explicit FetchSlots(std::size_t most) : most_(most) {}

  /// Takes a slot at once or not at all. Errors: refused.
  Result<void> take(const std::string& party, const std::string& host);
  void give_back(const std::string& party, const std::string& host);

 private:
  std::mutex mutex_;
  const std::size_t most_;
  std::set<std::pair<std::string, std::string>> under_way_;
};

/// Another fetcher within the slots, and with a line in the log for each fetch that came to nothing.
class GuardedFetcher final : public Fetcher {
 public:
  /// All three are borrowed.
  GuardedFetcher(Fetcher& fetcher, FetchSlots& slots, Log& log)
      : fetcher_(fetcher), slots_(slots), log_(log) {}

  Result<Response> fetch(const FetchRequest& request) override;

 private:
  Fetcher& fetcher_;
  FetchSlots& slots_;
  Log& log_;
};

}  // namespace oidcop::http
