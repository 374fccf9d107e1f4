#pragma once

#include <oidcop/time.h>
#include <cstdint>

#include <initializer_list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

namespace oidcop {

enum class LogLevel : std::uint8_t { debug, info, warning, error };

/// One field of an event; without a value it is left out. Values are written escaped; control and bidi
/// characters never reach the log raw.
struct LogField {
  std::string_view name;
  std::string value;
};

/// Where events go. An event has a fixed name ("login.failed") and an allow-listed set of fields; free text
/// is for `detail` alone. Thread-safe: one event is one write.
class Log {
 public:
  virtual ~Log() = default;
  virtual void write(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) = 0;

  void info(std::string_view event, std::initializer_list<LogField> fields = {}) {
    write(LogLevel::info, event, fields);
  }
  void warning(std::string_view event, std::initializer_list<LogField> fields = {}) {
    write(LogLevel::warning, event, fields);
  }
  void error(std::string_view event, std::initializer_list<LogField> fields = {}) {
    write(LogLevel::error, event, fields);
  }
};

enum class LogFormat : std::uint8_t { logfmt, json };
enum class LogTarget : std::uint8_t { standard_error, syslog };

/// Makes the log that the configuration asks for. `clock` outlives it.
std::unique_ptr<Log> make_log(const Clock& clock, LogFormat format, LogTarget target, LogLevel threshold);

/// Passes events on to another log, which may be replaced while events are written: everything that holds
/// this one goes on without noticing. Thread-safe.
class ReplaceableLog final : public Log {
 public:
  explicit ReplaceableLog(std::unique_ptr<Log> first) : log_(std::move(first)) {}
  void write(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) override;
  void replace(std::unique_ptr<Log> next);

 private:
  std::shared_ptr<Log> current() const;

  mutable std::mutex mutex_;  // held for a copy of the pointer, never while writing
  std::shared_ptr<Log> log_;
};

/// One event as one line without newline, as both targets write it; pure, for tests.
std::string format_log_line(LogFormat format, std::string_view time, LogLevel level, std::string_view event,
                            std::initializer_list<LogField> fields);

}  // namespace oidcop
