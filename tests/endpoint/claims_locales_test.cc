#include "base/json.h"
#include "endpoint/scene.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace oidcop::testing {
namespace {

/// alice, whose names are in several languages.
struct Languages : Scene {
  Languages() {
    op.add_user([](model::User& user) {
      user.claims.set("name#de-AT", "Alicia");
      user.claims.set("name#fr", "Alice d'Oxford");
    });
  }
  http::Response claims(const std::string& locales) {
    return get_userinfo(op, member(buy({{"claims_locales", locales}}), "access_token"));
  }
};

// OpenID Connect Core 1.0, 5.2; reference defect B60: claims_locales had no effect.
TEST(ClaimsLocales, OneLanguageThatIsThereComesWithoutItsTag) {
  Languages scene;
  const auto claims = scene.claims("de");
  EXPECT_EQ(member(claims, "name"), "Alicia");
  EXPECT_EQ(member(claims, "name#de-AT"), "");
  EXPECT_EQ(member(claims, "name#fr"), "");
  EXPECT_EQ(member(claims, "email"), "alice@example.org") << "what has no language comes as it is";
}

TEST(ClaimsLocales, SeveralLanguagesKeepTheirTags) {
  Languages scene;
  const auto claims = scene.claims("fr es");
  EXPECT_EQ(member(claims, "name"), "Alice Liddell");
  EXPECT_EQ(member(claims, "name#fr"), "Alice d'Oxford");
  EXPECT_EQ(member(claims, "name#de-AT"), "");
}

TEST(ClaimsLocales, ALanguageThatIsNotThereIsNoError) {
  Languages scene;
  EXPECT_EQ(member(scene.claims("ja"), "name"), "Alice Liddell");
  EXPECT_EQ(member(scene.claims("de-CH"), "name"), "Alice Liddell");
}

TEST(ClaimsLocales, WithoutThemAllLanguagesCome) {
  Languages scene;
  const auto claims = scene.claims("");
  EXPECT_EQ(member(claims, "name"), "Alice Liddell");
  EXPECT_EQ(member(claims, "name#fr"), "Alice d'Oxford");
  EXPECT_EQ(member(claims, "name#de-AT"), "Alicia");
}

}  // namespace
}  // namespace oidcop::testing
