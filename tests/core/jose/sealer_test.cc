#include "jose/sealer.h"

#include "base/base64url.h"
#include "jose/cell_cipher.h"
#include "support/fixed_random.h"
#include "support/manual_clock.h"

#include <gtest/gtest.h>

#include <set>

namespace oidcop::jose {
namespace {

using oidcop::testing::FixedRandom;
using oidcop::testing::ManualClock;

constexpr std::int64_t kMidnight = 20'833 * 86400;
constexpr Seconds kDay{86400};
const SealBinding kBinding{.purpose = "interaction", .associated = {"login", "browser"}};

ServiceSecrets new_secrets(std::uint64_t seed) {
  FixedRandom random(seed);
  return *ServiceSecrets::create(random, ManualClock().now());
}
Sealer sealer_of(const ServiceSecrets& secrets, const std::string& issuer = "https://op") {
  return {secrets.ring(SecretPurpose::seal), issuer};
}

struct Sealing : ::testing::Test {
  FixedRandom random{7};
  ManualClock clock{kMidnight + 3600};
  ServiceSecrets secrets = new_secrets(1);
  Sealer sealer = sealer_of(secrets);
  std::string text = *sealer.seal("the request", kBinding, random, clock.now());

  bool opens(const Sealer& other, const SealBinding& binding) const {
    const auto opened = other.open(text, binding, clock.now(), kDay);
    if (!opened) {
      EXPECT_EQ(opened.error().code, Errc::bad_signature);
      EXPECT_EQ(opened.error().detail, "the encrypted text does not open");
    }
    return opened.has_value();
  }
};

TEST_F(Sealing, WhatWasSealedOpensWithItsTime) {
  const auto opened = sealer.open(text, kBinding, clock.now(), kDay);
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->payload, "the request");
  EXPECT_EQ(opened->sealed_at, clock.now());
  EXPECT_FALSE(opened->expired);
  EXPECT_EQ(text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
            std::string::npos);
}

TEST_F(Sealing, EveryPartOfTheBindingCounts) {
  EXPECT_TRUE(opens(sealer, kBinding));
  EXPECT_FALSE(opens(sealer, {.purpose = "logout", .associated = {"login", "browser"}}));
  EXPECT_FALSE(opens(sealer, {.purpose = "interaction", .associated = {"consent", "browser"}}));
  EXPECT_FALSE(opens(sealer, {.purpose = "interaction", .associated = {"browser", "login"}}));
  EXPECT_FALSE(opens(sealer, {.purpose = "interaction", .associated = {"login"}}));
  EXPECT_FALSE(opens(sealer, {.purpose = "interaction", .associated = {"loginbrowser"}}));
  EXPECT_FALSE(opens(sealer, {.purpose = "interaction", .associated = {"loginb", "rowser"}}));
  EXPECT_FALSE(opens(sealer, {.purpose = "interaction", .associated = {"login", "browser", ""}}));
  EXPECT_FALSE(opens(sealer_of(secrets, "https://other"), kBinding));
  EXPECT_FALSE(opens(sealer_of(new_secrets(2)), kBinding));
  EXPECT_FALSE(opens(Sealer(secrets.ring(SecretPurpose::data), "https://op"), kBinding));
}

TEST_F(Sealing, EveryAlteredOctetIsNoticed) {
  const auto octets = *base64url_decode(text);
  for (std::size_t i = 0; i < octets.size(); ++i) {
    auto altered = octets;
    altered[i] = static_cast<char>(altered[i] ^ 1);
    EXPECT_FALSE(sealer.open(base64url_encode(altered), kBinding, clock.now(), kDay)) << i;
  }
  for (std::size_t size = 0; size < text.size(); ++size) {
    EXPECT_FALSE(sealer.open(text.substr(0, size), kBinding, clock.now(), kDay)) << size;
  }
  EXPECT_FALSE(sealer.open(text + "A", kBinding, clock.now(), kDay));
  EXPECT_FALSE(sealer.open(std::string(3U << 20U, 'A'), kBinding, clock.now(), kDay));
}

TEST_F(Sealing, TheDayBeforeAndAfterAreOpenedNoOther) {
  for (const auto& [days, good] : std::vector<std::pair<int, bool>>{
           {-2, false}, {-1, true}, {0, true}, {1, true}, {2, false}, {365, false}}) {
    const auto opened = sealer.open(text, kBinding, clock.now() + days * kDay, kDay);
    EXPECT_EQ(opened.has_value(), good) << days;
  }
}

TEST_F(Sealing, AnExpiredSealOpensAndSaysSo) {
  const auto at = [this](Seconds later) {
    return sealer.open(text, kBinding, clock.now() + later, Seconds(600));
  };
  EXPECT_FALSE(at(Seconds(599))->expired);
  EXPECT_TRUE(at(Seconds(600))->expired);
  EXPECT_EQ(at(Seconds(600))->payload, "the request");
  EXPECT_EQ(at(Seconds(600))->sealed_at, clock.now());
}

TEST_F(Sealing, NoTwoTextsAreAlike) {
  std::set<std::string> texts;
  for (int i = 0; i < 50; ++i) texts.insert(*sealer.seal("same", kBinding, random, clock.now()));
  EXPECT_EQ(texts.size(), 50U);
}

TEST_F(Sealing, WithoutRandomnessNothingIsSealed) {
  FixedRandom broken(1, 1);
  EXPECT_EQ(sealer.seal("x", kBinding, broken, clock.now()).error().code, Errc::unavailable);
  EXPECT_EQ(sealer.seal(std::string((1U << 20U) + 1, 'x'), kBinding, random, clock.now()).error().code,
            Errc::refused);
}

TEST_F(Sealing, ARotatedMasterStillOpensWhileItIsRetired) {
  const auto rotate = [&] {
    return *rotate_secret(secrets, random, {.purpose = SecretPurpose::seal, .now = clock.now()});
  };
  secrets = rotate();
  // Another process that has not switched yet opens what the first seals with the next master, and the
  // reverse.
  clock.tick(Seconds(5));
  const auto before = sealer_of(secrets);
  secrets = rotate();
  const auto after = sealer_of(secrets);
  EXPECT_TRUE(opens(after, kBinding));
  text = *after.seal("new", kBinding, random, clock.now());
  EXPECT_TRUE(opens(before, kBinding));
}

struct Cells : ::testing::Test {
  FixedRandom random{9};
  ServiceSecrets secrets = new_secrets(3);
  CellCipher cipher{secrets.ring(SecretPurpose::data), "https://op"};
  CellAddress address{"client", "secret", "c1"};
  std::string cell = *cipher.encrypt(Secret("hush"), address, random);
};

TEST_F(Cells, OpenOnlyWhereTheyWereWritten) {
  EXPECT_EQ(cipher.decrypt(cell, address)->reveal(), "hush");
  for (const CellAddress& other :
       {CellAddress{"client", "secret", "c2"}, CellAddress{"client", "totp", "c1"},
        CellAddress{"user", "secret", "c1"}, CellAddress{"clients", "ecret", "c1"}}) {
    EXPECT_EQ(cipher.decrypt(cell, other).error().code, Errc::bad_signature);
  }
  EXPECT_FALSE(CellCipher(secrets.ring(SecretPurpose::data), "https://other").decrypt(cell, address));
  EXPECT_FALSE(CellCipher(new_secrets(4).ring(SecretPurpose::data), "https://op").decrypt(cell, address));
}

TEST_F(Cells, AlteredOnesDoNotOpen) {
  for (std::size_t i = 0; i < cell.size(); ++i) {
    auto altered = cell;
    altered[i] = static_cast<char>(altered[i] ^ 0x80);
    EXPECT_FALSE(cipher.decrypt(altered, address)) << i;
    EXPECT_FALSE(cipher.decrypt(cell.substr(0, i), address)) << i;
  }
  EXPECT_EQ(cell.find("hush"), std::string::npos);
}

TEST_F(Cells, OfARetiredMasterOpenAndAreOutdated) {
  EXPECT_FALSE(cipher.is_outdated(cell));
  EXPECT_FALSE(cipher.is_outdated("not a cell"));
  const auto now = ManualClock().now();
  secrets = *rotate_secret(secrets, random, {.purpose = SecretPurpose::data, .now = now});
  secrets = *rotate_secret(secrets, random, {.purpose = SecretPurpose::data, .now = now + Seconds(5)});
  const CellCipher later(secrets.ring(SecretPurpose::data), "https://op");
  EXPECT_EQ(later.decrypt(cell, address)->reveal(), "hush");
  EXPECT_TRUE(later.is_outdated(cell));
  EXPECT_FALSE(later.is_outdated(*later.encrypt(Secret("hush"), address, random)));
  const CellCipher forgot(forget_retired_data_masters(secrets).ring(SecretPurpose::data), "https://op");
  EXPECT_FALSE(forgot.decrypt(cell, address));
}

TEST_F(Cells, EmptyValuesAreValuesToo) {
  const auto empty = cipher.encrypt(Secret(), address, random);
  ASSERT_TRUE(empty);
  EXPECT_TRUE(cipher.decrypt(*empty, address)->empty());
}

}  // namespace
}  // namespace oidcop::jose
