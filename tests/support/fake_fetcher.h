#pragma once

#include "http/fetcher.h"

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace oidcop::testing {

/// The network as a test wants it: documents by URL. Remembers what was asked for. Thread-safe.
class FakeFetcher final : public http::Fetcher {
 public:
  Result<http::Response> fetch(const http::FetchRequest& request) override {
    const std::lock_guard lock(mutex_);
    requests_.push_back(request);
    const auto found = answers_.find(request.url.text());
    if (found == answers_.end())
      return fail(Errc::unavailable, request.url.host() + ": nobody answers there");
    return found->second;
  }

  void serve(const std::string& url, std::string body, int status = 200) {
    const std::lock_guard lock(mutex_);
    answers_[url] = http::Response{status, {{"Content-Type", "application/json"}}, std::move(body)};
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
};

}  // namespace oidcop::testing
