#include "jose/key_rotation.h"

#include "core/jose/jose_data.h"
#include "support/manual_clock.h"

namespace oidcop::jose {
namespace {

using namespace testing;  // NOLINT: the helpers of this folder
using oidcop::testing::ManualClock;

const KeyDefinition kEc{KeyType::ec, Curve::p256, 0, "ES256"};
const KeyDefinition kEd{KeyType::okp, Curve::ed25519, 0, "EdDSA"};
const KeyTimes kTimes{
    .jwks_max_age = Seconds(3600), .reload_interval = Seconds(5), .longest_token = Seconds(600)};
constexpr Seconds kMonth{30 * 86400};

std::string states(const SigningKeys& keys, KeyType type = KeyType::ec) {
  std::string text;
  for (const auto& managed : keys.keys()) {
    if (managed.key.type() != type) continue;
    text += (text.empty() ? "" : " ") + std::string(key_state_name(managed.state));
  }
  return text;
}

/// Keys and a clock, and the step under test.
struct Life {
  ManualClock clock;
  SigningKeys keys{*create_signing_keys({kEc}, clock.now())};
  std::vector<std::string> changes;

  void rotate(Seconds max_age = Seconds(0), RotationForce force = RotationForce::none) {
    auto result =
        jose::rotate(keys, {.now = clock.now(), .max_age = max_age, .force = force, .times = kTimes});
    ASSERT_TRUE(result);
    keys = std::move(result->keys);
    changes = std::move(result->changes);
  }
  std::string signing_kid() const { return keys.signing_key(Algorithm::es256)->kid(); }
};

TEST(KeyRotation, ANewProviderSignsAtOnce) {
  const Life life;
  EXPECT_EQ(states(life.keys), "active");
  EXPECT_NE(life.keys.signing_key(Algorithm::es256), nullptr);
}

TEST(KeyRotation, ANextKeySignsOnlyAfterItWasPublishedLongEnough) {
  Life life;
  const auto first = life.signing_kid();
  life.rotate();
  EXPECT_EQ(states(life.keys), "active next");
  EXPECT_EQ(life.changes.size(), 1U);
  life.clock.tick(Seconds(3604));
  life.rotate();
  EXPECT_EQ(states(life.keys), "active next");
  EXPECT_TRUE(life.changes.empty());
  EXPECT_EQ(life.signing_kid(), first);
  life.clock.tick(Seconds(1));
  life.rotate();
  EXPECT_EQ(states(life.keys), "retired active next");
  EXPECT_NE(life.signing_kid(), first);
}

TEST(KeyRotation, NowOverridesTheWait) {
  Life life;
  const auto first = life.signing_kid();
  life.rotate(Seconds(0), RotationForce::now);
  EXPECT_EQ(states(life.keys), "retired active next");
  EXPECT_NE(life.signing_kid(), first);
  life.rotate(Seconds(0), RotationForce::now);
  EXPECT_EQ(states(life.keys), "retired retired active next");
}

TEST(KeyRotation, ARetiredKeyIsArchivedAfterTheLastTokenItSignedHasExpired) {
  Life life;
  const auto first = life.signing_kid();
  life.rotate(kMonth, RotationForce::now);
  life.clock.tick(Seconds(604));
  life.rotate(kMonth);
  EXPECT_EQ(states(life.keys), "retired active next");
  EXPECT_NE(life.keys.published().find(first), nullptr);
  life.clock.tick(Seconds(1));
  const auto archived = archive_expired(life.keys, life.clock.now(), kTimes);
  EXPECT_EQ(states(archived.keys), "archived active next");
  EXPECT_EQ(archived.changes.size(), 1U);
  EXPECT_EQ(archived.keys.published().find(first), nullptr);
  ASSERT_NE(archived.keys.verification().find(first), nullptr);
  EXPECT_FALSE(archived.keys.keys().front().key.is_private());
  EXPECT_TRUE(archived.keys.dump_private());
  EXPECT_TRUE(archive_expired(archived.keys, life.clock.now(), kTimes).changes.empty());
}

TEST(KeyRotation, OnScheduleTheSuccessorIsPublishedInTimeAndSignsWhenDue) {
  Life life;
  life.clock.tick(kMonth - Seconds(3606));
  life.rotate(kMonth);
  EXPECT_EQ(states(life.keys), "active");
  life.clock.tick(Seconds(1));
  life.rotate(kMonth);
  EXPECT_EQ(states(life.keys), "active next");
  life.clock.tick(Seconds(3604));
  life.rotate(kMonth);
  EXPECT_EQ(states(life.keys), "active next");
  life.clock.tick(Seconds(1));
  life.rotate(kMonth);
  EXPECT_EQ(states(life.keys), "retired active next");
  life.rotate(kMonth);
  EXPECT_TRUE(life.changes.empty());
}

TEST(KeyRotation, KindsRotateApart) {
  Life life;
  life.keys = *create_signing_keys({kEc, kEd}, life.clock.now());
  life.rotate();
  EXPECT_EQ(states(life.keys), "active next");
  EXPECT_EQ(states(life.keys, KeyType::okp), "active next");
  life.rotate(Seconds(0), RotationForce::now);
  EXPECT_EQ(life.keys.algorithms(), (std::vector<Algorithm>{Algorithm::es256, Algorithm::eddsa}));
}

TEST(KeyRotation, KeysWithoutHistoryAreCountedFromTheFirstStep) {
  Life life;
  life.keys = SigningKeys({ManagedKey{.key = p256_key({.kid = "theirs"})}});
  life.rotate(kMonth);
  EXPECT_EQ(states(life.keys), "active");
  EXPECT_EQ(life.changes.size(), 1U);
  life.clock.tick(kMonth);
  life.rotate(kMonth);
  EXPECT_EQ(states(life.keys), "active next");
}

TEST(KeyRotation, EncryptionKeysAreLeftAlone) {
  Life life;
  life.keys = SigningKeys({ManagedKey{.key = p256_key({.kid = "e", .use = "enc"})}});
  life.rotate(Seconds(0), RotationForce::now);
  EXPECT_TRUE(life.changes.empty());
}

TEST(KeyDefinitions, AMissingKindBeginsWithANextKeyThatSignsLater) {
  Life life;
  auto applied = apply_definitions(life.keys, {kEc, kEd}, life.clock.now());
  ASSERT_TRUE(applied);
  life.keys = applied->keys;
  EXPECT_EQ(states(life.keys), "active");
  EXPECT_EQ(states(life.keys, KeyType::okp), "next");
  EXPECT_EQ(life.keys.signing_key(Algorithm::eddsa), nullptr);
  EXPECT_TRUE(apply_definitions(life.keys, {kEc, kEd}, life.clock.now())->changes.empty());
  life.clock.tick(Seconds(3605));
  life.rotate(kMonth);
  EXPECT_NE(life.keys.signing_key(Algorithm::eddsa), nullptr);
  EXPECT_EQ(states(life.keys), "active");
}

TEST(KeyDefinitions, ASurplusKindGoesOnUntilItsReplacementSigns) {
  Life life;
  life.keys = apply_definitions(life.keys, {kEd}, life.clock.now())->keys;
  EXPECT_EQ(states(life.keys), "active");
  life.rotate(kMonth, RotationForce::now);
  life.keys = apply_definitions(life.keys, {kEd}, life.clock.now())->keys;
  EXPECT_EQ(states(life.keys), "retired retired");
  EXPECT_EQ(life.keys.algorithms(), std::vector<Algorithm>{Algorithm::eddsa});
}

TEST(KeyDefinitions, AKeyWithoutAnAlgorithmIsNotWantedByACurveOfAnotherName) {
  Life life;
  const KeyDefinition ed25519{KeyType::okp, Curve::ed25519, 0, ""};
  const KeyDefinition ed448{KeyType::okp, Curve::ed448, 0, ""};
  life.keys = *create_signing_keys({ed25519, ed448}, life.clock.now());
  const auto applied = apply_definitions(life.keys, {ed25519}, life.clock.now());
  ASSERT_TRUE(applied);
  EXPECT_EQ(states(applied->keys, KeyType::okp), "active retired");
  EXPECT_EQ(applied->keys.signing_key(Algorithm::ed448), nullptr);
}

TEST(KeyDefinitions, ALargerKeyReplacesASmallerOneOfItsKind) {
  const ManualClock clock;
  const KeyDefinition small{KeyType::rsa, Curve::none, 2048, "RS256"};
  const KeyDefinition large{KeyType::rsa, Curve::none, 2056, "RS256"};
  const auto before = *create_signing_keys({small}, clock.now());
  const auto keys = apply_definitions(before, {large}, clock.now())->keys;
  EXPECT_EQ(states(keys, KeyType::rsa), "active next");
  const auto later = clock.now() + kTimes.before_signing();
  const auto rotated = rotate(keys, {.now = later, .max_age = kMonth, .times = kTimes});
  EXPECT_EQ(rotated->keys.signing_key(Algorithm::rs256)->bits(), 2056);
}

TEST(CompromisedKey, EndsAtOnceAndItsSuccessorSigns) {
  Life life;
  const auto bad = life.signing_kid();
  auto ended = end_compromised(life.keys, bad, life.clock.now());
  ASSERT_TRUE(ended);
  EXPECT_EQ(states(ended->keys), "active");
  EXPECT_EQ(ended->keys.verification().find(bad), nullptr);
  EXPECT_NE(ended->keys.signing_key(Algorithm::es256)->kid(), bad);
  life.rotate();
  const auto next = life.keys.keys().back().key.kid();
  ended = end_compromised(life.keys, bad, life.clock.now());
  EXPECT_EQ(ended->keys.signing_key(Algorithm::es256)->kid(), next);
  EXPECT_EQ(states(ended->keys), "active");
  EXPECT_EQ(end_compromised(life.keys, "unknown", life.clock.now()).error().code, Errc::not_found);
}

}  // namespace
}  // namespace oidcop::jose
