#include "store/sqlite/query.h"

#include <sqlite3.h>

namespace oidcop::store::sqlite {

Query::~Query() {
  if (!statement_) return;
  sqlite3_reset(statement_.get());
  sqlite3_clear_bindings(statement_.get());
  connection_.give_back(std::move(statement_));
}

void Query::note(int code) {
  if (code_ == SQLITE_OK) code_ = code;
}

Query& Query::bind(std::string_view text) {
  if (statement_) {
    // A null pointer would bind NULL, which is not what an empty text means.
    note(sqlite3_bind_text64(statement_.get(), ++bound_, text.empty() ? "" : text.data(), text.size(),
                             SQLITE_TRANSIENT, SQLITE_UTF8));  // NOLINT: the library's own macro casts
  }
  return *this;
}

Query& Query::bind(std::int64_t number) {
  if (statement_) note(sqlite3_bind_int64(statement_.get(), ++bound_, number));
  return *this;
}

Query& Query::bind(const Digest& digest) {
  if (statement_) {
    note(sqlite3_bind_blob64(statement_.get(), ++bound_, digest.bytes.data(), digest.bytes.size(),
                             SQLITE_TRANSIENT));  // NOLINT: the library's own macro casts
  }
  return *this;
}

Query& Query::bind_null() {
  if (statement_) note(sqlite3_bind_null(statement_.get(), ++bound_));
  return *this;
}

Result<bool> Query::next() {
  column_ = 0;
  if (code_ != SQLITE_OK) return fail(connection_.error_of(code_));
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  code_ = code;
  return fail(connection_.error_of(code));
}

Result<int> Query::run() {
  while (true) {
    const auto row = next();
    if (!row) return fail(row.error());
    if (!*row) return sqlite3_changes(connection_.handle());
  }
}

std::int64_t Query::integer() {
  return sqlite3_column_int64(statement_.get(), column_++);
}

std::string_view Query::text_view() {
  const int column = column_++;
  const auto* text = sqlite3_column_text(statement_.get(), column);
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column));
  return text == nullptr
             ? std::string_view()
             : std::string_view(reinterpret_cast<const char*>(text), size);  // NOLINT: octets as chars
}

std::string Query::text() {
  return std::string(text_view());
}

bool Query::is_null() const {
  return sqlite3_column_type(statement_.get(), column_) == SQLITE_NULL;
}

std::optional<std::string> Query::optional_text() {
  if (!is_null()) return text();
  ++column_;
  return std::nullopt;
}

std::optional<TimePoint> Query::optional_time() {
  if (!is_null()) return time();
  ++column_;
  return std::nullopt;
}

Digest Query::digest() {
  const int column = column_++;
  const auto* octets = static_cast<const char*>(sqlite3_column_blob(statement_.get(), column));
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column));
  auto digest = Digest::from_octets(octets == nullptr ? std::string_view() : std::string_view(octets, size));
  return digest ? *digest : Digest();
}

std::optional<Digest> Query::optional_digest() {
  if (!is_null()) return digest();
  ++column_;
  return std::nullopt;
}

}  // namespace oidcop::store::sqlite
