#pragma once

#include <oidcop/result.h>

#include <functional>
#include <mutex>
#include <optional>
#include <utility>

namespace oidcop::page {

/// A value that is made when it is first asked for, once, and kept with its failure. Thread-safe. Does not
/// move.
template <class T>
class Lazy {
 public:
  explicit Lazy(std::function<Result<T>()> make) : make_(std::move(make)) {}

  const Result<T>& get() const {
    std::call_once(once_, [this] { value_.emplace(make_()); });
    return *value_;
  }

 private:
  std::function<Result<T>()> make_;
  mutable std::once_flag once_;
  mutable std::optional<Result<T>> value_;
};

}  // namespace oidcop::page
