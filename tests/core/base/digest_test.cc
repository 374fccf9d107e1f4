#include "base/digest.h"

#include <gtest/gtest.h>

#include <atomic>
#include <iomanip>
#include <set>
#include <sstream>
#include <thread>
#include <vector>

namespace oidcop {
namespace {

std::string hex(std::string_view octets) {
  std::ostringstream out;
  for (const char c : octets) {
    out << std::hex << std::setw(2) << std::setfill('0') << static_cast<int>(static_cast<unsigned char>(c));
  }
  return out.str();
}

// FIPS 180-4 examples: "" and "abc".
TEST(Digest, Sha256MeetsItsVectors) {
  EXPECT_EQ(sha256("").hex(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256("abc").hex(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256(std::string(1000000, 'a')).hex(),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Digest, Sha384And512MeetTheirVectors) {
  EXPECT_EQ(
      hex(sha384("abc")),
      "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7");
  EXPECT_EQ(hex(sha512("abc")),
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
            "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
  EXPECT_EQ(hex(shake256("abc", 20)), "483366601360a8771c6863080cc4114d8db44530");
}

// RFC 4231, cases 1, 2, 6.
TEST(Digest, HmacMeetsItsVectors) {
  EXPECT_EQ(hmac_sha256(Secret(std::string(20, '\x0b')), "Hi There").hex(),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(hmac_sha256(Secret("Jefe"), "what do ya want for nothing?").hex(),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(
      hmac_sha256(Secret(std::string(131, '\xaa')), "Test Using Larger Than Block-Size Key - Hash Key First")
          .hex(),
      "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(Digest, HmacTakesAnEmptyKey) {
  EXPECT_EQ(hmac_sha256(Secret(), "").hex(),
            "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

TEST(Digest, HmacForgetsTheKeyOfTheCallBefore) {
  const auto first = hmac_sha256(Secret("one"), "text");
  EXPECT_NE(hmac_sha256(Secret("two"), "text"), first);
  EXPECT_NE(hmac_sha256(Secret(), "text"), first);
  EXPECT_EQ(hmac_sha256(Secret("one"), "text"), first);
}

TEST(Digest, ShowsItsFirstEightDigits) {
  EXPECT_EQ(sha256("abc").short_hex(), "ba7816bf");
}

TEST(Digest, ComesBackFromItsOctets) {
  const auto digest = sha256("abc");
  EXPECT_EQ(Digest::from_octets(digest.octets()).value(), digest);
}

TEST(Digest, RefusesOctetsOfAnotherLength) {
  EXPECT_EQ(Digest::from_octets("").error().code, Errc::malformed);
  EXPECT_FALSE(Digest::from_octets(std::string(31, 'x')));
  EXPECT_FALSE(Digest::from_octets(std::string(33, 'x')));
}

TEST(Digest, CanBeAKey) {
  const std::set<Digest> digests = {sha256("a"), sha256("b"), sha256("a")};
  EXPECT_EQ(digests.size(), 2U);
}

TEST(Digest, ThreadsDoNotDisturbEachOther) {
  const auto expected = sha256("abc");
  const auto expected_mac = hmac_sha256(Secret("k"), "abc");
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 500; ++i) {
        if (sha256("abc") != expected || hmac_sha256(Secret("k"), "abc") != expected_mac) ++wrong;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

TEST(JoinUnambiguously, PrecedesEachPartByItsLength) {
  using namespace std::string_view_literals;
  EXPECT_EQ(join_unambiguously({"ab", ""}), "\0\0\0\0\0\0\0\2ab\0\0\0\0\0\0\0\0"sv);
  EXPECT_EQ(join_unambiguously({}), "");
}

TEST(JoinUnambiguously, TellsBoundariesApart) {
  EXPECT_NE(join_unambiguously({"ab", "c"}), join_unambiguously({"a", "bc"}));
  EXPECT_NE(join_unambiguously({"abc"}), join_unambiguously({"abc", ""}));
  EXPECT_NE(join_unambiguously({"", "abc"}), join_unambiguously({"abc", ""}));
}

}  // namespace
}  // namespace oidcop
