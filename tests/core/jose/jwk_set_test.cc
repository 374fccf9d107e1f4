#include "jose/jwk_set.h"

#include "core/jose/jose_data.h"

namespace oidcop::jose {
namespace {

using namespace testing;  // NOLINT: the helpers of this folder

TEST(JwkSet, SkipsKeysItDoesNotUnderstandAndSaysWhy) {
  auto set = Json::object();
  set["keys"] = Json::array(
      {Json{{"kty", "future"}}, *p256_key({.kid = "good"}).public_json(), Json{{"kty", "RSA"}}, 7});
  const auto parsed = JwkSet::parse(set);
  ASSERT_TRUE(parsed);
  ASSERT_EQ(parsed->keys().size(), 1U);
  EXPECT_EQ(parsed->keys().front().kid(), "good");
  EXPECT_EQ(parsed->skipped().size(), 3U);
}

TEST(JwkSet, RefusesWhatIsNoSetOrTooLarge) {
  EXPECT_FALSE(JwkSet::parse_text("[]"));
  EXPECT_FALSE(JwkSet::parse_text("{}"));
  EXPECT_FALSE(JwkSet::parse_text(R"({"keys":{}})"));
  EXPECT_FALSE(JwkSet::parse_text(R"({"keys":[],"keys":[]})"));
  auto set = Json::object();
  set["keys"] = Json(129, Json::object());
  EXPECT_EQ(JwkSet::parse(set).error().code, Errc::refused);
}

TEST(JwkSet, PublishesNoSymmetricOrPrivateKey) {
  const JwkSet set({octets_key(), rsa_key({.kid = "r"}), ed25519_key({.kid = "e"})});
  const auto text = set.dump_public_text();
  EXPECT_EQ(set.dump_public().at("keys").size(), 2U);
  EXPECT_EQ(text.find("\"d\""), std::string::npos);
  EXPECT_EQ(text.find("\"k\""), std::string::npos);
  EXPECT_EQ(JwkSet::parse_text(text)->keys().size(), 2U);
}

TEST(JwkSet, CandidatesHaveTheKidOrNoneAndFitTheAlgorithm) {
  const JwkSet set({rsa_key({.kid = "a"}), rsa_key({.kid = "b"}), rsa_key(), p256_key({.kid = "a"}),
                    rsa_key({.kid = "a", .use = "enc"})});
  const auto with_kid = set.candidates(Algorithm::rs256, "a", {Algorithm::rs256});
  ASSERT_EQ(with_kid.size(), 2U);
  EXPECT_EQ(with_kid[0].kid(), "a");
  EXPECT_EQ(with_kid[1].kid(), "");
  EXPECT_EQ(set.candidates(Algorithm::rs256, "", {Algorithm::rs256}).size(), 3U);
  EXPECT_EQ(set.candidates(Algorithm::rs256, "unknown", {Algorithm::rs256}).size(), 1U);
  EXPECT_EQ(set.candidates(Algorithm::es256, "a", {Algorithm::es256}).size(), 1U);
  EXPECT_EQ(set.candidates(Algorithm::es256, "b", {Algorithm::es256}).size(), 0U);
  EXPECT_TRUE(set.candidates(Algorithm::none, "", {Algorithm::none}).empty());
}

TEST(JwkSet, CandidatesAreBounded) {
  JwkSet set;
  for (int i = 0; i < 100; ++i) set.add(p256_key());
  EXPECT_EQ(set.candidates(Algorithm::es256, "any", {Algorithm::es256}).size(), 8U);
}

TEST(JwkSet, KeysOnACurveThatIsNotAllowedTakeNoPlaceAmongTheCandidates) {
  JwkSet set;
  for (int i = 0; i < 8; ++i) set.add(ed25519_key());
  set.add(*generate_okp(Curve::ed448, {.kid = "wanted"}));
  const auto found = set.candidates(Algorithm::eddsa, "", {Algorithm::ed448});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found.front().kid(), "wanted");
  EXPECT_TRUE(set.candidates(Algorithm::eddsa, "", {Algorithm::es256}).empty());
}

}  // namespace
}  // namespace oidcop::jose
