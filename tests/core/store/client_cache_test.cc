#include "store/client_cache.h"

#include "core/store/values.h"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

namespace oidcop::store {
namespace {

using Record = ClientCache::Record;

class ClientCacheTest : public ::testing::Test {
 protected:
  model::SharedClient keep(const std::string& id, const Record& record) {
    return cache_.keep(record, testing::a_client(id));
  }
  ClientCache cache_;
};

TEST_F(ClientCacheTest, GivesTheSameClientForTheSameRecord) {
  const auto kept = keep("app", {1, true, "{}"});
  EXPECT_EQ(cache_.find("app", {1, true, "{}"}), kept);
  EXPECT_EQ(cache_.find("app", {1, true, std::string("{}")}), kept);
}

TEST_F(ClientCacheTest, KnowsNothingOfARecordThatDiffersAnywhere) {
  keep("app", {1, true, "{\"a\":1}"});
  EXPECT_EQ(cache_.find("app", {2, true, "{\"a\":1}"}), nullptr);
  EXPECT_EQ(cache_.find("app", {1, false, "{\"a\":1}"}), nullptr);
  EXPECT_EQ(cache_.find("app", {1, true, "{\"a\":2}"}), nullptr);
  EXPECT_EQ(cache_.find("app", {1, true, "{\"a\":1} "}), nullptr);
  EXPECT_EQ(cache_.find("app", {1, true, ""}), nullptr);
  EXPECT_EQ(cache_.find("App", {1, true, "{\"a\":1}"}), nullptr);
}

TEST_F(ClientCacheTest, ANewRecordTakesThePlaceOfTheOld) {
  const auto old = keep("app", {1, true, "old"});
  const auto next = keep("app", {2, true, "new"});
  EXPECT_EQ(cache_.find("app", {2, true, "new"}), next);
  EXPECT_EQ(cache_.find("app", {1, true, "old"}), nullptr);
  EXPECT_EQ(old->id.text(), "app") << "whoever holds it may go on";
}

TEST_F(ClientCacheTest, IsBoundedAndLetsTheLongestUnaskedLeave) {
  const Record record{1, true, "{}"};
  keep("asked", record);
  keep("unasked", record);
  for (int i = 0; i < 998; ++i) {
    keep("client-" + std::to_string(i), record);
    ASSERT_NE(cache_.find("asked", record), nullptr);
  }
  EXPECT_NE(cache_.find("client-0", record), nullptr);
  keep("one too many", record);
  EXPECT_EQ(cache_.find("unasked", record), nullptr);
  EXPECT_NE(cache_.find("asked", record), nullptr);
  EXPECT_NE(cache_.find("one too many", record), nullptr);
}

TEST_F(ClientCacheTest, AHugeRecordIsReadEachTime) {
  const std::string huge(std::size_t{1} << 20U, ' ');
  const auto client = keep("app", {1, true, huge});
  EXPECT_EQ(client->id.text(), "app");
  EXPECT_EQ(cache_.find("app", {1, true, huge}), nullptr);
}

TEST_F(ClientCacheTest, ServesSeveralThreads) {
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([this, thread] {
      for (int i = 0; i < 2000; ++i) {
        const auto id = "client-" + std::to_string(i % 7);
        const auto document = std::to_string((i + thread) % 3);
        auto client = cache_.find(id, {1, true, document});
        if (!client) client = keep(id, {1, true, document});
        ASSERT_EQ(client->id.text(), id);
      }
    });
  }
  for (auto& thread : threads) thread.join();
}

}  // namespace
}  // namespace oidcop::store
