#include "store/sqlite/write_queue.h"

#include "store/sqlite/file_system.h"
#include "store/sqlite/query.h"
#include "support/temporary_directory.h"

#include <gtest/gtest.h>

#include <future>
#include <stdexcept>
#include <thread>

namespace oidcop::store::sqlite {
namespace {

class WriteQueueTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(create_private_file(path_));
    ASSERT_TRUE(
        (*open())->execute("PRAGMA journal_mode = WAL; CREATE TABLE t (v INTEGER NOT NULL UNIQUE) STRICT"));
  }
  Result<std::unique_ptr<Connection>> open() { return Connection::open({.path = path_.string()}); }
  static Result<void> insert(Connection& connection, int value) {
    auto query = connection.query("INSERT INTO t (v) VALUES (?)");
    const auto done = query.bind(value).run();
    if (!done) return fail(done.error());
    return {};
  }
  std::int64_t rows() { return *(*open())->number("SELECT count(*) FROM t"); }

  testing::TemporaryDirectory folder_;
  std::filesystem::path path_ = folder_.path() / "test.db";
  WriteQueue queue_{[this] { return open(); }};
};

TEST_F(WriteQueueTest, WhatReturnsIsCommitted) {
  ASSERT_TRUE(queue_.run([](Connection& connection) { return insert(connection, 1); }));
  EXPECT_EQ(rows(), 1);
}

TEST_F(WriteQueueTest, FailureIsUndoneWhollyAndAlone) {
  const auto failed = queue_.run([](Connection& connection) -> Result<void> {
    (void)insert(connection, 1);
    return fail(Errc::conflict, "changed its mind");
  });
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, Errc::conflict);
  EXPECT_EQ(rows(), 0);
}

TEST_F(WriteQueueTest, NeighboursOfAFailureAreKept) {
  std::promise<void> started;
  std::promise<void> go_on;
  std::thread leader([&] {  // holds the line until the others have queued up behind it
    EXPECT_TRUE(queue_.run([&](Connection& connection) {
      started.set_value();
      go_on.get_future().wait();
      return insert(connection, 0);
    }));
  });
  started.get_future().wait();
  std::atomic<int> queued{0};
  std::atomic<int> refused{0};
  std::vector<std::thread> threads;
  for (int i = 1; i <= 9; ++i) {
    threads.emplace_back([&, i] {
      ++queued;
      const auto done = queue_.run([&](Connection& connection) -> Result<void> {
        if (auto inserted = insert(connection, i); !inserted) return inserted;
        if (i % 3 == 0) throw std::runtime_error("a defect");
        if (i % 3 == 1) return fail(Errc::not_found, "nothing there");
        return {};
      });
      if (!done) ++refused;
    });
  }
  while (queued < 9) std::this_thread::yield();
  go_on.set_value();
  leader.join();
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(refused, 6);
  EXPECT_EQ(rows(), 4);
}

TEST_F(WriteQueueTest, LostTransactionIsUnavailableAndTheNextOneWorks) {
  const auto lost = queue_.run([](Connection& connection) -> Result<void> {
    (void)insert(connection, 1);
    return connection.execute("ROLLBACK");  // as the library does itself when the disk is full
  });
  ASSERT_FALSE(lost);
  EXPECT_EQ(lost.error().code, Errc::unavailable);
  EXPECT_EQ(rows(), 0);
  EXPECT_TRUE(queue_.run([](Connection& connection) { return insert(connection, 2); }));
}

TEST_F(WriteQueueTest, WithoutAConnectionEverythingIsUnavailable) {
  bool is_broken = true;
  WriteQueue queue([&]() -> Result<std::unique_ptr<Connection>> {
    if (is_broken) return fail(Errc::unavailable, "no such folder");
    return open();
  });
  const auto work = [](Connection& connection) { return insert(connection, 1); };
  EXPECT_EQ(queue.run(work).error().code, Errc::unavailable);
  is_broken = false;
  EXPECT_TRUE(queue.run(work));
}

}  // namespace
}  // namespace oidcop::store::sqlite
