#include "base/log.h"

#include "base/visible_text.h"

#include <syslog.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <ctime>

namespace oidcop {
namespace {

constexpr std::size_t kMostValueOctets = 1024;  // a longer one tells nothing more and floods the disk

std::string_view name_of(LogLevel level) {
  switch (level) {
    case LogLevel::debug:
      return "debug";
    case LogLevel::info:
      return "info";
    case LogLevel::warning:
      return "warning";
    case LogLevel::error:
      break;
  }
  return "error";
}

int syslog_priority(LogLevel level) {
  switch (level) {
    case LogLevel::debug:
      return LOG_DEBUG;
    case LogLevel::info:
      return LOG_INFO;
    case LogLevel::warning:
      return LOG_WARNING;
    case LogLevel::error:
      break;
  }
  return LOG_ERR;
}

bool needs_no_escape(std::string_view value) {
  return value.size() < kMostValueOctets && std::all_of(value.begin(), value.end(), [](char c) {
           return c >= ' ' && c <= '~' && c != '"' && c != '\\';
         });
}

/// The escapes of a JSON string, which serve logfmt as well.
std::string escaped(std::string_view value) {
  if (needs_no_escape(value)) return std::string(value);
  std::string out;
  out.reserve(value.size() + 2);
  while (!value.empty()) {
    if (out.size() >= kMostValueOctets) return out += "...";
    const auto before = value;
    const auto point = take_code_point(value);
    if (point == '"' || point == '\\') {
      out += '\\';
      out += static_cast<char>(point);
    } else if (is_treacherous(point)) {
      append_escape(out, point);
    } else {
      out += before.substr(0, before.size() - value.size());
    }
  }
  return out;
}

/// Names are ours, but one that is not a plain word must not be able to break the line either.
std::string plain(std::string_view name) {
  std::string out(name);
  for (char& c : out) {
    const bool is_word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                         c == '_' || c == '.' || c == '-' || c == ':';
    if (!is_word) c = '_';
  }
  return out;
}

void append_logfmt(std::string& line, std::string_view name, std::string_view value) {
  const auto text = escaped(value);
  if (!line.empty()) line += ' ';
  line += plain(name);
  line += '=';
  if (text.empty() || text.find_first_of(" \"=\\") != std::string::npos) {
    line += '"' + text + '"';
  } else {
    line += text;
  }
}

void append_json(std::string& line, std::string_view name, std::string_view value) {
  line += line.empty() ? "{\"" : ",\"";
  line += plain(name);
  line += "\":\"";
  line += escaped(value);
  line += '"';
}

std::string utc_text(TimePoint time) {
  const std::time_t seconds = time.time_since_epoch().count();
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  std::array<char, 32> text{};
  const auto size = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  return {text.data(), size};
}

class LineLog final : public Log {
 public:
  LineLog(const Clock& clock, LogFormat format, LogTarget target, LogLevel threshold)
      : clock_(clock), format_(format), target_(target), threshold_(threshold) {}

  void write(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) override {
    if (level < threshold_) return;
    auto line = format_log_line(format_, utc_text(clock_.now()), level, event, fields);
    if (target_ == LogTarget::syslog) {
      ::syslog(LOG_DAEMON | syslog_priority(level), "%s", line.c_str());
      return;
    }
    line += '\n';
    // One write per event, so that lines of several threads and processes do not mix. Where the log cannot be
    // written there is nobody to tell, and a request must not fail for it.
    while (::write(STDERR_FILENO, line.data(), line.size()) < 0 && errno == EINTR) {
    }
  }

 private:
  const Clock& clock_;
  LogFormat format_;
  LogTarget target_;
  LogLevel threshold_;
};

}  // namespace

std::shared_ptr<Log> ReplaceableLog::current() const {
  const std::lock_guard lock(mutex_);
  return log_;
}

void ReplaceableLog::write(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) {
  current()->write(level, event, fields);
}

void ReplaceableLog::replace(std::unique_ptr<Log> next) {
  std::shared_ptr<Log> old(std::move(next));
  const std::lock_guard lock(mutex_);
  log_.swap(old);
}

std::string format_log_line(LogFormat format, std::string_view time, LogLevel level, std::string_view event,
                            std::initializer_list<LogField> fields) {
  const auto append = format == LogFormat::json ? append_json : append_logfmt;
  std::string line;
  append(line, "time", time);
  append(line, "level", name_of(level));
  append(line, "event", event);
  for (const auto& field : fields) {
    if (!field.value.empty()) append(line, field.name, field.value);
  }
  if (format == LogFormat::json) line += '}';
  return line;
}

std::unique_ptr<Log> make_log(const Clock& clock, LogFormat format, LogTarget target, LogLevel threshold) {
  if (target == LogTarget::syslog) ::openlog("oidcop", LOG_PID, LOG_DAEMON);
  return std::make_unique<LineLog>(clock, format, target, threshold);
}

}  // namespace oidcop
