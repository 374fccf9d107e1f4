#pragma once

#include "fcgi/handler.h"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace oidcop {
class Log;
}

namespace oidcop::fcgi {

/// A thread that calls one duty of the handler again and again, and on_reload() when that is wished. What
/// they throw is logged and forgotten: the next round tries again.
class Housekeeper {
 public:
  using Duty = void (Handler::*)();
  /// `handler` and `log` outlive it.
  Housekeeper(Handler& handler, Log& log, std::chrono::milliseconds interval, Duty duty);
  ~Housekeeper();  ///< waits for the round that is going on
  Housekeeper(const Housekeeper&) = delete;
  Housekeeper& operator=(const Housekeeper&) = delete;

  void reload();  ///< soon; several wishes may become one

 private:
  void run();
  void call(Duty duty, const char* event);

  Handler* handler_;
  Log* log_;
  std::chrono::milliseconds interval_;
  Duty duty_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool ending_ = false;
  bool reload_wanted_ = false;
  std::thread thread_;
};

}  // namespace oidcop::fcgi
