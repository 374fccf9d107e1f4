#include "http/guarded_fetcher.h"

namespace oidcop::http {
namespace {

class Slot {
 public:
  Slot(FetchSlots& slots, const FetchRequest& request)
      : slots_(slots), request_(request), taken_(slots.take(request.party, request.url.host())) {}
  ~Slot() {
    if (taken_) slots_.give_back(request_.party, request_.url.host());
  }
  Slot(const Slot&) = delete;
  Slot& operator=(const Slot&) = delete;

  const Result<void>& taken() const { return taken_; }

 private:
  FetchSlots& slots_;
  const FetchRequest& request_;
  Result<void> taken_;
};

}  // namespace

Result<void> FetchSlots::take(const std::string& party, const std::string& host) {
  const std::lock_guard lock(mutex_);
  if (under_way_.size() >= most_)
    return fail(Errc::unavailable, host + ": as many fetches as are allowed are under way");
  if (!under_way_.emplace(party, host).second)
    return fail(Errc::unavailable, host + ": a fetch for the same client is under way");
  return {};
}

void FetchSlots::give_back(const std::string& party, const std::string& host) {
  const std::lock_guard lock(mutex_);
  under_way_.erase({party, host});
}

Result<Response> GuardedFetcher::fetch(const FetchRequest& request) {
  const Slot slot(slots_, request);
  auto response = slot.taken() ? fetcher_.fetch(request) : fail(slot.taken().error());
  if (!response)
    log_.warning("fetch.failed", {{"client_id", request.party}, {"detail", response.error().detail}});
  return response;
}

}  // namespace oidcop::http
