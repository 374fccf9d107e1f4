#include "jose/signing_keys.h"

#include "core/jose/jose_data.h"

namespace oidcop::jose {
namespace {

using namespace testing;  // NOLINT: the helpers of this folder

Jwk new_key(const std::string& kid) {
  return *generate_ec(Curve::p256, {.kid = kid, .alg = "ES256", .use = "sig"});
}

ManagedKey managed(Jwk key, KeyState state, std::int64_t since) {
  ManagedKey result{.key = std::move(key), .state = state};
  const TimePoint time{Seconds(since)};
  result.published_at = time;
  if (state != KeyState::next) result.activated_at = time;
  if (state == KeyState::retired || state == KeyState::archived) result.retired_at = time;
  if (state == KeyState::archived) result.archived_at = time;
  return result;
}

SigningKeys one_of_each() {
  return SigningKeys({managed(*new_key("z").public_key(), KeyState::archived, 10),
                      managed(new_key("r"), KeyState::retired, 20), managed(new_key("n"), KeyState::next, 40),
                      managed(new_key("a"), KeyState::active, 30)});
}

std::vector<std::string> kids(const JwkSet& set) {
  std::vector<std::string> list;
  for (const auto& key : set.keys()) list.push_back(key.kid());
  return list;
}

TEST(SigningKeys, PublishesNextActiveAndRetiredButNothingPrivate) {
  const auto keys = one_of_each();
  EXPECT_EQ(kids(keys.published()), (std::vector<std::string>{"a", "n", "r"}));
  const auto text = keys.published_text();
  EXPECT_EQ(text.find("\"d\""), std::string::npos);
  EXPECT_EQ(text.find("oidcop"), std::string::npos);
  EXPECT_EQ(kids(*JwkSet::parse_text(text)), kids(keys.published()));
}

TEST(SigningKeys, VerifiesWithEveryStateButSignsWithTheActiveOnly) {
  const auto keys = one_of_each();
  EXPECT_EQ(keys.verification().keys().size(), 4U);
  for (const auto& key : keys.verification().keys()) EXPECT_FALSE(key.is_private());
  EXPECT_EQ(keys.signing_key(Algorithm::es256)->kid(), "a");
  EXPECT_EQ(keys.signing_key(Algorithm::rs256), nullptr);
  EXPECT_EQ(keys.signing_key(Algorithm::none), nullptr);
  EXPECT_EQ(keys.algorithms(), std::vector<Algorithm>{Algorithm::es256});
}

SigningKeys active(std::vector<Jwk> list) {
  std::vector<ManagedKey> keys;
  for (auto& key : list) keys.push_back(ManagedKey{.key = std::move(key)});
  return SigningKeys(std::move(keys));
}

// Libraries compare the header's name with the published key's "alg" by the letter.
TEST(SigningKeys, SignUnderNoOtherNameThanThePublishedOne) {
  const auto old_name = active({ed25519_key({.kid = "k", .alg = "EdDSA"})});
  EXPECT_EQ(old_name.algorithms(), std::vector<Algorithm>{Algorithm::eddsa});
  EXPECT_EQ(old_name.signing_key(Algorithm::ed25519), nullptr);
  const auto new_name = active({ed25519_key({.kid = "k", .alg = "Ed25519"})});
  EXPECT_EQ(new_name.algorithms(), std::vector<Algorithm>{Algorithm::ed25519});
  const auto unnamed = active({ed25519_key({.kid = "k"})});
  EXPECT_EQ(unnamed.algorithms(), (std::vector<Algorithm>{Algorithm::eddsa, Algorithm::ed25519}));
}

TEST(SigningKeys, EdDsaIsEd25519WhereThereIsSuchAKey) {
  auto ed448 = ManagedKey{.key = *generate_okp(Curve::ed448, {.kid = "448"})};
  ed448.activated_at = TimePoint{Seconds(20)};
  auto ed25519 = ManagedKey{.key = ed25519_key({.kid = "25519"})};
  ed25519.activated_at = TimePoint{Seconds(10)};
  const SigningKeys both({ed448, ed25519});
  EXPECT_EQ(both.signing_key(Algorithm::eddsa)->kid(), "25519");
  EXPECT_EQ(both.signing_key(Algorithm::ed448)->kid(), "448");
  EXPECT_EQ(SigningKeys({ed448}).signing_key(Algorithm::eddsa)->kid(), "448");
}

TEST(SigningKeys, OfSeveralActiveKeysTheLatestSigns) {
  const SigningKeys keys({managed(new_key("old"), KeyState::active, 10),
                          managed(new_key("new"), KeyState::active, 20),
                          ManagedKey{.key = new_key("unknown")}});
  EXPECT_EQ(keys.signing_key(Algorithm::es256)->kid(), "new");
}

TEST(SigningKeys, SurviveTheFile) {
  const auto keys = one_of_each();
  const auto text = keys.dump_private();
  ASSERT_TRUE(text);
  const auto again = SigningKeys::parse(*text);
  ASSERT_TRUE(again) << again.error().detail;
  EXPECT_EQ(again->published_text(), keys.published_text());
  EXPECT_EQ(again->dump_private()->reveal(), text->reveal());
  for (std::size_t i = 0; i < keys.keys().size(); ++i) {
    EXPECT_EQ(again->keys()[i].state, keys.keys()[i].state);
    EXPECT_EQ(again->keys()[i].since(), keys.keys()[i].since());
  }
}

TEST(SigningKeys, ReadAPlainSetOfOthersAsActiveKeys) {
  auto first = *rsa_key({.kid = "theirs", .use = "sig"}).private_json();
  first["x5t"] = "abc";
  first["note"] = "keep me";
  auto second = *p256_key().private_json();
  second.erase("kid");
  auto set = Json::object();
  set["keys"] = Json::array({first, second});
  const auto keys = SigningKeys::parse(Secret(dump_json(set)));
  ASSERT_TRUE(keys) << keys.error().detail;
  EXPECT_EQ(keys->signing_key(Algorithm::rs256)->kid(), "theirs");
  EXPECT_EQ(keys->signing_key(Algorithm::es256)->kid(), p256_key().thumbprint());
  EXPECT_NE(keys->published_text().find("\"x5t\":\"abc\""), std::string::npos);
  EXPECT_EQ(keys->published_text().find("keep me"), std::string::npos);
  EXPECT_NE(keys->dump_private()->reveal().find("keep me"), std::string_view::npos);
}

TEST(SigningKeys, RefuseAFileThatIsNotTheirs) {
  const auto entry = *p256_key({.kid = "k"}).private_json();
  const auto parse = [](const Json& list) {
    auto set = Json::object();
    set["keys"] = list;
    return SigningKeys::parse(Secret(dump_json(set)));
  };
  EXPECT_TRUE(parse(Json::array({entry})));
  EXPECT_FALSE(parse(Json::array({entry, entry})));
  EXPECT_FALSE(parse(Json::array({*p256_key({.kid = "k"}).public_json()})));
  EXPECT_FALSE(parse(Json::array({*octets_key().private_json()})));
  EXPECT_FALSE(parse(Json::array({Json{{"kty", "future"}}})));
  EXPECT_FALSE(parse(Json::object()));
  for (const auto& [name, value] :
       std::vector<std::pair<std::string, Json>>{{"oidcop_state", "Active"},
                                                 {"oidcop_state", 1},
                                                 {"oidcop_activated_at", -1},
                                                 {"oidcop_retired_at", 1e300},
                                                 {"oidcop_published_at", "now"}}) {
    auto bad = entry;
    bad[name] = value;
    EXPECT_FALSE(parse(Json::array({bad}))) << name << value;
  }
  EXPECT_FALSE(SigningKeys::parse(Secret("")));
  EXPECT_FALSE(SigningKeys::parse(Secret(R"({"keys":[],"keys":[]})")));
}

TEST(SigningKeys, AreDescribedForPeople) {
  const auto rows = describe(one_of_each(), {});
  ASSERT_EQ(rows.size(), 4U);
  EXPECT_EQ(rows[0].at("state"), "archived");
  EXPECT_EQ(rows[1].at("published_until"), 20 + 86400 + 5);
  EXPECT_EQ(rows[2].at("may_sign_at"), 40 + 3600 + 5);
  EXPECT_EQ(rows[3].at("activated_at"), 30);
  EXPECT_EQ(rows[3].at("size"), "P-256");
  EXPECT_EQ(dump_json(rows).find("\"d\""), std::string::npos);
}

}  // namespace
}  // namespace oidcop::jose
