#include "core/store/values.h"
#include "store/sqlite/sqlite_store.h"
#include "support/temporary_directory.h"

#include <gtest/gtest.h>

#include <sys/stat.h>

#include <atomic>
#include <fstream>
#include <thread>

namespace oidcop::store {
namespace {

class Backup : public ::testing::Test {
 protected:
  SqliteOptions options(const std::string& name) const {
    return {.path = folder_.path() / name, .issuer = "https://op.example"};
  }
  testing::TemporaryDirectory folder_;
  std::filesystem::path path_ = folder_.path() / "oidcop.db";
  std::filesystem::path target_ = folder_.path() / "copy.db";
};

TEST_F(Backup, IsOnePrivateFileThatOpens) {
  {
    auto store = open_sqlite_store(options("oidcop.db"));
    ASSERT_TRUE(store);
    ASSERT_TRUE((*store)->put_user(testing::a_user("alice"), IfExists::refuse));
    const auto done = backup_sqlite_store(path_, target_);
    ASSERT_TRUE(done) << done.error().detail;
  }
  struct stat status {};
  ASSERT_EQ(::stat(target_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
  EXPECT_FALSE(std::filesystem::exists(target_.string() + "-wal"));
  EXPECT_FALSE(std::filesystem::exists(target_.string() + ".part"));
  auto copy = open_sqlite_store(options("copy.db"));
  ASSERT_TRUE(copy) << copy.error().detail;
  EXPECT_TRUE((*copy)->find_user_by_name("alice"));
  EXPECT_TRUE((*copy)->check()->empty());
}

TEST_F(Backup, NeverOverwrites) {
  ASSERT_TRUE(open_sqlite_store(options("oidcop.db")));
  std::ofstream(target_) << "precious";
  EXPECT_EQ(backup_sqlite_store(path_, target_).error().code, Errc::conflict);
  EXPECT_EQ(std::filesystem::file_size(target_), 8U);
}

TEST_F(Backup, OfNothingIsNotFound) {
  EXPECT_EQ(backup_sqlite_store(path_, target_).error().code, Errc::not_found);
  EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(Backup, IsConsistentWhileOthersWrite) {
  auto store = open_sqlite_store(options("oidcop.db"));
  ASSERT_TRUE(store);
  ASSERT_TRUE((*store)->put_user(testing::a_user("alice"), IfExists::refuse));
  ASSERT_TRUE((*store)->put_client(testing::a_client("app"), IfExists::refuse));
  ASSERT_TRUE((*store)->commit(SignIn{testing::a_session("s1", "alice"), {}, {}, {}}));
  std::atomic<bool> stop{false};
  std::thread writer([&] {
    for (int i = 0; !stop; ++i) {
      const auto name = std::to_string(i);
      EXPECT_TRUE((*store)->commit(testing::an_authorization("s1", "g" + name, "c" + name)));
      EXPECT_TRUE((*store)->commit(testing::a_code_exchange("c" + name)));
    }
  });
  for (int i = 0; i < 5; ++i) {
    const auto name = "copy-" + std::to_string(i) + ".db";
    const auto done = backup_sqlite_store(path_, folder_.path() / name);
    EXPECT_TRUE(done) << done.error().detail;
    auto copy = open_sqlite_store(options(name));
    ASSERT_TRUE(copy) << copy.error().detail;
    EXPECT_TRUE((*copy)->check()->empty());
  }
  stop = true;
  writer.join();
}

}  // namespace
}  // namespace oidcop::store
