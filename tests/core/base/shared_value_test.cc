#include "base/shared_value.h"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

namespace oidcop {
namespace {

TEST(SharedValue, GivesWhatWasPutLast) {
  SharedValue<std::string> value;
  EXPECT_EQ(value.load(), nullptr);
  value.store(std::make_shared<const std::string>("first"));
  value.store(std::make_shared<const std::string>("second"));
  EXPECT_EQ(*value.load(), "second");
}

TEST(SharedValue, LeavesReadersTheirOwn) {
  SharedValue<std::string> value(std::make_shared<const std::string>("first"));
  const auto held = value.load();
  value.store(nullptr);
  EXPECT_EQ(*held, "first");
  EXPECT_EQ(value.load(), nullptr);
}

TEST(SharedValue, IsReadWholeWhileOthersReplaceIt) {
  SharedValue<std::string> value(std::make_shared<const std::string>(64, 'a'));
  std::atomic<bool> done = false;
  std::vector<std::thread> readers;
  for (int i = 0; i < 3; ++i) {
    readers.emplace_back([&] {
      while (!done) {
        const auto held = value.load();
        ASSERT_EQ(*held, std::string(64, held->front()));
      }
    });
  }
  for (int i = 0; i < 2000; ++i)
    value.store(std::make_shared<const std::string>(64, static_cast<char>('a' + i % 26)));
  done = true;
  for (auto& reader : readers) reader.join();
}

}  // namespace
}  // namespace oidcop
