#include "model/username.h"

#include <gtest/gtest.h>

#include <string>

namespace oidcop::model {
namespace {

TEST(Username, TakesNamesThatPeopleHave) {
  for (const char* name : {"alice", "a", "Alice Liddell", "alice@example.org", "EXAMPLE\\alice", "o'brien",
                           "J\u00FCrgen", "\u5F20\u4F1F", "\u0627\u0644\u064A\u0633", "\"quoted\"", "-x"}) {
    EXPECT_TRUE(check_username(name)) << name;
  }
  EXPECT_TRUE(check_username(std::string(kLongestUsername, 'x')));
}

void expect_refused(const std::string& name, const std::string& why) {
  const auto checked = check_username(name);
  ASSERT_FALSE(checked) << name;
  EXPECT_EQ(checked.error().code, Errc::malformed);
  EXPECT_NE(checked.error().detail.find(why), std::string::npos) << name << ": " << checked.error().detail;
}

TEST(Username, IsNeitherEmptyNorEndless) {
  expect_refused("", "empty");
  expect_refused(std::string(kLongestUsername + 1, 'x'), "longer than 256 octets");
}

TEST(Username, HasNoSpaceAtItsEnds) {
  for (const char* space : {" ", "\u00A0", "\u2003", "\u3000"}) {
    expect_refused(std::string(space) + "alice", "begins with a space");
    expect_refused(std::string("alice") + space, "ends with a space");
    expect_refused(space, "space");
  }
}

TEST(Username, HasNothingThatCannotBeSeen) {
  for (const char* character : {"\t", "\n", "\x1B", "\x7F", "\u0085", "\u009B", "\u200B", "\u200F", "\u2028",
                                "\u202E", "\u2066", "\u00AD", "\uFEFF"}) {
    expect_refused(std::string("al") + character + "ice", "cannot be seen");
  }
  expect_refused(std::string("al\0ice", 6), "cannot be seen");
}

TEST(Username, IsUtf8) {
  for (const char* octets : {"al\xFFice", "al\xC0\x80ice", "al\xED\xA0\x80ice", "alice\xC3"}) {
    expect_refused(octets, "not UTF-8");
  }
}

}  // namespace
}  // namespace oidcop::model
