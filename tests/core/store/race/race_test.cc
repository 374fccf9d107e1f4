#include "core/store/values.h"
#include "store/sqlite/sqlite_store.h"
#include "support/temporary_directory.h"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <csignal>

#include <array>
#include <map>
#include <random>
#include <sstream>
#include <thread>

namespace oidcop::store {
namespace {

constexpr int kProcesses = 20;

/// A pipe whose ends close with it.
class Pipe {
 public:
  Pipe() { EXPECT_EQ(::pipe2(ends_.data(), O_CLOEXEC), 0); }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() {
    close_reading();
    close_writing();
  }
  int reading() const { return ends_[0]; }
  int writing() const { return ends_[1]; }
  void close_reading() { close(ends_[0]); }
  void close_writing() { close(ends_[1]); }
  std::string read_all() {
    std::string all;
    std::array<char, 256> chunk{};
    while (true) {
      const auto got = ::read(reading(), chunk.data(), chunk.size());
      if (got <= 0) return all;
      all.append(chunk.data(), static_cast<std::size_t>(got));
    }
  }

 private:
  static void close(int& end) {
    if (end >= 0) ::close(end);
    end = -1;
  }
  std::array<int, 2> ends_{-1, -1};
};

/// Runs a program with our pipe's ends as its standard output and as descriptors 3 and 4.
pid_t start(const std::vector<std::string>& command, int output, int ready, int barrier) {
  std::vector<char*> arguments;
  for (const auto& argument : command)
    arguments.push_back(const_cast<char*>(argument.c_str()));  // NOLINT: exec
  arguments.push_back(nullptr);
  const pid_t child = ::fork();
  if (child != 0) return child;
  ::dup2(output, 1);
  // Above the numbers that they are to get, so that none is overwritten before it was copied.
  const int high_ready = ready < 0 ? -1 : ::fcntl(ready, F_DUPFD, 100);
  const int high_barrier = barrier < 0 ? -1 : ::fcntl(barrier, F_DUPFD, 100);
  if (high_ready >= 0) ::dup2(high_ready, 3);
  if (high_barrier >= 0) ::dup2(high_barrier, 4);
  if (high_ready >= 0) ::close(high_ready);
  if (high_barrier >= 0) ::close(high_barrier);
  ::execv(arguments.front(), arguments.data());
  ::_exit(127);
}

struct Report {
  std::map<std::string, int> outcomes;  ///< of those who lived to tell
  std::string winner;                   ///< number of the worker that says it won
  int killed = 0;
};

/// What the other program says about the database.
std::map<std::string, std::string> verdict(const std::filesystem::path& path, const std::string& token) {
  Pipe output;
  const pid_t child =
      start({OIDCOP_STORE_CHECKER, path.string(), sha256(token).hex()}, output.writing(), -1, -1);
  output.close_writing();
  std::istringstream lines(output.read_all());
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << lines.str();
  std::map<std::string, std::string> facts;
  for (std::string name, value; lines >> name;) {
    std::getline(lines >> std::ws, value);
    facts[name] = value;
  }
  return facts;
}

class Race : public ::testing::TestWithParam<int> {
 protected:
  void SetUp() override {
    auto store = open_sqlite_store({.path = path_, .issuer = "https://op.example"});
    ASSERT_TRUE(store) << store.error().detail;
    ASSERT_TRUE((*store)->put_user(testing::a_user("alice"), IfExists::refuse));
    ASSERT_TRUE((*store)->put_client(testing::a_client("app"), IfExists::refuse));
    ASSERT_TRUE((*store)->commit(SignIn{testing::a_session("s1", "alice"), {}, {}, {}}));
    auto authorization = testing::an_authorization("s1", "g1", "code");
    ASSERT_TRUE((*store)->commit(authorization));
    auto other = testing::an_authorization("s1", "g2", "other");
    other.tokens = {testing::a_refresh_token("refresh")};
    ASSERT_TRUE((*store)->commit(other));
  }

  /// Starts everybody behind one barrier, opens it, kills `victims` of them somewhere on their way.
  Report run(const std::string& what, int victims) {
    Pipe ready;
    Pipe barrier;
    std::vector<std::unique_ptr<Pipe>> outputs;
    std::vector<pid_t> children;
    for (int i = 0; i < kProcesses; ++i) {
      outputs.push_back(std::make_unique<Pipe>());
      children.push_back(start({OIDCOP_STORE_RACE_WORKER, path_.string(), what, std::to_string(i)},
                               outputs.back()->writing(), ready.writing(), barrier.reading()));
      outputs.back()->close_writing();
    }
    ready.close_writing();
    EXPECT_EQ(ready.read_all().size(), std::size_t{kProcesses});  // ends when the last one's copy is closed
    barrier.close_writing();
    kill_some(children, victims);
    return collect(children, outputs, victims);
  }

 private:
  void kill_some(const std::vector<pid_t>& children, int victims) {
    // Nothing waits for these pauses: they spread the kills over what the children are doing.
    std::uniform_int_distribution<int> pause(0, 3000);
    for (int i = 0; i < victims; ++i) {
      std::this_thread::sleep_for(std::chrono::microseconds(pause(random_)));
      ::kill(children.at(static_cast<std::size_t>(i)), SIGKILL);
    }
  }

  static Report collect(const std::vector<pid_t>& children, std::vector<std::unique_ptr<Pipe>>& outputs,
                        int victims) {
    Report report;
    for (std::size_t i = 0; i < children.size(); ++i) {
      auto outcome = outputs[i]->read_all();
      int status = 0;
      ::waitpid(children[i], &status, 0);
      if (WIFSIGNALED(status)) {
        EXPECT_LT(i, static_cast<std::size_t>(victims)) << "died by itself";
        ++report.killed;
      }
      if (outcome.empty()) continue;
      outcome.pop_back();
      ++report.outcomes[outcome];
      if (outcome == "first" || outcome == "rotated") report.winner = std::to_string(i);
    }
    return report;
  }

 protected:
  /// The same for codes and refresh tokens: one winner at most, who is the one in the database; all others
  /// know that they are not, and what came of the token is revoked.
  void expect_one_winner(const std::string& token, const Report& report, const std::string& win,
                         const std::string& loss) const {
    auto facts = verdict(path_, token);
    auto outcomes = report.outcomes;
    const int wins = outcomes[win];
    EXPECT_LE(wins, 1);
    for (const auto& [outcome, count] : report.outcomes) {
      EXPECT_TRUE(outcome == win || outcome == loss) << outcome << ": " << count;
    }
    EXPECT_EQ(facts["used"], "1") << "somebody got it, perhaps one who did not live to tell";
    EXPECT_EQ(facts["access"], "1");
    EXPECT_EQ(facts["refresh"], "1");
    EXPECT_EQ(facts["revoked"], outcomes[loss] > 0 ? "1" : "0");
    if (wins == 1) {
      EXPECT_EQ(facts["winner"], sha256(report.winner + "-rt").hex());
    }
  }

  testing::TemporaryDirectory folder_;
  std::filesystem::path path_ = folder_.path() / "oidcop.db";
  std::mt19937 random_{static_cast<unsigned>(GetParam())};
};

TEST_P(Race, OneOfTwentyProcessesSpendsACode) {
  const auto report = run("code", 0);
  EXPECT_EQ(report.outcomes, (std::map<std::string, int>{{"first", 1}, {"replay", kProcesses - 1}}));
  expect_one_winner("code", report, "first", "replay");
}

TEST_P(Race, OneOfTwentyProcessesRotatesARefreshToken) {
  const auto report = run("refresh", 0);
  EXPECT_EQ(report.outcomes, (std::map<std::string, int>{{"rotated", 1}, {"reuse", kProcesses - 1}}));
  expect_one_winner("refresh", report, "rotated", "reuse");
}

TEST_P(Race, KillingSomeOfThemSpendsNoCodeTwice) {
  expect_one_winner("code", run("code", 7), "first", "replay");
}

TEST_P(Race, KillingSomeOfThemRotatesNothingTwice) {
  expect_one_winner("refresh", run("refresh", 7), "rotated", "reuse");
}

INSTANTIATE_TEST_SUITE_P(Round, Race, ::testing::Range(1, 4));

}  // namespace
}  // namespace oidcop::store
