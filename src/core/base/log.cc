#include "base/log.h"

#include <syslog.h>
#include <unistd.h>

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

constexpr std::uint32_t kNotUtf8 = 0xFFFD;

/// Takes one code point off the front of `text`; kNotUtf8 and one octet where it is not UTF-8.
std::uint32_t take_code_point(std::string_view& text) {
  const auto octet = [&](std::size_t i) {
    return static_cast<std::uint32_t>(static_cast<std::uint8_t>(text[i]));
  };
  const auto lead = octet(0);
  std::size_t size = 1;
  std::uint32_t point = lead;
  std::uint32_t least = 0;
  if (lead >= 0xF0 && lead <= 0xF4) {
    size = 4, point = lead & 0x07U, least = 0x10000;
  } else if (lead >= 0xE0 && lead < 0xF0) {
    size = 3, point = lead & 0x0FU, least = 0x800;
  } else if (lead >= 0xC2 && lead < 0xE0) {
    size = 2, point = lead & 0x1FU, least = 0x80;
  }
  bool valid = size > 1 || lead < 0x80;
  for (std::size_t i = 1; valid && i < size; ++i) {
    valid = i < text.size() && (octet(i) & 0xC0U) == 0x80U;
    if (valid) point = point << 6U | (octet(i) & 0x3FU);
  }
  if (!valid || point < least || point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF)) {
    text.remove_prefix(1);
    return kNotUtf8;
  }
  text.remove_prefix(size);
  return point;
}

/// Characters that move the cursor, end the line, turn the writing direction or cannot be seen.
bool is_treacherous(std::uint32_t point) {
  return point < 0x20 || (point >= 0x7F && point <= 0x9F) || point == 0xAD || point == 0x61C ||
         (point >= 0x200B && point <= 0x200F) || (point >= 0x2028 && point <= 0x202E) ||
         (point >= 0x2060 && point <= 0x206F) || (point >= 0xFE00 && point <= 0xFE0F) || point == 0xFEFF ||
         point == kNotUtf8 || (point >= 0xFFF9 && point <= 0xFFFB) || (point >= 0xE0000 && point <= 0xE0FFF);
}

void append_unit(std::string& out, std::uint32_t unit) {
  std::array<char, 8> escape{};
  std::snprintf(escape.data(), escape.size(), "\\u%04x", static_cast<unsigned>(unit));
  out += escape.data();
}

void append_escape(std::string& out, std::uint32_t point) {
  if (point == '\n') {
    out += "\\n";
  } else if (point == '\r') {
    out += "\\r";
  } else if (point == '\t') {
    out += "\\t";
  } else if (point >= 0x10000) {  // as JSON does it: a surrogate pair
    append_unit(out, 0xD800 + ((point - 0x10000) >> 10U));
    append_unit(out, 0xDC00 + ((point - 0x10000) & 0x3FFU));
  } else {
    append_unit(out, point);
  }
}

/// The escapes of a JSON string, which serve logfmt as well.
std::string escaped(std::string_view value) {
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
