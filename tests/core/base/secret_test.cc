#include "base/secret.h"

#include <gtest/gtest.h>

#include <array>
#include <concepts>
#include <cstring>
#include <iostream>
#include <new>
#include <type_traits>
#include <utility>

namespace oidcop {
namespace {

template <class T>
concept Printable = requires(const T& value) {
  std::cout << value;
};
template <class T>
concept Comparable = requires(const T& a, const T& b) {
  a == b;
};

static_assert(Printable<std::string> && Comparable<std::string>, "the concepts work");
static_assert(!Printable<Secret>);
static_assert(!Comparable<Secret>);
static_assert(!std::convertible_to<Secret, std::string>);
static_assert(!std::convertible_to<Secret, std::string_view>);
static_assert(!std::convertible_to<Secret, bool>);
static_assert(!std::convertible_to<std::string, Secret>);
static_assert(std::is_nothrow_move_constructible_v<Secret> && std::is_nothrow_move_assignable_v<Secret>);

constexpr std::string_view kShort = "hunter2";  // fits into the string object itself
constexpr std::string_view kLong = "correct horse battery staple, and a good deal more";

/// Whether the object itself, not memory that it points to, still holds the text.
template <class T>
bool bytes_hold(const T& object, std::string_view text) {
  const std::string_view bytes(reinterpret_cast<const char*>(&object), sizeof object);
  return bytes.find(text) != std::string_view::npos;
}

TEST(Secret, RevealsWhatItWasGiven) {
  EXPECT_EQ(Secret(std::string(kShort)).reveal(), kShort);
  EXPECT_EQ(Secret(std::string(kLong)).size(), kLong.size());
  EXPECT_TRUE(Secret().empty());
}

TEST(Secret, LeavesNothingInTheStringItWasMadeFrom) {
  std::string source(kShort);
  ASSERT_TRUE(bytes_hold(source, kShort));
  const Secret secret(std::move(source));
  EXPECT_FALSE(bytes_hold(source, kShort));  // NOLINT(bugprone-use-after-move): what is left is the question
}

// NOLINTBEGIN(bugprone-use-after-move): what is left is the question
TEST(Secret, LeavesNothingBehindWhenMoved) {
  for (const auto text : {kShort, kLong}) {
    Secret first{std::string(text)};
    Secret second(std::move(first));
    EXPECT_TRUE(first.empty());
    EXPECT_FALSE(bytes_hold(first, text));
    Secret third;
    third = std::move(second);
    EXPECT_TRUE(second.empty());
    EXPECT_FALSE(bytes_hold(second, text));
    EXPECT_EQ(third.reveal(), text);
  }
}
// NOLINTEND(bugprone-use-after-move)

TEST(Secret, IsWipedWhenItEnds) {
  alignas(Secret) std::array<std::byte, sizeof(Secret)> place{};
  auto* secret = new (place.data()) Secret{std::string(kShort)};
  ASSERT_TRUE(bytes_hold(place, kShort));
  secret->~Secret();
  EXPECT_FALSE(bytes_hold(place, kShort));
}

TEST(Secret, OverwritesTheOldValueWhenAssigned) {
  Secret secret{std::string(kShort)};
  secret = Secret{std::string("x")};
  EXPECT_FALSE(bytes_hold(secret, kShort.substr(2)));
  const Secret other{std::string("y")};
  secret = other;
  EXPECT_EQ(secret.reveal(), "y");
  EXPECT_EQ(other.reveal(), "y");
}

TEST(Secret, SurvivesAssignmentToItself) {
  Secret secret{std::string(kLong)};
  auto& alias = secret;
  secret = alias;
  EXPECT_EQ(secret.reveal(), kLong);
  secret = std::move(alias);
  EXPECT_EQ(secret.reveal(), kLong);
}

TEST(Secret, ComparesByContentInConstantTimeOnly) {
  EXPECT_TRUE(equal_in_constant_time(Secret{std::string(kLong)}, Secret{std::string(kLong)}));
  EXPECT_FALSE(equal_in_constant_time("abcd", "abce"));
  EXPECT_FALSE(equal_in_constant_time("abcd", "bbcd"));
  EXPECT_FALSE(equal_in_constant_time("abc", "abcd"));
  EXPECT_TRUE(equal_in_constant_time("", ""));
  EXPECT_FALSE(equal_in_constant_time(std::string_view("a\0b", 3), std::string_view("a\0c", 3)));
}

TEST(Wipe, ReachesBehindTheEndOfAShortenedString) {
  std::string text(kShort);
  text.resize(1);
  ASSERT_TRUE(bytes_hold(text, kShort.substr(2)));
  wipe(text);
  EXPECT_TRUE(text.empty());
  EXPECT_FALSE(bytes_hold(text, kShort.substr(2)));
}

}  // namespace
}  // namespace oidcop
