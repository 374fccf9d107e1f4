#pragma once

#include "fcgi/handler.h"

#include <atomic>
#include <condition_variable>
#include <mutex>

namespace oidcop::fcgi {

/// Answers with the request it got, as JSON, and misbehaves where the path says so:
///
/// - /throw throws, /throw-int throws what is no exception
/// - /bad-header answers with a header that holds CR LF, /sendfile with one that servers would obey
/// - /redirect answers 302 to another site, /not-modified 304
/// - /big answers with one MiB
/// - /wait holds the request until release() is called
/// - /sleep holds it for 300 ms
/// - below the document root /srv/exposed private files are exposed
/// - /reloads answers how often on_reload() was called
class EchoHandler final : public Handler {
 public:
  http::Response handle(const http::Request& request) override;
  void on_reload() override { ++reloads_; }
  void tick() override { ++ticks_; }
  void run_due() override { ++rounds_; }
  std::optional<std::string> why_exposed_below(std::string_view document_root) override {
    return document_root == "/srv/exposed" ? std::optional<std::string>("keys.json: lies below")
                                           : std::nullopt;
  }

  void await_waiting(int requests);  ///< until so many requests have reached /wait
  void release();                    ///< lets all requests at /wait go on, from now on
  int reloads() const { return reloads_; }
  int ticks() const { return ticks_; }
  int rounds() const { return rounds_; }

 private:
  void wait();

  std::mutex mutex_;
  std::condition_variable changed_;
  int waiting_ = 0;
  bool released_ = false;
  std::atomic<int> reloads_ = 0;
  std::atomic<int> ticks_ = 0;
  std::atomic<int> rounds_ = 0;
};

}  // namespace oidcop::fcgi
