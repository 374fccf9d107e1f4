#include "base/system_random.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <set>

#include "support/fixed_random.h"

namespace oidcop {
namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

TEST(SystemRandom, FillsAllOctets) {
  SystemRandom random;
  std::array<std::uint8_t, 64> a{}, b{};
  ASSERT_TRUE(random.fill(a));
  ASSERT_TRUE(random.fill(b));
  EXPECT_NE(a, b);
  std::array<bool, 64> touched{};
  for (int i = 0; i < 40; ++i) {
    std::array<std::uint8_t, 64> c{};
    ASSERT_TRUE(random.fill(c));
    for (std::size_t k = 0; k < c.size(); ++k) touched[k] = touched[k] || c[k] != 0;
  }
  EXPECT_EQ(std::set<bool>(touched.begin(), touched.end()), std::set<bool>{true});
}

TEST(SystemRandom, FillsNothingWhenNothingIsAskedFor) {
  SystemRandom random;
  EXPECT_TRUE(random.fill({}));
  EXPECT_EQ(random_octets(random, 0).value(), "");
}

TEST(SystemRandom, AChildProcessGetsOtherOctets) {
  SystemRandom random;
  ASSERT_TRUE(random_octets(random, 16));  // seeded before the fork
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  const auto child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const auto octets = random_octets(random, 16);
    const bool sent = octets && ::write(ends[1], octets->data(), octets->size()) == 16;
    ::_exit(sent ? 0 : 1);
  }
  std::string theirs(16, '\0');
  EXPECT_EQ(::read(ends[0], theirs.data(), theirs.size()), 16);
  ::waitpid(child, nullptr, 0);
  EXPECT_NE(random_octets(random, 16).value(), theirs);
  ::close(ends[0]);
  ::close(ends[1]);
}

TEST(RandomHandle, HasFortyThreeCharactersThatNeedNoEscape) {
  SystemRandom random;
  std::set<std::string> seen;
  for (int i = 0; i < 200; ++i) {
    const auto handle = random_handle(random).value();
    EXPECT_EQ(handle.size(), 43U);
    EXPECT_EQ(handle.find_first_not_of(kAlphabet), std::string::npos);
    seen.insert(handle);
  }
  EXPECT_EQ(seen.size(), 200U);
}

TEST(RandomId, HasTwentyTwoCharacters) {
  SystemRandom random;
  EXPECT_EQ(random_id(random).value().size(), 22U);
}

TEST(RandomId, IsNoOptionInAShell) {
  SystemRandom random;
  for (int i = 0; i < 2000; ++i) ASSERT_NE(random_id(random).value().front(), '-');
  const auto ids = random_ids(random, 2000).value();
  for (const auto& id : ids) ASSERT_NE(id.front(), '-');
}

TEST(RandomIds, AreSeveralOfThem) {
  SystemRandom random;
  const auto ids = random_ids(random, 50).value();
  EXPECT_EQ(std::set<std::string>(ids.begin(), ids.end()).size(), 50U);
  for (const auto& id : ids) EXPECT_EQ(id.size(), 22U);
  EXPECT_TRUE(random_ids(random, 0).value().empty());
}

TEST(RandomHandle, IsRefusedWhenTheSourceFails) {
  testing::FixedRandom random(1, 1);
  EXPECT_EQ(random_handle(random).error().code, Errc::unavailable);
  EXPECT_TRUE(random_handle(random));
  random.fail_after(1);
  EXPECT_EQ(random_id(random).error().code, Errc::unavailable);
  random.fail_after(2);
  EXPECT_TRUE(random_octets(random, 8));
  EXPECT_EQ(random_octets(random, 8).error().code, Errc::unavailable);
}

TEST(FixedRandom, RepeatsItselfInEveryRunButNotWithinOne) {
  testing::FixedRandom a, b, other(2);
  const auto first = random_handle(a).value();
  EXPECT_EQ(first, random_handle(b).value());
  EXPECT_NE(first, random_handle(a).value());
  EXPECT_NE(first, random_handle(other).value());
  EXPECT_EQ(a.calls(), 2U);
}

}  // namespace
}  // namespace oidcop
