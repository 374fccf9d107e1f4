#include "base/password_hash.h"

#include "base/system_random.h"
#include "support/fixed_random.h"

#include <gtest/gtest.h>

#include <atomic>
#include <barrier>
#include <thread>
#include <vector>

namespace oidcop {
namespace {

const Secret kPassword("correct horse");

PasswordHashPolicy cheap() {
  return {.cost = 1};
}

struct Vector {
  const char* name;
  const char* stored;
};

// Made by Python's crypt module and OpenSSL, all of "correct horse".
const Vector kAccepted[] = {
    {"yescrypt", "$y$j9T$abcdefghijklmnop$0Hi8KsZH/hAMRN9Bam6ce3nmi5QAIz3R/KeaXG/c7p9"},
    {"gost-yescrypt", "$gy$j9T$abcdefghijklmnop$OoCZc5LoOgQrpI9itgWeephZAERGDeOFMt6RAJyjSP3"},
    {"scrypt", "$7$CU..../....abcdefghijklmnop$wOaHrgxgyKv4FQ2e7tZJ6BboaneHJOB6e0NHrTk0.n/"},
    {"bcrypt", "$2b$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e"},
    {"bcrypt of htpasswd", "$2y$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e"},
    {"sha512crypt",
     "$6$saltsalt$hRM5XZ86KXEw9UOmjigeVqFgULtFB2sgpC9lXQDfMib3Zgw7mEiUvBJI2EplzfAqxL5Vvwp2scFtv/uamSo5z0"},
    {"sha256crypt", "$5$rounds=1000$saltsalt$R6e4P8ccT9iMqkYg7Z8YtpId/lfsIfnuPkp8WXposU8"},
};
const Vector kRefused[] = {
    {"DES", "abhfCpXqd4GrI"},
    {"extended DES", "_J9..abcdtIvPUrZYa6w"},
    {"MD5", "$1$saltsalt$NuzA7WTAelpl95xgBGWN60"},
    {"Apache's MD5", "$apr1$saltsalt$EGVZDNN6gOqijy.tv9axG/"},
    {"NT", "$3$$cfc43211ba8dc470832267827cac1407"},
    {"SHA-1", "$sha1$40000$abcdefgh$fEVJ78jxQCNSzl.4Oq8UKJAFKtAN"},
    {"Sun MD5", "$md5$abcdefgh$$A8TL8sY7.pGvXG33VEUpT0"},
    {"plain text", "correct horse"},
    {"a locked account", "!$6$saltsalt$hRM5XZ86KXEw9UOmjigeVqFgULtFB2sgpC9lXQDfMib3Zgw7mEiUvBJI"},
    {"a damaged yescrypt hash", "$y$j9T$abcdefghijklmnop"},
    {"a setting with nothing in it", "$y$"},
    {"nothing", ""},
};

TEST(PasswordHasher, MakesYescryptHashesThatVerify) {
  PasswordHasher hasher(cheap());
  testing::FixedRandom random;
  const auto hash = hasher.hash(kPassword, random);
  ASSERT_TRUE(hash) << hash.error().detail;
  EXPECT_TRUE(hash->starts_with("$y$j75$")) << *hash;
  EXPECT_EQ(hasher.verify(kPassword, *hash), true);
  EXPECT_EQ(hasher.verify(Secret("correct horsf"), *hash), false);
  EXPECT_EQ(hasher.verify(Secret("correct hors"), *hash), false);
}

TEST(PasswordHasher, GivesEveryHashASaltOfItsOwn) {
  PasswordHasher hasher(cheap());
  testing::FixedRandom random;
  EXPECT_NE(*hasher.hash(kPassword, random), *hasher.hash(kPassword, random));
}

TEST(PasswordHasher, VerifiesImportedHashes) {
  PasswordHasher hasher(cheap());
  for (const auto& [name, stored] : kAccepted) {
    EXPECT_TRUE(is_acceptable_password_hash(stored)) << name;
    EXPECT_EQ(hasher.verify(kPassword, stored), true) << name;
    EXPECT_EQ(hasher.verify(Secret("wrong"), stored), false) << name;
  }
}

TEST(PasswordHasher, VerifiesNothingAgainstWeakOrDamagedHashes) {
  PasswordHasher hasher(cheap());
  for (const auto& [name, stored] : kRefused) EXPECT_EQ(hasher.verify(kPassword, stored), false) << name;
}

// crypt(3) stops at a NUL, so "a\0anything" would verify as "a".
TEST(PasswordHasher, RefusesPasswordsThatCryptWouldCut) {
  PasswordHasher hasher(cheap());
  testing::FixedRandom random;
  const auto hash = *hasher.hash(Secret("a"), random);
  EXPECT_EQ(hasher.verify(Secret(std::string("a\0b", 3)), hash), false);
  for (const auto& bad : {std::string(), std::string("a\0b", 3), std::string(512, 'a')}) {
    const auto refused = hasher.hash(Secret(bad), random);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::refused);
    EXPECT_EQ(hasher.verify(Secret(bad), hash), false);
  }
  const Secret longest(std::string(PasswordHasher::kMaxPassword, 'a'));
  EXPECT_EQ(hasher.verify(longest, *hasher.hash(longest, random)), true);
}

TEST(PasswordHasher, RefusesWithoutRandomness) {
  PasswordHasher hasher(cheap());
  testing::FixedRandom random(1, 1);
  const auto hash = hasher.hash(kPassword, random);
  ASSERT_FALSE(hash);
  EXPECT_EQ(hash.error().code, Errc::unavailable);
}

TEST(PasswordHasher, WantsOtherKindsAndLowerCostsHashedAgain) {
  PasswordHasher hasher({.cost = 5});
  EXPECT_FALSE(hasher.needs_rehash(kAccepted[0].stored));
  EXPECT_TRUE(PasswordHasher({.cost = 6}).needs_rehash(kAccepted[0].stored));
  EXPECT_FALSE(PasswordHasher({.cost = 4}).needs_rehash(kAccepted[0].stored)) << "never a weaker one";
  EXPECT_TRUE(hasher.needs_rehash("$y$jFTp$abcdefghijklmnop$x")) << "of a make we cannot compare";
  for (const auto& [name, stored] : kAccepted) {
    EXPECT_EQ(hasher.needs_rehash(stored), stored != kAccepted[0].stored) << name;
  }
  EXPECT_TRUE(hasher.needs_rehash(""));
}

TEST(PasswordHasher, FindsEachCostStrongerThanTheOneBefore) {
  testing::FixedRandom random;
  for (int cost = 1; cost < 8; ++cost) {
    const auto stored = *PasswordHasher({.cost = cost}).hash(kPassword, random);
    EXPECT_FALSE(PasswordHasher({.cost = cost}).needs_rehash(stored)) << stored;
    EXPECT_TRUE(PasswordHasher({.cost = cost + 1}).needs_rehash(stored)) << stored;
  }
}

/// Verifies in many threads at once; how many of them got an answer.
int answers_of_eight(PasswordHasher& hasher) {
  constexpr int kThreads = 8;
  std::atomic<int> answered = 0;
  std::barrier start(kThreads);
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      start.arrive_and_wait();
      const auto verified = hasher.verify_nobody(kPassword);
      answered += verified ? 1 : 0;
      EXPECT_TRUE(verified || verified.error().code == Errc::unavailable);
    });
  }
  for (auto& thread : threads) thread.join();
  return answered;
}

TEST(PasswordHasher, RefusesAtOnceWhenTooManyWait) {
  PasswordHasher hasher({.cost = 7, .concurrent = 1, .waiting = 0});
  const int answered = answers_of_eight(hasher);
  EXPECT_GE(answered, 1);
  EXPECT_LT(answered, 8);
  EXPECT_TRUE(hasher.verify_nobody(kPassword)) << "the places are free again";
}

TEST(PasswordHasher, LetsAFewWait) {
  PasswordHasher hasher({.cost = 1, .concurrent = 1, .waiting = 8, .patience = std::chrono::minutes(1)});
  EXPECT_EQ(answers_of_eight(hasher), 8);
}

TEST(PasswordHasher, LetsMoreBeComputedAtOnceWhenToldSo) {
  // Each call waits for the other one inside crypt(3), which both reach only when there are two places.
  std::barrier both(2);
  PasswordHasher hasher({.cost = 1, .concurrent = 1, .waiting = 8, .patience = std::chrono::minutes(1)},
                        [&](const Secret&, const std::string&) {
                          both.arrive_and_wait();
                          return std::string("x");
                        });
  const auto verify = [&] { EXPECT_TRUE(hasher.verify(kPassword, kAccepted[0].stored)); };
  std::thread first(verify);
  std::thread second(verify);  // one of them waits for the place of the other
  hasher.set_concurrent(2);
  first.join();
  second.join();
}

}  // namespace
}  // namespace oidcop
