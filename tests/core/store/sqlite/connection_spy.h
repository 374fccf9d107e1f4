#pragma once

#include <sqlite3.h>

#include <atomic>
#include <functional>

namespace oidcop::testing {

/// Looks into every connection that this process opens while the object lives: counts the transactions that
/// wrote, and makes them fail on request. One at a time; opened before the store and closed after it.
class ConnectionSpy {
 public:
  ConnectionSpy() {
    commits() = 0;
    refuse_commits() = false;
    sqlite3_auto_extension(
        reinterpret_cast<void (*)()>(&ConnectionSpy::attach));  // NOLINT: the library's way
  }
  ConnectionSpy(const ConnectionSpy&) = delete;
  ConnectionSpy& operator=(const ConnectionSpy&) = delete;
  ~ConnectionSpy() { sqlite3_reset_auto_extension(); }

  static std::atomic<int>& commits() {
    static std::atomic<int> count;
    return count;
  }
  static std::atomic<bool>& refuse_commits() {
    static std::atomic<bool> refuse;
    return refuse;
  }

 private:
  static int attach(sqlite3* handle, const char** /*error*/, const void* /*api*/) {
    sqlite3_commit_hook(handle, &ConnectionSpy::on_commit, nullptr);
    return SQLITE_OK;
  }
  static int on_commit(void* /*unused*/) {
    if (refuse_commits()) return 1;  // the library rolls back
    ++commits();
    return 0;
  }
};

}  // namespace oidcop::testing
