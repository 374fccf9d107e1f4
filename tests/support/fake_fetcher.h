#pragma once

#include "http/fetcher.h"

#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

namespace oidcop::testing {

/// The network as a test wants it: documents by URL. Remembers what was asked for. Thread-safe.
class FakeFetcher final : public http::Fetcher {
 public:
  Result<http::Response> fetch(const http::FetchRequest& request) override {
    const std::lock_guard lock(mutex_);
    requests_.push_back(request);
    if (forbidden_.count(request.url.text()) != 0)
      return fail(Errc::refused, request.url.host() + ": 10.0.0.1 is not public");
    const auto found = answers_.find(request.url.text());
    if (found == answers_.end())
      return fail(Errc::unavailable, request.url.host() + ": nobody answers there");
    return found->second;
  }

  void serve(const std::string& url, std::string body, int status = 200) {
    const std::lock_guard lock(mutex_);
    answers_[url] = http::Response{status, {{"Content-Type", "application/json"}}, std::move(body)};
  }
  /// As the real one does with an address or a size that goes against policy.
  void forbid(const std::string& url) {
    const std::lock_guard lock(mutex_);
    forbidden_.insert(url);
  }
  void take_away(const std::string& url) {
    const std::lock_guard lock(mutex_);
    answers_.erase(url);
  }
  std::vector<http::FetchRequest> requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }
  std::size_t count() const { return requests().size(); }

 private:
  mutable std::mutex mutex_;
  std::map<std::string, http::Response> answers_;
  std::vector<http::FetchRequest> requests_;
  std::set<std::string> forbidden_;
};

}  // namespace oidcop::testing
