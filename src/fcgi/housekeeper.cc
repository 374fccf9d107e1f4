#include "fcgi/housekeeper.h"

#include "base/log.h"

#include <exception>
#include <utility>

namespace oidcop::fcgi {

Housekeeper::Housekeeper(Handler& handler, Log& log, std::chrono::milliseconds interval, Duty duty)
    : handler_(&handler), log_(&log), interval_(interval), duty_(duty), thread_([this] { run(); }) {}

Housekeeper::~Housekeeper() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void Housekeeper::reload() {
  {
    const std::lock_guard lock(mutex_);
    reload_wanted_ = true;
  }
  changed_.notify_one();
}

void Housekeeper::run() {
  std::unique_lock lock(mutex_);
  while (!ending_) {
    changed_.wait_for(lock, interval_, [this] { return ending_ || reload_wanted_; });
    if (ending_) return;
    const bool reload = std::exchange(reload_wanted_, false);
    lock.unlock();
    if (reload) call(&Handler::on_reload, "reload.failed");
    call(duty_, "housekeeping.failed");
    lock.lock();
  }
}

void Housekeeper::call(Duty duty, const char* event) {
  try {
    (handler_->*duty)();
  } catch (const std::exception& error) {
    log_->error(event, {{"detail", error.what()}});
  } catch (...) {
    log_->error(event, {{"detail", "unknown exception"}});
  }
}

}  // namespace oidcop::fcgi
