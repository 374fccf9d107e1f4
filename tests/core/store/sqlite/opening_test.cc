#include "store/sqlite/sqlite_store.h"

#include "core/store/values.h"
#include "support/temporary_directory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sqlite3.h>
#include <sys/stat.h>

#include <fstream>
#include <thread>

namespace oidcop::store {
namespace {

using ::testing::HasSubstr;

class Opening : public ::testing::Test {
 protected:
  SqliteOptions options() const { return {.path = path_, .issuer = "https://op.example"}; }
  std::unique_ptr<Store> open() { return open(options()); }
  static std::unique_ptr<Store> open(const SqliteOptions& options) {
    auto opened = open_sqlite_store(options);
    EXPECT_TRUE(opened) << opened.error().detail;
    return opened ? std::move(*opened) : nullptr;
  }
  static Error refusal(const SqliteOptions& options) {
    auto opened = open_sqlite_store(options);
    EXPECT_FALSE(opened);
    return opened ? Error{} : opened.error();
  }
  /// Statements of somebody else, past all of the store's own protections.
  void run(const std::string& sql) const {
    sqlite3* handle = nullptr;
    ASSERT_EQ(sqlite3_open(path_.c_str(), &handle), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(handle, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK)
        << sqlite3_errmsg(handle);
    sqlite3_close(handle);
  }
  mode_t mode(const std::string& suffix) const {
    struct stat status {};
    EXPECT_EQ(::stat((path_.string() + suffix).c_str(), &status), 0) << suffix;
    return status.st_mode & 0777U;
  }

  testing::TemporaryDirectory folder_;
  std::filesystem::path path_ = folder_.path() / "oidcop.db";
};

TEST_F(Opening, MakesPrivateFilesWhateverTheUmask) {
  const auto old = ::umask(0);
  const auto store = open();
  ASSERT_TRUE(store->put_user(testing::a_user("alice"), IfExists::refuse));
  ::umask(old);
  for (const std::string suffix : {"", "-wal", "-shm"}) EXPECT_EQ(mode(suffix), 0600U) << suffix;
}

TEST_F(Opening, StateSurvivesClosing) {
  ASSERT_TRUE(open()->put_user(testing::a_user("alice"), IfExists::refuse));
  EXPECT_TRUE(open()->find_user_by_name("alice"));
}

TEST_F(Opening, ClosingLeavesTheLogForALaterWriter) {
  ASSERT_TRUE(open()->put_user(testing::a_user("alice"), IfExists::refuse));
  EXPECT_GT(std::filesystem::file_size(path_.string() + "-wal"), 0U);  // no checkpoint was paid for
}

TEST_F(Opening, NeedsAnIssuer) {
  auto nameless = options();
  nameless.issuer.clear();
  EXPECT_EQ(refusal(nameless).code, Errc::malformed);
}

TEST_F(Opening, AnotherIssuerIsRefusedByName) {
  open();
  auto other = options();
  other.issuer = "https://other.example";
  for (const bool read_only : {false, true}) {
    other.read_only = read_only;
    const auto error = refusal(other);
    EXPECT_EQ(error.code, Errc::refused);
    EXPECT_THAT(error.detail, HasSubstr("https://op.example"));
    EXPECT_THAT(error.detail, HasSubstr("https://other.example"));
  }
}

TEST_F(Opening, NewerSchemaIsRefusedAndLeftAlone) {
  open();
  run("PRAGMA user_version = 99");
  const auto error = refusal(options());
  EXPECT_EQ(error.code, Errc::refused);
  EXPECT_THAT(error.detail, HasSubstr("has schema version 99, this program knows up to"));
  EXPECT_EQ(examine_sqlite_store(path_).error().code, Errc::refused);
  EXPECT_FALSE(std::filesystem::exists(path_.string() + ".v99"));
}

TEST_F(Opening, AnotherProgramsDatabaseIsRefused) {
  run("CREATE TABLE theirs (x)");
  EXPECT_EQ(refusal(options()).code, Errc::refused);
}

TEST_F(Opening, AFileThatIsNoDatabaseIsToldApart) {
  std::ofstream(path_) << std::string(8192, 'x');
  EXPECT_EQ(refusal(options()).code, Errc::internal);
}

TEST_F(Opening, AFolderThatIsMissingIsUnavailable) {
  auto nowhere = options();
  nowhere.path = folder_.path() / "missing" / "oidcop.db";
  const auto error = refusal(nowhere);
  EXPECT_EQ(error.code, Errc::unavailable);
  EXPECT_THAT(error.detail, HasSubstr("missing"));
}

TEST_F(Opening, ReadOnlyMakesNothing) {
  auto reading = options();
  reading.read_only = true;
  EXPECT_EQ(refusal(reading).code, Errc::not_found);
  EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(Opening, ReadOnlyReadsAndRefusesWrites) {
  ASSERT_TRUE(open()->put_user(testing::a_user("alice"), IfExists::refuse));
  auto reading = options();
  reading.read_only = true;
  const auto store = open(reading);
  EXPECT_TRUE(store->find_user_by_name("alice"));
  EXPECT_EQ(store->put_user(testing::a_user("bob"), IfExists::refuse).error().code, Errc::unavailable);
  EXPECT_EQ(store->find_user_by_name("bob").error().code, Errc::not_found);
}

TEST_F(Opening, ManyAtOnceMakeOneDatabase) {
  std::vector<std::thread> threads;
  std::atomic<int> failures{0};
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&, i] {
      auto store = open_sqlite_store(options());
      if (!store || !(*store)->put_user(testing::a_user("u" + std::to_string(i)), IfExists::refuse))
        ++failures;
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(failures, 0);
  EXPECT_EQ(open()->list_users()->size(), 8U);
}

TEST_F(Opening, ExaminingTellsTheVersions) {
  EXPECT_EQ(examine_sqlite_store(path_)->found, 0);
  open();
  const auto schema = examine_sqlite_store(path_);
  ASSERT_TRUE(schema);
  EXPECT_EQ(schema->found, schema->current);
  EXPECT_GT(schema->current, 0);
}

TEST_F(Opening, MigratingTellsWhatWasDone) {
  const auto made = migrate_sqlite_store(options());
  ASSERT_TRUE(made) << made.error().detail;
  EXPECT_EQ(made->from, 0);
  EXPECT_TRUE(made->copy.empty());
  const auto again = migrate_sqlite_store(options());
  ASSERT_TRUE(again);
  EXPECT_EQ(again->from, again->to);
}

TEST_F(Opening, CheckFindsWhatIsWrong) {
  const auto store = open();
  EXPECT_TRUE(store->check()->empty());
  run("PRAGMA foreign_keys = OFF; INSERT INTO consents VALUES ('nobody', 'nothing', '', 'no json', 0, 0)");
  ASSERT_EQ(::chmod(path_.c_str(), 0604), 0);
  const auto findings = store->check();
  ASSERT_TRUE(findings);
  EXPECT_THAT(*findings, ::testing::Contains(HasSubstr("refer to missing rows of users")));
  EXPECT_THAT(*findings, ::testing::Contains(HasSubstr("documents that are no JSON: 1")));
  EXPECT_THAT(*findings, ::testing::Contains(HasSubstr("chmod o=")));
}

}  // namespace
}  // namespace oidcop::store
