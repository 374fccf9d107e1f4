#include "base/network_prefix.h"

#include <gtest/gtest.h>

namespace oidcop {
namespace {

TEST(NetworkPrefix, CutsIpv4AtTwentyFourBits) {
  EXPECT_EQ(network_prefix("192.0.2.77"), "192.0.2.0/24");
  EXPECT_EQ(network_prefix("192.0.2.1"), network_prefix("192.0.2.254"));
  EXPECT_NE(network_prefix("192.0.2.1"), network_prefix("192.0.3.1"));
}

TEST(NetworkPrefix, CutsIpv6AtFortyEightBits) {
  EXPECT_EQ(network_prefix("2001:db8:1:2:3::4"), "2001:db8:1::/48");
  EXPECT_EQ(network_prefix("2001:0DB8:0001:ffff::"), "2001:db8:1::/48");
  EXPECT_NE(network_prefix("2001:db8:2::1"), "2001:db8:1::/48");
  EXPECT_EQ(network_prefix("::1"), "::/48");
}

TEST(NetworkPrefix, TreatsMappedIpv4AsIpv4) {
  EXPECT_EQ(network_prefix("::ffff:192.0.2.77"), "192.0.2.0/24");
}

TEST(NetworkPrefix, ForgetsTheZoneOfALinkLocalAddress) {
  EXPECT_EQ(network_prefix("fe80::1%eth0"), network_prefix("fe80::1%wlan1"));
}

TEST(NetworkPrefix, CountsWhatIsNoAddressTogether) {
  for (const auto* text : {"", "unix:", "192.0.2", "example.org", "1.2.3.4.5", "::g"}) {
    EXPECT_EQ(network_prefix(text), "local") << text;
  }
}

}  // namespace
}  // namespace oidcop
