#pragma once

#include <oidcop/result.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

struct sqlite3;
struct sqlite3_stmt;

namespace oidcop::store::sqlite {

class Query;

enum class Access : std::uint8_t {
  read_write,   ///< may write; the file must be there
  query_only,   ///< opened like that, but every statement that would write is refused
  file_locked,  ///< the file itself is opened for reading alone
};

struct ConnectionOptions {
  std::string path;  ///< absolute
  Access access = Access::read_write;
  bool full_sync = true;                         ///< synchronous=FULL, else NORMAL
  std::chrono::milliseconds busy_timeout{5000};  ///< how long a lock is waited for
};

struct CloseStatement {
  void operator()(sqlite3_stmt* statement) const;
};
using StatementHandle = std::unique_ptr<sqlite3_stmt, CloseStatement>;

/// Of a statement's text, which may be long: its length and its end tell most of them apart.
struct HashText {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const {
    constexpr std::size_t kEnd = 32;
    const auto end = text.substr(text.size() - std::min(text.size(), kEnd));
    return std::hash<std::string_view>()(end) ^ text.size();
  }
};

/// One hardened connection with its prepared statements. Used by one thread at a time.
class Connection {
 public:
  /// Errors: unavailable; internal when the file is no database.
  static Result<std::unique_ptr<Connection>> open(const ConnectionOptions& options);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection();

  /// One use of a statement, which stays prepared for the next one. What went wrong is told by its first
  /// step.
  Query query(std::string_view sql);
  /// Runs a script of our own without results. Errors: as error_of.
  Result<void> execute(const std::string& script);
  /// A single number, such as a pragma's answer; 0 when there is no row.
  Result<std::int64_t> number(std::string_view sql);

  bool in_transaction() const;
  /// After an error that a new connection may not have (read-only, I/O): not to be used again.
  bool is_broken() const { return is_broken_; }
  sqlite3* handle() const { return handle_.get(); }

  /// The error of the last call, in the house's terms: unavailable for what may pass (busy, read-only, full
  /// disk, I/O), conflict for a broken uniqueness or reference, else internal.
  Error error_of(int code);

 private:
  friend class Query;
  struct Close {
    void operator()(sqlite3* handle) const;
  };
  explicit Connection(const ConnectionOptions& options) : busy_timeout_(options.busy_timeout) {}
  Result<void> harden(const ConnectionOptions& options);
  void give_back(StatementHandle statement);
  static int wait_for_lock(void* connection, int attempt) noexcept;

  std::unique_ptr<sqlite3, Close> handle_;
  /// By their texts; null while one is in use.
  std::unordered_map<std::string, StatementHandle, HashText, std::equal_to<>> statements_;
  std::chrono::microseconds busy_timeout_;
  std::chrono::microseconds waited_{};
  bool is_broken_ = false;
};

}  // namespace oidcop::store::sqlite
