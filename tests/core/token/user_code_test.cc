#include "token/user_code.h"

#include "support/fixed_random.h"

#include "base/system_random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace oidcop::token {
namespace {

class BrokenRandom final : public Random {
 public:
  Result<void> fill(std::span<std::uint8_t>) override { return fail_now(); }

 private:
  static Result<void> fail_now() { return oidcop::fail(Errc::unavailable, "no randomness"); }
};

/// Every octet in turn.
class CountingRandom final : public Random {
 public:
  Result<void> fill(std::span<std::uint8_t> out) override {
    for (auto& octet : out) octet = next_++;
    return {};
  }

 private:
  std::uint8_t next_ = 0;
};

// RFC 8628, 6.1.
TEST(UserCode, IsEightConsonantsShownInTwoGroups) {
  SystemRandom random;
  for (int i = 0; i < 100; ++i) {
    const auto code = UserCode::make(random);
    ASSERT_TRUE(code);
    EXPECT_EQ(code->letters().size(), 8U);
    EXPECT_EQ(code->letters().find_first_not_of("BCDFGHJKLMNPQRSTVWXZ"), std::string::npos);
    EXPECT_EQ(code->shown(), code->letters().substr(0, 4) + "-" + code->letters().substr(4));
  }
}

TEST(UserCode, HasEveryLetterEquallyOften) {
  CountingRandom random;
  std::map<char, int> seen;
  for (int i = 0; i < 16 * 15; ++i) {  // whole rounds of 256 octets, of which half are taken
    for (const char letter : UserCode::make(random)->letters()) ++seen[letter];
  }
  EXPECT_EQ(seen.size(), 20U);
  const auto [least, most] = std::minmax_element(
      seen.begin(), seen.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  EXPECT_LE(most->second - least->second, most->second / 4);
}

TEST(UserCode, IsNotMadeWithoutRandomness) {
  BrokenRandom random;
  EXPECT_EQ(UserCode::make(random).error().code, Errc::unavailable);
}

TEST(UserCode, IsReadHoweverItIsTyped) {
  for (const auto* typed : {"WDJBMJHT", "WDJB-MJHT", "wdjb-mjht", " wdjb mjht ", "W.D.J.B/M_J_H_T",
                            "(wdjbMJHT)", "wdjb\xE2\x80\x93mjht"}) {
    const auto code = UserCode::read(typed);
    ASSERT_TRUE(code) << typed;
    EXPECT_EQ(code->letters(), "WDJBMJHT") << typed;
  }
}

TEST(UserCode, IsNothingElse) {
  for (const auto& typed :
       {std::string(), std::string("WDJB-MJH"), std::string("WDJB-MJHTB"), std::string("WDJA-MJHT"),
        std::string("WDJ8-MJHT"), std::string("----"), std::string("WDJBMJHT") + std::string(60, ' ')}) {
    EXPECT_FALSE(UserCode::read(typed)) << typed;
  }
}

}  // namespace
}  // namespace oidcop::token
