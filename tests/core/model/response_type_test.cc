#include "model/response_type.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace oidcop::model {
namespace {

using ::testing::Not;

TEST(ResponseTypeTest, TheOrderOfWordsSaysNothing) {
  const auto one = ResponseType::parse("token code id_token");
  const auto other = ResponseType::parse("code id_token token");
  ASSERT_TRUE(one && other);
  EXPECT_EQ(*one, *other);
  EXPECT_EQ(one->text(), "code id_token token");
}

TEST(ResponseTypeTest, NoneCarriesNothingAndStandsAlone) {
  const auto none = ResponseType::parse("none");
  ASSERT_TRUE(none);
  EXPECT_TRUE(none->is_none());
  EXPECT_EQ(none->text(), "none");
  EXPECT_FALSE(ResponseType::parse("none code"));
  EXPECT_FALSE(ResponseType::parse("code none"));
  EXPECT_FALSE(ResponseType::parse("none none"));
}

TEST(ResponseTypeTest, AnythingElseIsNone) {
  for (const auto* text : {"", " ", "Code", "code code", "id token", "code,token", "code\ttoken"}) {
    EXPECT_FALSE(ResponseType::parse(text)) << text;
  }
}

TEST(ResponseTypeTest, EveryTypeOfOpenIdConnectIsWrittenAsItIsRead) {
  for (const auto& text : openid_response_types()) {
    const auto type = ResponseType::parse(text);
    ASSERT_TRUE(type) << text;
    EXPECT_EQ(type->text(), text);
  }
  EXPECT_THAT(openid_response_types(), Not(::testing::Contains("token")));
}

TEST(ResponseTypeTest, ARegisteredListIsComparedAsSets) {
  EXPECT_TRUE(has_response_type({"id_token code"}, *ResponseType::parse("code id_token")));
  EXPECT_FALSE(has_response_type({"code", "id_token"}, *ResponseType::parse("code id_token")));
}

}  // namespace
}  // namespace oidcop::model
