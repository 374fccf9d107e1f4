#include "base/system_clock.h"

#include <gtest/gtest.h>

#include "support/manual_clock.h"

namespace oidcop {
namespace {

TEST(SystemClock, TellsTheMachinesTime) {
  const auto before = std::chrono::system_clock::now();
  const auto now = SystemClock().now();
  const auto after = std::chrono::system_clock::now();
  EXPECT_GT(now + Seconds(1), before);
  EXPECT_LE(now, after);
}

TEST(UnixTime, GoesBothWays) {
  EXPECT_EQ(to_unix(from_unix(1'700'000'000)), 1'700'000'000);
  EXPECT_EQ(to_unix(TimePoint()), 0);
  EXPECT_EQ(to_unix(from_unix(-1)), -1);
  using namespace std::chrono;
  EXPECT_EQ(from_unix(951'782'400), TimePoint(sys_days(year(2000) / February / 29)));
}

TEST(ManualClock, MovesOnlyWhenToldTo) {
  testing::ManualClock clock(1000);
  EXPECT_EQ(to_unix(clock.now()), 1000);
  clock.tick(Seconds(5));
  EXPECT_EQ(to_unix(clock.now()), 1005);
}

}  // namespace
}  // namespace oidcop
