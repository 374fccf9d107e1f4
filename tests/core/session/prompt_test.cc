#include "session/prompt.h"

#include <gtest/gtest.h>

namespace oidcop::session {
namespace {

TEST(PromptSet, HoldsWhatWasAsked) {
  auto set = PromptSet::parse({"login", "consent", "login"});
  ASSERT_TRUE(set);
  EXPECT_TRUE(set->has(Prompt::login));
  EXPECT_TRUE(set->has(Prompt::consent));
  EXPECT_FALSE(set->has(Prompt::none));
}

TEST(PromptSet, IsEmptyWhenNothingWasAsked) {
  EXPECT_TRUE(PromptSet::parse({})->empty());
}

TEST(PromptSet, RefusesNoneTogetherWithAnother) {
  auto set = PromptSet::parse({"none", "login"});
  ASSERT_FALSE(set);
  EXPECT_EQ(set.error().code, "invalid_request");
  EXPECT_EQ(set.error().parameter, "prompt");
}

TEST(PromptSet, RefusesWhatIsNotSupported) {
  EXPECT_FALSE(PromptSet::parse({"register"}));
  EXPECT_FALSE(PromptSet::parse({"Login"}));
}

}  // namespace
}  // namespace oidcop::session
