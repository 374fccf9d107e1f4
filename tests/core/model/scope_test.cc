#include "model/scope.h"

#include <gtest/gtest.h>

namespace oidcop::model {
namespace {

using Values = std::vector<std::string>;

ScopeSet scopes(std::string_view text) {
  auto set = ScopeSet::parse(text);
  EXPECT_TRUE(set);
  return set ? *set : ScopeSet();
}

TEST(ScopeSet, KeepsTheOrderInWhichValuesWereNamed) {
  EXPECT_EQ(scopes("profile openid email").values(), (Values{"profile", "openid", "email"}));
}

TEST(ScopeSet, FoldsRepetitionsAndSpaces) {
  EXPECT_EQ(scopes(" openid  email openid ").text(), "openid email");
}

TEST(ScopeSet, NothingIsTheEmptySet) {
  EXPECT_TRUE(scopes("").empty());
  EXPECT_EQ(scopes("").text(), "");
}

TEST(ScopeSet, RefusesCharactersOutsideScopeToken) {
  for (const std::string text : {"open\"id", "open\\id", "a\tb", "a\nb", "\x7f", "caf\xc3\xa9"}) {
    const auto set = ScopeSet::parse(text);
    ASSERT_FALSE(set) << text;
    EXPECT_EQ(set.error().code, Errc::malformed);
  }
  EXPECT_FALSE(ScopeSet::parse(std::string_view("a\0b", 3)));
}

TEST(ScopeSet, AcceptsEveryCharacterOfScopeToken) {
  for (int c = 0x21; c <= 0x7e; ++c) {
    if (c == '"' || c == '\\') continue;
    EXPECT_TRUE(ScopeSet::parse(std::string(1, static_cast<char>(c)))) << c;
  }
}

TEST(ScopeSet, IntersectionKeepsItsOwnOrder) {
  EXPECT_EQ(scopes("c b a").intersection(scopes("a b d")).text(), "b a");
  EXPECT_TRUE(scopes("a").intersection(scopes("b")).empty());
}

TEST(ScopeSet, UnionAddsWhatIsNew) {
  EXPECT_EQ(scopes("a b").united_with(scopes("b c")).text(), "a b c");
}

TEST(ScopeSet, SubsetIsAskedValueByValue) {
  EXPECT_TRUE(scopes("b").is_subset_of(scopes("a b")));
  EXPECT_TRUE(scopes("").is_subset_of(scopes("a")));
  EXPECT_FALSE(scopes("open").is_subset_of(scopes("openid")));
  EXPECT_FALSE(scopes("A").is_subset_of(scopes("a")));
}

TEST(ScopeSet, EqualityForgetsTheOrder) {
  EXPECT_EQ(scopes("a b"), scopes("b a"));
  EXPECT_FALSE(scopes("a") == scopes("a b"));
}

TEST(ScopeSet, AddsOnceAndRemoves) {
  auto set = scopes("a");
  set.add("b");
  set.add("b");
  set.add("");
  EXPECT_EQ(set.text(), "a b");
  set.remove("a");
  EXPECT_EQ(set.text(), "b");
}

}  // namespace
}  // namespace oidcop::model
