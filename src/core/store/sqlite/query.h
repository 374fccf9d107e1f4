#pragma once

#include "base/digest.h"
#include "store/sqlite/connection.h"

#include <oidcop/result.h>
#include <oidcop/time.h>

#include <optional>
#include <string>
#include <string_view>

namespace oidcop::store::sqlite {

/// One use of a prepared statement: bind all values, step, read the columns in their order. Ends by resetting
/// the statement and giving it back; never outlives its connection.
class Query {
 public:
  Query(Query&& other) noexcept = default;
  Query& operator=(Query&&) = delete;
  ~Query();

  /// Binds the next parameter; octets are copied.
  Query& bind(std::string_view text);
  Query& bind(const std::string& text) { return bind(std::string_view(text)); }
  Query& bind(const char* text) = delete;  // else a pointer would silently become a truth value
  Query& bind(std::int64_t number);
  Query& bind(int number) { return bind(std::int64_t{number}); }
  Query& bind(bool value) { return bind(std::int64_t{value ? 1 : 0}); }
  Query& bind(TimePoint time) { return bind(std::int64_t{time.time_since_epoch().count()}); }
  Query& bind(const Digest& digest);
  Query& bind_null();
  template <class T>
  Query& bind(const std::optional<T>& value) {
    return value ? bind(*value) : bind_null();
  }
  template <class First, class Second, class... Rest>
  Query& bind(const First& first, const Second& second, const Rest&... rest) {
    bind(first);
    return bind(second, rest...);
  }

  /// \return whether there is a row. Errors: as Connection::error_of.
  Result<bool> next();
  /// Steps to the end, so that all of it has happened. \return how many rows were changed.
  Result<int> run();

  // The next column of the current row.
  std::int64_t integer();
  bool boolean() { return integer() != 0; }
  std::string text();
  std::optional<std::string> optional_text();
  std::string_view text_view();  ///< valid until the next step
  TimePoint time() { return TimePoint(Seconds(integer())); }
  std::optional<TimePoint> optional_time();
  Digest digest();  ///< all zeros when the cell is none; the schema keeps that from happening
  std::optional<Digest> optional_digest();

 private:
  friend class Connection;
  Query(Connection& connection, StatementHandle statement, int code)
      : connection_(connection), statement_(std::move(statement)), code_(code) {}
  void note(int code);
  bool is_null() const;

  Connection& connection_;
  StatementHandle statement_;
  int code_;  // first failure, told by the next step
  int bound_ = 0;
  int column_ = 0;
};

}  // namespace oidcop::store::sqlite
