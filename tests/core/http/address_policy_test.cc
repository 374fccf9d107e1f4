#include "http/address_policy.h"

#include <gtest/gtest.h>

namespace oidcop::http {
namespace {

IpAddress address(const std::string& text) {
  return IpAddress::parse(text).value();
}

AddressPolicy besides(std::initializer_list<const char*> networks) {
  std::vector<IpNetwork> parsed;
  for (const auto* network : networks) parsed.push_back(*IpNetwork::parse(network));
  return AddressPolicy(std::move(parsed));
}

TEST(PublicAddress, IsNoneOfTheSpecialOnes) {
  for (const auto* text : {"0.0.0.0",         "0.1.2.3",         "10.0.0.1",     "100.64.0.1",
                           "100.127.255.255", "127.0.0.1",       "127.1.2.3",    "169.254.169.254",
                           "172.16.0.1",      "172.31.255.255",  "192.0.0.8",    "192.0.2.1",
                           "192.88.99.1",     "192.168.0.1",     "198.18.0.1",   "198.19.255.255",
                           "198.51.100.1",    "203.0.113.1",     "224.0.0.1",    "239.255.255.255",
                           "240.0.0.1",       "255.255.255.255", "::",           "::1",
                           "::127.0.0.1",     "fc00::1",         "fd12:3456::1", "fe80::1",
                           "fec0::1",         "ff02::1",         "100::1",       "2001::1",
                           "2001:10::1",      "2001:1ff::1",     "2001:db8::1",  "3fff::1",
                           "5f00::1",         "64:ff9b:1::1"}) {
    EXPECT_FALSE(is_public(address(text))) << text;
  }
}

TEST(PublicAddress, IsOneOfAllOthers) {
  for (const auto* text : {"1.1.1.1", "9.255.255.255", "11.0.0.1", "100.63.255.255", "100.128.0.1",
                           "126.1.1.1", "128.0.0.1", "172.15.0.1", "172.32.0.1", "192.0.1.1", "198.17.0.1",
                           "223.255.255.255", "2001:200::1", "2606:4700::1111", "2a00:1450::1"}) {
    EXPECT_TRUE(is_public(address(text))) << text;
  }
}

TEST(PublicAddress, IsJudgedAsWhatItLeadsTo) {
  EXPECT_FALSE(is_public(address("::ffff:127.0.0.1")));
  EXPECT_FALSE(is_public(address("::ffff:10.0.0.1")));
  EXPECT_TRUE(is_public(address("::ffff:1.1.1.1")));
  EXPECT_FALSE(is_public(address("64:ff9b::127.0.0.1"))) << "NAT64";
  EXPECT_FALSE(is_public(address("64:ff9b::a9fe:a9fe"))) << "NAT64 of 169.254.169.254";
  EXPECT_TRUE(is_public(address("64:ff9b::1.1.1.1")));
  EXPECT_FALSE(is_public(address("2002:7f00:1::"))) << "6to4 of 127.0.0.1";
  EXPECT_FALSE(is_public(address("2002:c0a8:1::"))) << "6to4 of 192.168.0.1";
}

TEST(AddressPolicy, AllowsPublicOnesAlone) {
  const AddressPolicy policy;
  EXPECT_TRUE(policy.allows(address("1.1.1.1")));
  EXPECT_FALSE(policy.allows(address("127.0.0.1")));
  EXPECT_FALSE(policy.allows(address("10.1.2.3")));
}

TEST(AddressPolicy, AllowsWhatIsNamedBesides) {
  const auto policy = besides({"127.0.0.0/8", "fd00:7::/32"});
  EXPECT_TRUE(policy.allows(address("127.0.0.1")));
  EXPECT_TRUE(policy.allows(address("::ffff:127.0.0.1")));
  EXPECT_TRUE(policy.allows(address("fd00:7::1")));
  EXPECT_TRUE(policy.allows(address("1.1.1.1")));
  EXPECT_FALSE(policy.allows(address("::1")));
  EXPECT_FALSE(policy.allows(address("10.1.2.3")));
}

}  // namespace
}  // namespace oidcop::http
