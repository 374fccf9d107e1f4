#include "authn/throttle.h"

#include "core/authn/authn_data.h"

namespace oidcop::authn {
namespace {

using testing::browser;
using testing::Door;

bool is_allowed(Door& door, const AttemptOrigin& origin) {
  const auto reservation = door.throttle.reserve(origin, door.clock.now());
  EXPECT_TRUE(reservation);
  return !reservation->refused_until;
}

AttemptOrigin from(std::string_view address, std::string_view account = "alice") {
  return {.account = account, .device = std::nullopt, .remote_address = address};
}

TEST(Throttle, CountsUnknownBrowsersPerAccount) {
  Door door;
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(is_allowed(door, from("192.0." + std::to_string(i) + ".1")));
  EXPECT_FALSE(is_allowed(door, from("198.51.100.1"))) << "wherever it comes from";
  EXPECT_TRUE(is_allowed(door, from("198.51.100.1", "bob")));
}

TEST(Throttle, CountsUnknownBrowsersPerNetwork) {
  Door door;
  for (int i = 0; i < 6; ++i) EXPECT_TRUE(is_allowed(door, from("192.0.2.7", "user" + std::to_string(i))));
  EXPECT_FALSE(is_allowed(door, from("192.0.2.99", "another")));
  EXPECT_TRUE(is_allowed(door, from("192.0.3.1", "another")));
  for (int i = 0; i < 6; ++i)
    EXPECT_TRUE(is_allowed(door, from("2001:db8:1:2::" + std::to_string(i), "v6" + std::to_string(i))));
  EXPECT_FALSE(is_allowed(door, from("2001:db8:1:ffff::1", "another")));
}

TEST(Throttle, OneAccountHasOneBucketHoweverItIsSpelt) {
  Door door;
  for (const auto* name : {"alice", "Alice", "ALICE", "aLICE"})
    EXPECT_TRUE(is_allowed(door, from("192.0.2.1", name)));
  EXPECT_FALSE(is_allowed(door, from("198.51.100.1", "alicE")));
}

TEST(Throttle, SaysWhenItIsWorthTryingAgain) {
  Door door;
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(is_allowed(door, from("192.0.2.1")));
  door.clock.tick(Seconds(600));
  const auto refused = door.throttle.reserve(from("192.0.2.1"), door.clock.now());
  ASSERT_TRUE(refused && refused->refused_until);
  EXPECT_EQ(*refused->refused_until, door.clock.now() + Seconds(300));
  door.clock.tick(Seconds(300));
  EXPECT_TRUE(is_allowed(door, from("192.0.2.1")));
}

TEST(Throttle, UnknownTrafficNeverBlocksAKnownDevice) {
  Door door;
  const auto mine = browser("mine");
  door.counters.known_devices.insert(door.throttle.device_key("alice", mine));
  for (int i = 0; i < 10; ++i) (void)is_allowed(door, from("192.0.2.1"));
  for (int i = 0; i < 10; ++i) (void)is_allowed(door, from("192.0.2.1", "user" + std::to_string(i)));
  AttemptOrigin known{.account = "alice", .device = mine, .remote_address = "192.0.2.1"};
  EXPECT_TRUE(is_allowed(door, known)) << "though account and network are exhausted";
  EXPECT_TRUE(is_allowed(door, known));
  EXPECT_TRUE(is_allowed(door, known));
  EXPECT_FALSE(is_allowed(door, known)) << "but it has a limit of its own";
}

TEST(Throttle, AKnownDeviceIsKnownForItsAccountOnly) {
  Door door;
  const auto mine = browser("mine");
  door.counters.known_devices.insert(door.throttle.device_key("alice", mine));
  for (int i = 0; i < 4; ++i) (void)is_allowed(door, from("192.0.2.1", "bob"));
  EXPECT_FALSE(is_allowed(door, {.account = "bob", .device = mine, .remote_address = "192.0.2.1"}));
  EXPECT_FALSE(
      is_allowed(door, {.account = "bob", .device = browser("other"), .remote_address = "192.0.2.1"}));
}

TEST(Throttle, KeysNameNobody) {
  Door door;
  Door other_secrets;
  other_secrets.service = *jose::ServiceSecrets::create(other_secrets.random, other_secrets.clock.now());
  jose::Pepper other_pepper(other_secrets.service, "https://op.example.org");
  Throttle other(other_secrets.counters, other_pepper, other_secrets.limits);
  const auto first = door.throttle.reserve(from("192.0.2.1"), door.clock.now());
  const auto second = other.reserve(from("192.0.2.1"), door.clock.now());
  ASSERT_EQ(first->buckets.size(), 2U);
  EXPECT_NE(first->buckets[0].key, second->buckets[0].key)
      << "a table of hashed names could be guessed through";
  EXPECT_NE(first->buckets[0].key, sha256("alice"));
}

TEST(Throttle, RefundGivesTheAttemptBack) {
  Door door;
  const auto reservation = door.throttle.reserve(from("192.0.2.1"), door.clock.now());
  EXPECT_EQ(door.counters.attempts(), 2);
  ASSERT_TRUE(door.throttle.refund(*reservation, door.clock.now()));
  EXPECT_EQ(door.counters.attempts(), 0);
}

}  // namespace
}  // namespace oidcop::authn
