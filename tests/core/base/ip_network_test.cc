#include "base/ip_network.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <gtest/gtest.h>

namespace oidcop {
namespace {

IpAddress address(const std::string& text) {
  return IpAddress::parse(text).value();
}

bool is_in(const std::string& network, const std::string& text) {
  return IpNetwork::parse(network)->contains(address(text));
}

TEST(IpAddress, IsTheSameHoweverItIsSpelt) {
  EXPECT_EQ(address("192.0.2.1"), address("::ffff:192.0.2.1"));
  EXPECT_EQ(address("2001:DB8::1"), address("2001:db8:0:0::1"));
  EXPECT_EQ(address("::ffff:c000:201").text(), "192.0.2.1");
}

TEST(IpAddress, RefusesWhatIsNone) {
  for (const auto* text : {"", "localhost", "192.0.2", "192.0.2.256", "010.0.0.1", "0x7f.0.0.1", "2130706433",
                           "[::1]", "fe80::1%lo", "1::2::3", " 192.0.2.1"}) {
    EXPECT_FALSE(IpAddress::parse(text)) << text;
  }
}

TEST(IpAddress, GoesThroughTheSystemsForm) {
  for (const auto* text : {"192.0.2.1", "2001:db8::1"}) {
    sockaddr_storage storage{};
    EXPECT_GT(address(text).fill(storage, 443), 0U);
    EXPECT_EQ(IpAddress::of(reinterpret_cast<const sockaddr*>(&storage)), address(text));
  }
}

TEST(IpAddress, OtherFamiliesHaveNone) {
  sockaddr_un local{};
  local.sun_family = AF_UNIX;
  EXPECT_FALSE(IpAddress::of(reinterpret_cast<const sockaddr*>(&local)));
  EXPECT_FALSE(IpAddress::of(nullptr));
}

TEST(IpNetwork, HasWhatBeginsWithItsPrefix) {
  EXPECT_TRUE(is_in("10.0.0.0/8", "10.255.255.255"));
  EXPECT_FALSE(is_in("10.0.0.0/8", "11.0.0.0"));
  EXPECT_TRUE(is_in("172.16.0.0/12", "172.31.0.1"));
  EXPECT_FALSE(is_in("172.16.0.0/12", "172.32.0.1"));
  EXPECT_TRUE(is_in("2001:db8::/33", "2001:db8:7fff::1"));
  EXPECT_FALSE(is_in("2001:db8::/33", "2001:db8:8000::1"));
  EXPECT_TRUE(is_in("127.0.0.1", "127.0.0.1"));
  EXPECT_FALSE(is_in("127.0.0.1", "127.0.0.2"));
  EXPECT_TRUE(is_in("0.0.0.0/0", "198.51.100.1"));
  EXPECT_FALSE(is_in("0.0.0.0/0", "2001:db8::1")) << "all of IPv4 is not IPv6";
}

TEST(IpNetwork, RefusesWhatIsNone) {
  for (const auto* text : {"", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/08", "10.0.0.0/8/8",
                           "10.0.0.1/8", "::1/64", "2001:db8::/129", "example.org/8", "10.0.0.0/8 "}) {
    EXPECT_FALSE(IpNetwork::parse(text)) << text;
  }
}

}  // namespace
}  // namespace oidcop
