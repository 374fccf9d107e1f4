#include "model/usage_rule.h"

#include <gtest/gtest.h>

namespace oidcop::model {
namespace {

TEST(TokenClassName, LeadsBackToItsClass) {
  for (const auto token_class : {TokenClass::authorization_code, TokenClass::access_token,
                                 TokenClass::refresh_token, TokenClass::id_token}) {
    const auto named = token_class_named(name_of(token_class));
    ASSERT_TRUE(named);
    EXPECT_EQ(*named, token_class);
  }
}

TEST(TokenClassName, UnknownOneIsMalformed) {
  const auto named = token_class_named("Access_Token");
  ASSERT_FALSE(named);
  EXPECT_EQ(named.error().code, Errc::malformed);
}

}  // namespace
}  // namespace oidcop::model
