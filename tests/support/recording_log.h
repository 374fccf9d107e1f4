#pragma once

#include "base/log.h"

#include <algorithm>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace oidcop::testing {

/// A log that keeps its events, so that tests can ask what was said and, above all, what was not.
class RecordingLog final : public Log {
 public:
  struct Event {
    LogLevel level = LogLevel::debug;
    std::string name;
    std::vector<std::pair<std::string, std::string>> fields;

    std::optional<std::string> field(std::string_view wanted) const {
      for (const auto& [name_of_field, value] : fields) {
        if (name_of_field == wanted) return value;
      }
      return std::nullopt;
    }
  };

  void write(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) override {
    Event kept{level, std::string(event), {}};
    for (const auto& field : fields) kept.fields.emplace_back(std::string(field.name), field.value);
    auto line = format_log_line(LogFormat::logfmt, "-", level, event, fields);
    const std::scoped_lock lock(mutex_);
    events_.push_back(std::move(kept));
    lines_.push_back(std::move(line));
  }

  std::vector<Event> events() const {
    const std::scoped_lock lock(mutex_);
    return events_;
  }
  /// As they would be written, with "-" for the time.
  std::vector<std::string> lines() const {
    const std::scoped_lock lock(mutex_);
    return lines_;
  }
  std::size_t count(std::string_view event) const {
    const std::scoped_lock lock(mutex_);
    const auto is_it = [&](const Event& kept) { return kept.name == event; };
    return static_cast<std::size_t>(std::count_if(events_.begin(), events_.end(), is_it));
  }
  /// The last event of that name.
  std::optional<Event> last(std::string_view event) const {
    const std::scoped_lock lock(mutex_);
    for (auto kept = events_.rbegin(); kept != events_.rend(); ++kept) {
      if (kept->name == event) return *kept;
    }
    return std::nullopt;
  }
  /// Whether any field of any event holds this text: for canaries.
  bool mentions(std::string_view text) const {
    const std::scoped_lock lock(mutex_);
    return std::any_of(events_.begin(), events_.end(), [&](const Event& kept) {
      return kept.name.find(text) != std::string::npos ||
             std::any_of(kept.fields.begin(), kept.fields.end(),
                         [&](const auto& field) { return field.second.find(text) != std::string::npos; });
    });
  }

 private:
  mutable std::mutex mutex_;
  std::vector<Event> events_;
  std::vector<std::string> lines_;
};

}  // namespace oidcop::testing
