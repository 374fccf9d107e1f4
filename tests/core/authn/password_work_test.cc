#include "authn/password_login.h"
#include "base/base64url.h"
#include "core/authn/authn_data.h"

#include <map>
#include <semaphore>
#include <string>
#include <thread>
#include <vector>

namespace oidcop::authn {
namespace {

using testing::Door;
using testing::kPassword;

// All of kPassword.
const std::string kBcrypt = "$2b$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e";
const std::string kSha256 = "$5$rounds=1000$saltsalt$R6e4P8ccT9iMqkYg7Z8YtpId/lfsIfnuPkp8WXposU8";

std::string kind_of(const std::string& setting) {
  return setting.substr(0, setting.find('$', 1) + 1);
}

/// Adds a user whose id is spread as those are that the shell makes.
void add_user(Door& door, const std::string& name, const std::string& hash) {
  model::User user;
  user.id = model::UserId(base64url_encode(sha256(name).octets().substr(0, 16)));
  user.username = name;
  user.password_hash = hash;
  door.users.users[name] = user;
}

/// Thirty people who were imported with bcrypt, ten with a hash of our own; alice is gone.
void add_people(Door& door) {
  const auto own = door.users.users["alice"].password_hash;
  door.users.users.clear();
  for (int i = 0; i < 40; ++i) add_user(door, "person" + std::to_string(i), i < 30 ? kBcrypt : own);
}

/// The kinds of the hashes that one attempt computes.
std::vector<std::string> work(Door& door, const std::string& username,
                              const std::string& password = "wrong") {
  door.hashes.clear();
  door.clock.tick(door.limits.window);
  EXPECT_TRUE(door.answers<WrongCredentials>({.username = username, .password = password}));
  std::vector<std::string> kinds;
  for (const auto& setting : door.hashes) kinds.push_back(kind_of(setting));
  return kinds;
}

TEST(PasswordWork, NamesThatNobodyHasCostWhatThoseOfImportedPeopleDo) {
  Door door;
  door.users.users["alice"].password_hash = kBcrypt;
  EXPECT_EQ(work(door, "alice"), std::vector<std::string>{"$2b$"});
  EXPECT_EQ(work(door, "nobody"), work(door, "alice"));
  door.users.users["alice"].password_hash = kSha256;
  EXPECT_EQ(work(door, "nobody"), work(door, "alice"));
}

TEST(PasswordWork, KindsComeAsOftenAmongUnknownNamesAsAmongPeople) {
  Door door;
  add_people(door);
  std::map<std::string, int> count;
  constexpr int kNames = 400;
  for (int i = 0; i < kNames; ++i) {
    const auto kinds = work(door, "nobody" + std::to_string(i));
    ASSERT_EQ(kinds.size(), 1U) << "one hash, as for a wrong password";
    ++count[kinds.front()];
  }
  EXPECT_EQ(count["$2b$"] + count["$y$"], kNames);
  EXPECT_NEAR(count["$2b$"], kNames * 3 / 4, kNames / 8);
}

TEST(PasswordWork, AskingAgainShowsNothingNew) {
  Door door;
  add_people(door);
  for (const auto* name : {"nobody", "somebody", "person1", "person39"}) {
    const auto first = work(door, name);
    for (int i = 0; i < 5; ++i) EXPECT_EQ(work(door, name), first) << name;
  }
}

TEST(PasswordWork, AccountsWithoutAUsablePasswordLookUnknown) {
  Door door;
  add_people(door);
  const auto unknown = work(door, "carol");
  for (const auto* hash : {"", "!locked", "plain text"}) {
    add_user(door, "carol", hash);
    EXPECT_EQ(work(door, "carol"), unknown) << hash;
  }
}

TEST(PasswordWork, WithNobodyToBorrowFromItIsAHashOfOurOwnKind) {
  Door door;
  door.users.users.clear();
  EXPECT_EQ(work(door, "nobody"), std::vector<std::string>{"$y$"});
}

TEST(PasswordWork, ABorrowedHashOpensNothing) {
  Door door;
  door.users.users["alice"].password_hash = kBcrypt;
  EXPECT_EQ(work(door, "nobody", kPassword), std::vector<std::string>{"$2b$"}) << "alice's, and it matches";
  add_user(door, "carol", "");
  EXPECT_EQ(work(door, "carol", kPassword), std::vector<std::string>{"$2b$"});
}

TEST(PasswordWork, ARightPasswordOfAnOldKindIsHashedAnew) {
  Door door;
  door.users.users["alice"].password_hash = kBcrypt;
  EXPECT_TRUE(door.answers<SignedIn>({}));
  const auto& stored = door.users.users["alice"].password_hash;
  EXPECT_TRUE(stored.starts_with("$y$")) << stored;
  EXPECT_TRUE(door.log.last("password_hash.renewed"));
  door.hashes.clear();
  EXPECT_TRUE(door.answers<SignedIn>({})) << "the same password";
  EXPECT_EQ(door.hashes, std::vector<std::string>{stored}) << "once is enough";
}

TEST(PasswordWork, AWrongPasswordIsNeverHashedAnew) {
  Door door;
  door.users.users["alice"].password_hash = kBcrypt;
  EXPECT_TRUE(door.answers<WrongCredentials>({.password = "wrong"}));
  EXPECT_EQ(door.users.users["alice"].password_hash, kBcrypt);
}

TEST(PasswordWork, ALowerCostIsRaisedAndAHigherOneIsKept) {
  Door door;
  PasswordHasher hasher({.cost = 2});
  PasswordLogin login({door.users, door.throttle, hasher, door.pepper, door.random, door.log}, {});
  const Door::Try alice;
  const Secret password(kPassword);
  const auto stored_after_login_with = [&](int cost) {
    auto& stored = door.users.users["alice"].password_hash;
    stored = *PasswordHasher({.cost = cost}).hash(password, door.random);
    const auto attempt = Door::form(alice, password);
    const auto outcome = login.sign_in(attempt, door.clock.now());
    login.finish(attempt, std::get<SignedIn>(*outcome));
    return stored.substr(0, 7);
  };
  EXPECT_EQ(stored_after_login_with(1), "$y$j85$");
  EXPECT_EQ(stored_after_login_with(3), "$y$j7T$");
}

TEST(PasswordWork, TheCapOnHashesCountsForRenewalToo) {
  Door door;
  door.users.users["alice"].password_hash = kBcrypt;
  const Door::Try alice;
  const Secret password(kPassword);
  const auto attempt = Door::form(alice, password);
  const auto outcome = door.ask(alice);
  ASSERT_TRUE(outcome);

  std::binary_semaphore begun(0);
  std::binary_semaphore go_on(0);
  PasswordHasher full({.cost = 1, .concurrent = 1, .waiting = 0}, [&](const Secret&, const std::string&) {
    begun.release();
    go_on.acquire();
    return std::string();
  });
  std::thread other([&] { (void)full.hash(password, door.random); });
  begun.acquire();
  PasswordLogin login({door.users, door.throttle, full, door.pepper, door.random, door.log}, {});
  login.finish(attempt, std::get<SignedIn>(*outcome));
  go_on.release();
  other.join();
  EXPECT_EQ(door.users.users["alice"].password_hash, kBcrypt);
  EXPECT_EQ(door.log.last("password_hash.kept")->field("detail"), "too many passwords are being checked");
}

TEST(PasswordWork, AStoreThatIsBusyKeepsTheOldHashUntilTheNextLogin) {
  Door door;
  door.users.users["alice"].password_hash = kBcrypt;
  door.users.fail_replace_with = Error{Errc::unavailable, "locked"};
  EXPECT_TRUE(door.answers<SignedIn>({}));
  EXPECT_EQ(door.users.users["alice"].password_hash, kBcrypt);
  EXPECT_EQ(door.log.last("password_hash.kept")->field("detail"), "locked");
  EXPECT_TRUE(door.log.last("login.succeeded"));
  door.users.fail_replace_with.reset();
  EXPECT_TRUE(door.answers<SignedIn>({}));
  EXPECT_TRUE(door.users.users["alice"].password_hash.starts_with("$y$"));
}

TEST(PasswordWork, AHashThatWasChangedMeanwhileIsNotOverwritten) {
  Door door;
  door.users.users["alice"].password_hash = kBcrypt;
  const Door::Try alice;
  const Secret password(kPassword);
  const auto outcome = door.ask(alice);
  ASSERT_TRUE(outcome);
  door.users.users["alice"].password_hash = "$y$changed";
  door.login.finish(Door::form(alice, password), std::get<SignedIn>(*outcome));
  EXPECT_EQ(door.users.users["alice"].password_hash, "$y$changed");
}

}  // namespace
}  // namespace oidcop::authn
