#pragma once

#include <atomic>
#include <csignal>
#include <functional>
#include <thread>

namespace oidcop::fcgi {

/// Turns SIGTERM, SIGINT and SIGUSR1 (web servers differ in what they send) into one call, SIGHUP into
/// another.
///
/// The signals are blocked for the calling thread and all that it starts afterwards, and taken by a thread of
/// their own, so that the calls may do anything. Make it before other threads.
class Signals {
 public:
  Signals(std::function<void()> on_stop, std::function<void()> on_reload);
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

 private:
  void run();

  std::function<void()> on_stop_;
  std::function<void()> on_reload_;
  sigset_t signals_{};
  sigset_t before_{};
  std::atomic<bool> ending_ = false;
  std::thread thread_;
};

}  // namespace oidcop::fcgi
