#include "store/sqlite/sqlite_store.h"

#include "core/store/sqlite/connection_spy.h"
#include "core/store/values.h"
#include "support/temporary_directory.h"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <sstream>
#include <thread>

namespace oidcop::store {
namespace {

using testing::a_user;

/// A disk that is full, read-only or locked by somebody: reads go on, writes are unavailable, and when the
/// trouble is over they work again without a restart.
class Trouble : public ::testing::Test {
 protected:
  void SetUp() override {
    auto opened = open_sqlite_store(options());
    ASSERT_TRUE(opened) << opened.error().detail;
    store_ = std::move(*opened);
    ASSERT_TRUE(store_->put_user(a_user("alice"), IfExists::refuse));
  }
  SqliteOptions options() const {
    return {.path = path_, .issuer = "https://op.example", .busy_timeout = std::chrono::milliseconds(50)};
  }
  Errc refusal(const std::string& user) {
    const auto put = store_->put_user(a_user(user), IfExists::refuse);
    EXPECT_FALSE(put);
    return put ? Errc::internal : put.error().code;
  }

  testing::TemporaryDirectory folder_;
  std::filesystem::path path_ = folder_.path() / "oidcop.db";
  testing::ConnectionSpy spy_;
  std::unique_ptr<Store> store_;
};

TEST_F(Trouble, LockedDatabase) {
  sqlite3* other = nullptr;
  ASSERT_EQ(sqlite3_open(path_.c_str(), &other), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), SQLITE_OK);
  EXPECT_EQ(refusal("bob"), Errc::unavailable);
  EXPECT_TRUE(store_->find_user_by_name("alice"));
  ASSERT_EQ(sqlite3_exec(other, "ROLLBACK", nullptr, nullptr, nullptr), SQLITE_OK);
  sqlite3_close(other);
  EXPECT_TRUE(store_->put_user(a_user("bob"), IfExists::refuse));
}

TEST_F(Trouble, CommitThatFailsIsUnavailableForAll) {
  testing::ConnectionSpy::refuse_commits() = true;
  std::atomic<int> unavailable{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&, i] {
      const auto put = store_->put_user(a_user("u" + std::to_string(i)), IfExists::refuse);
      if (!put && put.error().code == Errc::unavailable) ++unavailable;
    });
  }
  for (auto& thread : threads) thread.join();
  testing::ConnectionSpy::refuse_commits() = false;
  EXPECT_EQ(unavailable, 8);
  EXPECT_EQ(store_->list_users()->size(), 1U);
  EXPECT_TRUE(store_->put_user(a_user("u0"), IfExists::refuse));
}

TEST_F(Trouble, SixteenThreadsShareTheirCommits) {
  constexpr int kThreads = 16;
  constexpr int kEach = 20;
  const int before = testing::ConnectionSpy::commits();
  std::atomic<int> failures{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&, i] {
      for (int n = 0; n < kEach; ++n) {
        const auto key = sha256(std::to_string(i * kEach + n));
        if (const auto is_new = store_->use_jti({key, testing::at(300)}, testing::at(0));
            !is_new || !*is_new) {
          ++failures;
        }
      }
    });
  }
  for (auto& thread : threads) thread.join();
  const int commits = testing::ConnectionSpy::commits() - before;
  EXPECT_EQ(failures, 0);
  EXPECT_LT(commits, kThreads * kEach / 2) << "an fsync each is what the queue is there to avoid";
  EXPECT_GT(commits, 0);
}

/// Becomes somebody whom file permissions bind, when run by root.
class Unprivileged {
 public:
  Unprivileged() : is_root_(::geteuid() == 0) {
    if (is_root_) {
      EXPECT_EQ(::seteuid(65534), 0);
    }
  }
  Unprivileged(const Unprivileged&) = delete;
  Unprivileged& operator=(const Unprivileged&) = delete;
  ~Unprivileged() {
    if (is_root_) {
      EXPECT_EQ(::seteuid(0), 0);
    }
  }

 private:
  bool is_root_;
};

void set_modes(const std::filesystem::path& folder, mode_t files, mode_t directory) {
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    ASSERT_EQ(::chmod(entry.path().c_str(), files), 0);
  }
  ASSERT_EQ(::chmod(folder.c_str(), directory), 0);
}

TEST_F(Trouble, ReadOnlyFilesInAReadOnlyFolder) {
  store_.reset();
  set_modes(folder_.path(), 0444, 0555);
  {
    const Unprivileged somebody;
    auto opened = open_sqlite_store(options());
    ASSERT_TRUE(opened) << opened.error().detail;
    EXPECT_TRUE((*opened)->find_user_by_name("alice"));
    EXPECT_EQ((*opened)->put_user(a_user("bob"), IfExists::refuse).error().code, Errc::unavailable);
    EXPECT_TRUE((*opened)->find_user_by_name("alice"));
    store_ = std::move(*opened);
  }
  set_modes(folder_.path(), 0666, 0777);  // mended while the program runs
  {
    const Unprivileged somebody;
    EXPECT_TRUE(store_->put_user(a_user("bob"), IfExists::refuse));
    store_.reset();
  }
  set_modes(folder_.path(), 0600, 0700);
}

TEST_F(Trouble, FullDisk) {
  store_.reset();
  // A quota on the file, set on every connection as it is opened, stands for a disk without room.
  sqlite3_auto_extension(reinterpret_cast<void (*)()>(  // NOLINT: the library's way
      +[](sqlite3* handle, const char** /*error*/, const void* /*api*/) {
        return sqlite3_exec(handle, "PRAGMA max_page_count = 1", nullptr, nullptr, nullptr);
      }));
  auto opened = open_sqlite_store(options());
  ASSERT_TRUE(opened) << opened.error().detail;
  store_ = std::move(*opened);
  auto large = a_user("large");
  large.claims.set("profile", std::string(200'000, 'x'));
  const auto put = store_->put_user(large, IfExists::refuse);
  ASSERT_FALSE(put);
  EXPECT_EQ(put.error().code, Errc::unavailable);
  EXPECT_TRUE(store_->find_user_by_name("alice"));
  EXPECT_TRUE(store_->check()->empty());
  sqlite3_reset_auto_extension();
}

TEST_F(Trouble, NothingThatOpensADoorIsInTheFiles) {
  ASSERT_TRUE(store_->put_client(testing::a_client("app"), IfExists::refuse));
  auto session = testing::a_session("s1", "alice");
  session.cookie = sha256("COOKIE-canary");
  ASSERT_TRUE(store_->commit(SignIn{session, {}, {}, {}}));
  auto authorization = testing::an_authorization("s1", "g1", "CODE-canary");
  ASSERT_TRUE(store_->commit(authorization));
  ASSERT_TRUE(store_->commit(testing::a_code_exchange("CODE-canary")));
  std::string bytes;
  for (const std::string suffix : {"", "-wal"}) {
    std::ifstream file(path_.string() + suffix, std::ios::binary);
    bytes += (std::ostringstream() << file.rdbuf()).str();
  }
  EXPECT_NE(bytes.find("alice"), std::string::npos);  // so the search would find it
  EXPECT_EQ(bytes.find("canary"), std::string::npos);
}

}  // namespace
}  // namespace oidcop::store
