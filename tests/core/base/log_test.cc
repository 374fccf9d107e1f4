#include "base/log.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <nlohmann/json.hpp>
#include <thread>
#include <vector>

#include "support/manual_clock.h"
#include "support/recording_log.h"

namespace oidcop {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string logfmt(const std::string& value) {
  return format_log_line(LogFormat::logfmt, "T", LogLevel::info, "e", {{"v", value}});
}

std::string json(const std::string& value) {
  return format_log_line(LogFormat::json, "T", LogLevel::info, "e", {{"v", value}});
}

TEST(LogLine, HasTimeLevelEventAndFields) {
  EXPECT_EQ(format_log_line(LogFormat::logfmt, "2026-01-01T00:00:00Z", LogLevel::warning, "login.failed",
                            {{"client", "c1"}, {"detail", "no such user"}}),
            "time=2026-01-01T00:00:00Z level=warning event=login.failed client=c1 detail=\"no such user\"");
  EXPECT_EQ(format_log_line(LogFormat::json, "T", LogLevel::error, "e", {{"a", "b c"}}),
            R"({"time":"T","level":"error","event":"e","a":"b c"})");
  EXPECT_EQ(format_log_line(LogFormat::logfmt, "T", LogLevel::debug, "e", {}), "time=T level=debug event=e");
}

TEST(LogLine, QuotesValuesThatCouldPassForFields) {
  EXPECT_THAT(logfmt("x level=error"), HasSubstr(" v=\"x level=error\""));
  EXPECT_THAT(logfmt("a=b"), HasSubstr(" v=\"a=b\""));
  EXPECT_THAT(logfmt(""), ::testing::Not(HasSubstr(" v="))) << "a field without a value is left out";
  EXPECT_THAT(logfmt("x\" level=\"error"), HasSubstr(R"( v="x\" level=\"error")"));
  EXPECT_THAT(logfmt("\\"), HasSubstr(R"( v="\\")"));
}

TEST(LogLine, NoValueCanEndTheLine) {
  for (const std::string value : {"a\nb", "a\rb", "a\r\nb", "a\vb", "a\fb",
                                  "a\xC2\x85"
                                  "b",
                                  "a\xE2\x80\xA8"
                                  "b",
                                  "a\xE2\x80\xA9"
                                  "b"}) {
    for (const auto& line : {logfmt(value), json(value)}) {
      EXPECT_EQ(line.find_first_of("\n\r\v\f"), std::string::npos);
      EXPECT_THAT(line, Not(HasSubstr(value)));
      EXPECT_THAT(line, HasSubstr("\\"));
    }
  }
}

TEST(LogLine, NoControlOrBidiCharacterComesThroughRaw) {
  // ESC, DEL, NUL, C1 CSI, LRM, RLO, LRI, zero width space, BOM, soft hyphen, word joiner, tag, variation
  // selector
  for (const std::string& value :
       {std::string("\x1b"), std::string("\x7F"), std::string(1, '\0'), std::string("\xC2\x9B"),
        std::string("\xE2\x80\x8E"), std::string("\xE2\x80\xAE"), std::string("\xE2\x81\xA6"),
        std::string("\xE2\x80\x8B"), std::string("\xEF\xBB\xBF"), std::string("\xC2\xAD"),
        std::string("\xE2\x81\xA0"), std::string("\xF3\xA0\x81\x81"), std::string("\xEF\xB8\x8F"),
        std::string("\xD8\x9C")}) {
    for (const auto& line : {logfmt("a" + value + "b"), json("a" + value + "b")}) {
      EXPECT_EQ(line.find(value), std::string::npos) << line;
      EXPECT_THAT(line, HasSubstr("\\u"));
    }
  }
  EXPECT_THAT(logfmt("a\xE2\x80\xAE"
                     "b"),
              HasSubstr("v=\"a\\u202eb\""));
}

TEST(LogLine, OctetsThatAreNotUtf8AreReplaced) {
  for (const std::string value :
       {"\xFF", "\xC3", "\xC0\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE2\x82"}) {
    EXPECT_THAT(logfmt(value), HasSubstr("\\ufffd"));
    EXPECT_EQ(logfmt(value).find_first_not_of("abcdefghijklmnopqrstuvwxyzT=\" \\0123456789"),
              std::string::npos);
  }
}

TEST(LogLine, ReadableTextStaysReadable) {
  EXPECT_THAT(logfmt("M\xC3\xBCller\xE2\x82\xAC\xF0\x9F\x98\x80"),
              HasSubstr("v=M\xC3\xBCller\xE2\x82\xAC\xF0\x9F\x98\x80"));
}

TEST(LogLine, JsonParsesBackToTheValue) {
  for (const std::string value : {"a\nb\t\"c\\", "\xE2\x80\xAE\xF3\xA0\x81\x81", "plain"}) {
    EXPECT_EQ(nlohmann::json::parse(json(value))["v"], value);
  }
  EXPECT_EQ(nlohmann::json::parse(json(std::string("a\0b", 3)))["v"], std::string("a\0b", 3));
}

TEST(LogLine, CutsLongValues) {
  const auto line = logfmt(std::string(100000, 'x'));
  EXPECT_LT(line.size(), 1200U);
  EXPECT_THAT(line, HasSubstr("..."));
  EXPECT_LT(json(std::string(100000, '\n')).size(), 1200U);
}

TEST(LogLine, NamesCannotBreakTheLineEither) {
  EXPECT_EQ(format_log_line(LogFormat::logfmt, "T", LogLevel::info, "e", {{"a b=\n", "1"}}),
            "time=T level=info event=e a_b__=1");
  EXPECT_EQ(format_log_line(LogFormat::json, "T", LogLevel::info, "e", {{"a\"b", "1"}}),
            R"({"time":"T","level":"info","event":"e","a_b":"1"})");
}

/// Puts a pipe in the place of standard error for as long as it lives.
class CapturedError {
 public:
  CapturedError() : saved_(::dup(STDERR_FILENO)) {
    // A packet pipe: each read returns what one write wrote.
    if (::pipe2(ends_.data(), O_DIRECT | O_NONBLOCK) == 0) ::dup2(ends_[1], STDERR_FILENO);
  }
  CapturedError(const CapturedError&) = delete;
  CapturedError& operator=(const CapturedError&) = delete;
  ~CapturedError() {
    ::dup2(saved_, STDERR_FILENO);
    for (const int descriptor : {saved_, ends_[0], ends_[1]}) ::close(descriptor);
  }
  std::vector<std::string> writes() const {
    std::vector<std::string> all;
    std::string packet(8192, '\0');
    for (ssize_t got = 0; (got = ::read(ends_[0], packet.data(), packet.size())) > 0;) {
      all.push_back(packet.substr(0, static_cast<std::size_t>(got)));
    }
    return all;
  }

 private:
  std::array<int, 2> ends_{};
  int saved_;
};

TEST(Log, WritesEachEventAsOneWriteOfOneLine) {
  const testing::ManualClock clock(0);
  const auto log = make_log(clock, LogFormat::logfmt, LogTarget::standard_error, LogLevel::info);
  std::vector<std::string> writes;
  {
    const CapturedError captured;
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) threads.emplace_back([&] { log->info("e", {{"a", "x\ny"}, {"b", "c"}}); });
    for (auto& thread : threads) thread.join();
    writes = captured.writes();
  }
  EXPECT_EQ(writes,
            std::vector<std::string>(4, "time=1970-01-01T00:00:00Z level=info event=e a=\"x\\ny\" b=c\n"));
}

TEST(Log, LeavesOutWhatIsBelowItsThreshold) {
  const testing::ManualClock clock(951'782'400);
  const auto log = make_log(clock, LogFormat::json, LogTarget::standard_error, LogLevel::warning);
  std::vector<std::string> writes;
  {
    const CapturedError captured;
    log->write(LogLevel::debug, "d", {});
    log->info("i");
    log->warning("w");
    log->error("e");
    writes = captured.writes();
  }
  ASSERT_EQ(writes.size(), 2U);
  EXPECT_EQ(writes[0], "{\"time\":\"2000-02-29T00:00:00Z\",\"level\":\"warning\",\"event\":\"w\"}\n");
  EXPECT_THAT(writes[1], HasSubstr("\"level\":\"error\""));
}

TEST(RecordingLog, KeepsEventsForQuestions) {
  testing::RecordingLog log;
  log.info("login.failed", {{"client", "c1"}});
  log.error("login.failed", {{"client", "c2"}});
  EXPECT_EQ(log.count("login.failed"), 2U);
  EXPECT_EQ(log.last("login.failed")->field("client"), "c2");
  EXPECT_EQ(log.last("login.failed")->level, LogLevel::error);
  EXPECT_EQ(log.last("other").has_value(), false);
  EXPECT_TRUE(log.mentions("c1"));
  EXPECT_FALSE(log.mentions("canary"));
  EXPECT_EQ(log.lines()[0], "time=- level=info event=login.failed client=c1");
}

TEST(ReplaceableLog, PassesEventsOnToTheLogThatIsThereNow) {
  auto first = std::make_unique<testing::RecordingLog>();
  auto second = std::make_unique<testing::RecordingLog>();
  const auto& second_seen = *second;
  ReplaceableLog log(std::move(first));
  Log& known_to_others = log;
  log.replace(std::move(second));
  known_to_others.info("after");
  EXPECT_EQ(second_seen.count("after"), 1U);
}

TEST(ReplaceableLog, MayBeReplacedWhileOthersWrite) {
  std::atomic<int> written = 0;
  struct Counting final : Log {
    std::atomic<int>& count;
    explicit Counting(std::atomic<int>& of) : count(of) {}
    void write(LogLevel, std::string_view, std::initializer_list<LogField>) override { ++count; }
  };
  ReplaceableLog log(std::make_unique<Counting>(written));
  std::thread writer([&] {
    for (int i = 0; i < 10'000; ++i) log.info("event");
  });
  for (int i = 0; i < 1'000; ++i) log.replace(std::make_unique<Counting>(written));
  writer.join();
  EXPECT_EQ(written, 10'000);
}

}  // namespace
}  // namespace oidcop
