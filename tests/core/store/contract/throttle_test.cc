#include "core/store/contract/contract.h"

namespace oidcop::testing {
namespace {

OIDCOP_STORE_CONTRACT(ThrottleStoreContract);

using store::ThrottleBucket;

ThrottleBucket bucket(const std::string& name, int limit = 2, std::int64_t window = 60) {
  return {sha256(name), limit, Seconds(window)};
}

TEST_P(ThrottleStoreContract, AllowsUpToTheLimitThenSaysUntilWhen) {
  const std::vector<ThrottleBucket> buckets{bucket("alice")};
  EXPECT_EQ(*store().reserve_attempt(buckets, at(0)), std::nullopt);
  EXPECT_EQ(*store().reserve_attempt(buckets, at(10)), std::nullopt);
  EXPECT_EQ(*store().reserve_attempt(buckets, at(20)), at(60));  // the window began with the first attempt
  EXPECT_EQ(*store().reserve_attempt(buckets, at(59)), at(60));
  EXPECT_EQ(*store().reserve_attempt(buckets, at(60)), std::nullopt);
}

TEST_P(ThrottleStoreContract, OneFullBucketCountsInNone) {
  const auto narrow = bucket("account", 1);
  const auto wide = bucket("network", 2, 600);
  EXPECT_EQ(*store().reserve_attempt({narrow, wide}, at(0)), std::nullopt);
  EXPECT_EQ(*store().reserve_attempt({narrow, wide}, at(1)), at(60));
  EXPECT_EQ(*store().reserve_attempt({wide}, at(2)), std::nullopt);     // so the refusal did not count here
  EXPECT_EQ(*store().reserve_attempt({narrow, wide}, at(3)), at(600));  // the latest of the full ones
}

TEST_P(ThrottleStoreContract, RefundGivesTheAttemptBack) {
  const std::vector<ThrottleBucket> buckets{bucket("alice", 1)};
  ASSERT_EQ(*store().reserve_attempt(buckets, at(0)), std::nullopt);
  ASSERT_TRUE(store().refund_attempt(buckets, at(1)));
  EXPECT_EQ(*store().reserve_attempt(buckets, at(2)), std::nullopt);
  ASSERT_TRUE(store().refund_attempt(buckets, at(3)));
  ASSERT_TRUE(store().refund_attempt(buckets, at(3)));  // never below nothing
  EXPECT_EQ(*store().reserve_attempt(buckets, at(4)), std::nullopt);
  EXPECT_EQ(*store().reserve_attempt(buckets, at(5)), at(60));
}

TEST_P(ThrottleStoreContract, SignInRefundsAndRemembersTheDevice) {
  put_user("alice");
  const std::vector<ThrottleBucket> buckets{bucket("alice", 1)};
  ASSERT_EQ(*store().reserve_attempt(buckets, at(0)), std::nullopt);
  const store::KnownDevice device{sha256("device"), at(1000)};
  EXPECT_FALSE(*store().is_known_device(device.key, at(0)));
  ASSERT_TRUE(store().commit(store::SignIn{a_session("s1", "alice"), {}, device, buckets}));
  EXPECT_EQ(*store().reserve_attempt(buckets, at(1)), std::nullopt);
  EXPECT_TRUE(*store().is_known_device(device.key, at(999)));
  EXPECT_FALSE(*store().is_known_device(device.key, at(1000)));
}

TEST_P(ThrottleStoreContract, NothingIsAllowedWithALimitOfZero) {
  EXPECT_EQ(*store().reserve_attempt({bucket("x", 0)}, at(0)), at(60));
}

TEST_P(ThrottleStoreContract, TableIsBoundedAndTheOldestWindowsLeave) {  // the harness keeps eight
  const auto victim = bucket("victim", 1);
  ASSERT_EQ(*store().reserve_attempt({victim}, at(0)), std::nullopt);
  for (int i = 0; i < 7; ++i) {
    ASSERT_EQ(*store().reserve_attempt({bucket("n" + std::to_string(i), 1)}, at(1)), std::nullopt);
  }
  EXPECT_EQ(*store().reserve_attempt({victim}, at(2)), at(60));
  ASSERT_EQ(*store().reserve_attempt({bucket("one more", 1)}, at(3)), std::nullopt);
  EXPECT_EQ(*store().reserve_attempt({victim}, at(4)), std::nullopt);
  EXPECT_EQ(*store().reserve_attempt({bucket("n6", 1)}, at(5)), at(61));
}

TEST_P(ThrottleStoreContract, AClockSetBackLocksNobodyOut) {
  const std::vector<ThrottleBucket> buckets{bucket("alice", 1)};
  ASSERT_EQ(*store().reserve_attempt(buckets, at(1'000'000)), std::nullopt);
  EXPECT_EQ(*store().reserve_attempt(buckets, at(0)), std::nullopt);
}

}  // namespace
}  // namespace oidcop::testing
