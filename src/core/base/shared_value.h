#pragma once

#include <memory>
#include <mutex>
#include <utility>

namespace oidcop {

/// A value that some threads read while another puts a new one in its place: who has read one keeps it as
/// long as they hold it. A lock for the time of copying a pointer, and no std::atomic<std::shared_ptr>: that
/// of libstdc++ 12 lets go of its own lock without release when it has read, so that the next writer's store
/// is not ordered after the read.
template <class T>
class SharedValue {
 public:
  explicit SharedValue(std::shared_ptr<const T> value = nullptr) : value_(std::move(value)) {}

  std::shared_ptr<const T> load() const {
    const std::lock_guard lock(mutex_);
    return value_;
  }
  void store(std::shared_ptr<const T> value) {
    const std::lock_guard lock(mutex_);
    value_.swap(value);  // the old one ends with the parameter, when the lock is free again
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const T> value_;
};

}  // namespace oidcop
