#include <gtest/gtest.h>
#include <oidcop/result.h>

namespace oidcop {
namespace {

Result<int> half(int number) {
  if (number % 2 != 0) return fail(Errc::malformed, "odd");
  return number / 2;
}

Result<void> check(int number) {
  const auto halved = half(number);
  if (!halved) return fail(halved.error());
  return {};
}

TEST(Result, CarriesTheValue) {
  EXPECT_EQ(half(4).value(), 2);
  EXPECT_TRUE(check(4));
}

TEST(Result, CarriesTheErrorThroughOtherTypes) {
  ASSERT_FALSE(check(3));
  EXPECT_EQ(check(3).error().code, Errc::malformed);
  EXPECT_EQ(check(3).error().detail, "odd");
}

TEST(Result, IsInternalUnlessSomebodySaidMore) {
  EXPECT_EQ(Error().code, Errc::internal);
}

}  // namespace
}  // namespace oidcop
