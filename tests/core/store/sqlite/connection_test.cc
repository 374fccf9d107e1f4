#include "store/sqlite/connection.h"

#include "store/sqlite/file_system.h"
#include "store/sqlite/query.h"
#include "support/temporary_directory.h"

#include <gtest/gtest.h>

#include <sqlite3.h>

namespace oidcop::store::sqlite {
namespace {

class ConnectionTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(create_private_file(path_));
    connection_ = open(Access::read_write);
    ASSERT_TRUE(connection_);
    ASSERT_TRUE(
        connection_->execute("CREATE TABLE t (k INTEGER PRIMARY KEY, v TEXT NOT NULL UNIQUE) STRICT"));
  }
  std::unique_ptr<Connection> open(Access access) {
    auto opened = Connection::open(
        {.path = path_.string(), .access = access, .busy_timeout = std::chrono::milliseconds(20)});
    EXPECT_TRUE(opened) << opened.error().detail;
    return opened ? std::move(*opened) : nullptr;
  }
  std::int64_t pragma(const std::string& name) { return *connection_->number("PRAGMA " + name); }

  testing::TemporaryDirectory folder_;
  std::filesystem::path path_ = folder_.path() / "test.db";
  std::unique_ptr<Connection> connection_;
};

TEST_F(ConnectionTest, IsHardened) {
  EXPECT_EQ(pragma("foreign_keys"), 1);
  EXPECT_EQ(pragma("synchronous"), 2);
  EXPECT_EQ(pragma("secure_delete"), 1);
  EXPECT_EQ(pragma("temp_store"), 2);
  EXPECT_EQ(pragma("trusted_schema"), 0);
  EXPECT_EQ(pragma("cell_size_check"), 1);
  EXPECT_FALSE(connection_->execute("SELECT load_extension('/tmp/x.so')"));
  ASSERT_TRUE(connection_->execute("PRAGMA writable_schema = ON"));
  EXPECT_FALSE(connection_->execute("UPDATE sqlite_schema SET sql = 'x'"));  // DEFENSIVE
  for (const int option : {SQLITE_DBCONFIG_DEFENSIVE, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE}) {
    int value = 0;
    sqlite3_db_config(connection_->handle(), option, -1, &value);
    EXPECT_EQ(value, 1) << option;
  }
}

TEST_F(ConnectionTest, ReadersCannotWrite) {
  for (const auto access : {Access::query_only, Access::file_locked}) {
    const auto reader = open(access);
    EXPECT_TRUE(reader->number("SELECT count(*) FROM t"));
    const auto written = reader->execute("INSERT INTO t (v) VALUES ('x')");
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().code, Errc::unavailable);
  }
}

TEST_F(ConnectionTest, PreparedStatementsAreUsedAgain) {
  constexpr std::string_view kSql = "SELECT ?1 + 1";
  sqlite3_stmt* first = nullptr;
  for (int i = 0; i < 3; ++i) {
    auto query = connection_->query(kSql);
    query.bind(i);
    ASSERT_TRUE(*query.next());
    EXPECT_EQ(query.integer(), i + 1);
    auto* const now = sqlite3_next_stmt(connection_->handle(), nullptr);
    if (first == nullptr) first = now;
    EXPECT_EQ(now, first);
  }
}

TEST_F(ConnectionTest, OneTextCanBeInUseTwice) {
  auto outer = connection_->query("VALUES (1), (2)");
  ASSERT_TRUE(*outer.next());
  {
    auto inner = connection_->query("VALUES (1), (2)");
    ASSERT_TRUE(*inner.next());
    ASSERT_TRUE(*inner.next());
  }
  ASSERT_TRUE(*outer.next());
  EXPECT_EQ(outer.integer(), 2);
  EXPECT_FALSE(*outer.next());
}

TEST_F(ConnectionTest, ValuesComeBackAsTheyWere) {
  const std::string octets("a\0b\xff", 4);
  auto query = connection_->query("SELECT ?1, ?2, ?3, ?4, ?5, ?6");
  query.bind(octets, std::string(), sha256("x"), std::optional<TimePoint>(), TimePoint(Seconds(7)), true);
  ASSERT_TRUE(*query.next());
  EXPECT_EQ(query.text(), octets);
  EXPECT_EQ(query.text(), "");
  EXPECT_EQ(query.digest(), sha256("x"));
  EXPECT_EQ(query.optional_time(), std::nullopt);
  EXPECT_EQ(query.time(), TimePoint(Seconds(7)));
  EXPECT_TRUE(query.boolean());
}

TEST_F(ConnectionTest, ErrorsSayWhetherItMayWorkLater) {
  ASSERT_TRUE(connection_->execute("INSERT INTO t VALUES (1, 'x')"));
  EXPECT_EQ(connection_->execute("INSERT INTO t VALUES (2, 'x')").error().code, Errc::conflict);
  EXPECT_EQ(connection_->execute("INSERT INTO t VALUES (1, 'y')").error().code, Errc::conflict);
  EXPECT_EQ(connection_->execute("INSERT INTO t VALUES (3, NULL)").error().code, Errc::internal);
  EXPECT_EQ(connection_->execute("no sql").error().code, Errc::internal);
  EXPECT_EQ(connection_->query("no sql").next().error().code, Errc::internal);
  const auto other = open(Access::read_write);
  ASSERT_TRUE(other->execute("BEGIN IMMEDIATE"));
  EXPECT_EQ(connection_->execute("INSERT INTO t VALUES (4, 'z')").error().code, Errc::unavailable);
  EXPECT_FALSE(connection_->is_broken());
}

TEST(NetworkFileSystem, IsKnownByItsNumber) {
  for (const std::int64_t type : {0x6969LL, 0x517bLL, 0xff534d42LL, 0x65735546LL, 0x01021997LL}) {
    EXPECT_TRUE(is_network_file_system(type)) << type;
  }
  EXPECT_TRUE(is_network_file_system(static_cast<std::int32_t>(0xff534d42)));  // sign-extended
  for (const std::int64_t type : {0xef53LL, 0x9123683eLL, 0x01021994LL, 0x58465342LL, 0x794c7630LL}) {
    EXPECT_FALSE(is_network_file_system(type)) << type;  // ext4, btrfs, tmpfs, XFS, overlay
  }
}

}  // namespace
}  // namespace oidcop::store::sqlite
