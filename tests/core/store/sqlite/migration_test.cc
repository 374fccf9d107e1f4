#include "store/sqlite/schema.h"

#include "core/store/values.h"
#include "store/sqlite/file_system.h"
#include "store/sqlite/query.h"
#include "store/sqlite/sqlite_store.h"
#include "support/temporary_directory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/stat.h>

#include <atomic>
#include <thread>

namespace oidcop::store::sqlite {
namespace {

const int kNow = migrations().back().to;

// The real versions, and two that are not: one that adds, one that rebuilds a table others refer to.
std::vector<Migration> synthetic() {
  std::vector<Migration> steps(migrations().begin(), migrations().end());
  steps.push_back({kNow + 1, "ALTER TABLE users ADD COLUMN nickname TEXT NOT NULL DEFAULT 'none'"});
  steps.push_back({kNow + 2,
                   "CREATE TABLE new_users (id TEXT NOT NULL PRIMARY KEY, username TEXT NOT NULL) STRICT;"
                   "INSERT INTO new_users SELECT id, username FROM users;"
                   "DROP TABLE users;"
                   "ALTER TABLE new_users RENAME TO users"});
  return steps;
}

class Migrating : public ::testing::Test {
 protected:
  Result<Upgrade> bring_to(int version, std::vector<Migration> steps = synthetic()) {
    if (!std::filesystem::exists(path_)) {
      EXPECT_TRUE(create_private_file(path_));
    }
    auto connection = Connection::open({.path = path_.string()});
    EXPECT_TRUE(connection);
    steps.resize(static_cast<std::size_t>(version));
    return upgrade(**connection, path_, steps, "https://op.example");
  }
  /// The version of now with a user and a session below.
  void begin() {
    auto store = open_sqlite_store({.path = path_, .issuer = "https://op.example"});
    ASSERT_TRUE(store) << store.error().detail;
    ASSERT_TRUE((*store)->put_user(testing::a_user("alice"), IfExists::refuse));
    ASSERT_TRUE((*store)->commit(SignIn{testing::a_session("s1", "alice"), {}, {}, {}}));
  }
  static std::int64_t number(const std::filesystem::path& path, std::string_view sql) {
    auto connection = Connection::open({.path = path.string()});
    EXPECT_TRUE(connection);
    const auto value = (*connection)->number(sql);
    EXPECT_TRUE(value) << value.error().detail;
    return value.value_or(-1);
  }
  std::filesystem::path copy(int version) const { return path_.string() + ".v" + std::to_string(version); }

  testing::TemporaryDirectory folder_;
  std::filesystem::path path_ = folder_.path() / "oidcop.db";
};

TEST_F(Migrating, LeadsForwardFromEveryOlderVersion) {
  for (int from = 0; from < kNow + 2; ++from) {
    path_ = folder_.path() / ("from-" + std::to_string(from) + ".db");
    if (from >= kNow) begin();
    if (from > 0) {
      ASSERT_TRUE(bring_to(from));
    }
    const auto report = bring_to(kNow + 2);
    ASSERT_TRUE(report) << from << ": " << report.error().detail;
    EXPECT_EQ(report->from, from);
    EXPECT_EQ(report->to, kNow + 2);
    EXPECT_EQ(number(path_, "PRAGMA user_version"), kNow + 2);
    EXPECT_EQ(number(path_, "SELECT count(*) FROM users"), from >= kNow ? 1 : 0);
    EXPECT_EQ(number(path_, "SELECT count(*) FROM user_sessions"), from >= kNow ? 1 : 0);
    EXPECT_EQ(number(path_, "SELECT count(*) FROM pragma_foreign_key_check"), 0);
  }
}

// What was spent under version 1 has the narrowed scope for its own, and still yields siblings.
TEST_F(Migrating, TokensOfTheFirstVersionLiveOn) {
  ASSERT_TRUE(bring_to(1));
  {
    auto connection = Connection::open({.path = path_.string()});
    ASSERT_TRUE(connection);
    const auto filled = (*connection)->execute(R"sql(
      INSERT INTO clients VALUES ('app', 1, 1, '{"client_id":"app"}');
      INSERT INTO users VALUES ('u1', 'alice', '', '', 1, '[]', '{}', 0, 0);
      INSERT INTO user_sessions VALUES ('s1', 'u1', zeroblob(32), 0, '', '[]', '', 0, 99, 99, NULL, 99);
      INSERT INTO client_sessions VALUES ('cs1', 's1', 'app', 'sub', 'sid', 0, NULL);
      INSERT INTO grants VALUES ('g1', 'cs1', 'openid email', '{}', 0, '', '[]', '', 1, 0, 99, NULL);
      INSERT INTO tokens VALUES (zeroblob(32), 2, 'g1', NULL, 'openid', 0, 99, 0, 1, 10, NULL, 'none', 99);
    )sql");
    ASSERT_TRUE(filled) << filled.error().detail;
  }
  auto store = open_sqlite_store({.path = path_, .issuer = "https://op.example"});
  ASSERT_TRUE(store) << store.error().detail;
  EXPECT_TRUE(std::filesystem::exists(copy(1)));
  RefreshExchange again;
  again.refresh_token = Digest();
  again.client = model::ClientId("app");
  again.authentication = "none";
  again.now = TimePoint(Seconds(11));
  again.grace = Seconds(10);
  again.tokens = {testing::an_access_token("at")};
  const auto outcome = (*store)->commit(again);
  ASSERT_TRUE(outcome) << outcome.error().detail;
  EXPECT_EQ(*outcome, RefreshOutcome::sibling);
  EXPECT_EQ((*store)->find_token(sha256("at"))->token.scope.text(), "openid");
}

TEST_F(Migrating, KeepsACopyOfTheOldFileFirst) {
  begin();
  const auto report = bring_to(kNow + 1);
  ASSERT_TRUE(report);
  EXPECT_EQ(report->copy, copy(kNow).string());
  struct stat status {};
  ASSERT_EQ(::stat(copy(kNow).c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
  EXPECT_FALSE(std::filesystem::exists(copy(kNow).string() + ".part"));
  EXPECT_EQ(number(copy(kNow), "PRAGMA user_version"), kNow);
  EXPECT_EQ(number(copy(kNow), "SELECT count(*) FROM users"), 1);
  EXPECT_EQ(number(copy(kNow), "SELECT count(*) FROM pragma_table_info('users') WHERE name = 'nickname'"), 0);
}

TEST_F(Migrating, TheCopyIsAStoreThatOpens) {
  begin();
  ASSERT_TRUE(bring_to(kNow + 1));
  auto store = open_sqlite_store({.path = copy(kNow), .issuer = "https://op.example"});
  ASSERT_TRUE(store) << store.error().detail;
  EXPECT_TRUE((*store)->find_user_by_name("alice"));
}

TEST_F(Migrating, AnOlderProgramRefusesTheNewFile) {
  begin();
  ASSERT_TRUE(bring_to(kNow + 2));
  const auto opened = open_sqlite_store({.path = path_, .issuer = "https://op.example"});
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, Errc::refused);
  EXPECT_THAT(opened.error().detail, ::testing::HasSubstr("use the newer oidcop"));
  EXPECT_EQ(bring_to(1).error().code, Errc::refused);
}

TEST_F(Migrating, NothingToDoCopiesNothing) {
  begin();
  const auto report = bring_to(kNow);
  ASSERT_TRUE(report);
  EXPECT_TRUE(report->copy.empty());
  EXPECT_FALSE(std::filesystem::exists(copy(kNow)));
}

TEST_F(Migrating, FailureLeavesTheOldFileAsItWas) {
  begin();
  auto steps = synthetic();
  steps.at(steps.size() - 1).script = "ALTER TABLE users ADD COLUMN half TEXT; SELECT no_such_function()";
  EXPECT_FALSE(bring_to(kNow + 2, steps));
  EXPECT_EQ(number(path_, "PRAGMA user_version"), kNow);
  EXPECT_EQ(
      number(path_, "SELECT count(*) FROM pragma_table_info('users') WHERE name IN ('half', 'nickname')"), 0);
  EXPECT_TRUE(bring_to(kNow + 2));  // and it can be tried again
}

TEST_F(Migrating, RowsThatWouldReferToNothingStopIt) {
  begin();
  auto steps = synthetic();
  steps.at(steps.size() - 2).script = "DELETE FROM users";
  const auto report = bring_to(kNow + 1, steps);
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, Errc::internal);
  EXPECT_EQ(number(path_, "SELECT count(*) FROM users"), 1);
}

TEST_F(Migrating, OfManyOneDoesIt) {
  begin();
  std::atomic<int> done{0};
  std::atomic<int> failures{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 6; ++i) {
    threads.emplace_back([&] {
      const auto report = bring_to(kNow + 2);
      if (!report) ++failures;
      if (report && report->from != report->to) ++done;
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(done, 1);
  EXPECT_EQ(failures, 0);
}

}  // namespace
}  // namespace oidcop::store::sqlite
