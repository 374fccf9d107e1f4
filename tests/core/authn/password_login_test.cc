#include "authn/password_login.h"

#include "core/authn/authn_data.h"
#include "support/hasher_occupant.h"

namespace oidcop::authn {
namespace {

using testing::browser;
using testing::Door;
using testing::kPassword;

TEST(PasswordLogin, RightPasswordSignsIn) {
  Door door;
  const auto outcome = door.ask({.device = browser("mine")});
  ASSERT_TRUE(outcome);
  const auto* in = std::get_if<SignedIn>(&*outcome);
  ASSERT_NE(in, nullptr);
  EXPECT_EQ(in->user.username, "alice");
  EXPECT_EQ(in->event.time, door.clock.now());
  EXPECT_EQ(in->event.acr, "urn:pwd");
  EXPECT_EQ(in->event.amr, std::vector<std::string>{"pwd"});
  EXPECT_EQ(in->event.interaction.text(), "i1");
  EXPECT_EQ(in->refunds.size(), 2U);
  ASSERT_TRUE(in->known_device);
  EXPECT_EQ(in->known_device->key, door.throttle.device_key("alice", browser("mine")));
  EXPECT_GT(in->known_device->expires_at, door.clock.now());
}

TEST(PasswordLogin, ABrowserWithoutCookieIsNotRemembered) {
  Door door;
  const auto outcome = door.ask({});
  ASSERT_TRUE(outcome);
  EXPECT_FALSE(std::get<SignedIn>(*outcome).known_device);
}

TEST(PasswordLogin, EveryFailureIsOneAnswer) {
  Door door;
  EXPECT_TRUE(door.answers<WrongCredentials>({.password = "wrong"}));
  EXPECT_TRUE(door.answers<WrongCredentials>({.username = "nobody"}));
  EXPECT_TRUE(door.answers<WrongCredentials>({.username = std::string(300, 'a'), .address = "198.51.100.1"}));
  door.users.users["alice"].enabled = false;
  EXPECT_TRUE(door.answers<WrongCredentials>({})) << "disabled";
  door.users.users["alice"].enabled = true;
  door.users.users["alice"].password_hash.clear();
  EXPECT_TRUE(door.answers<WrongCredentials>({.password = ""})) << "no password is set";
}

TEST(PasswordLogin, ANameThatNobodyCanHaveIsNobodys) {
  Door door;
  for (const std::string name : {"al\u202Eice", "alice ", "al\x1Bice"}) {
    door.users.users[name] = door.users.users["alice"];  // as if it had slipped into the store
    EXPECT_TRUE(door.answers<WrongCredentials>({.username = name})) << name;
  }
}

TEST(PasswordLogin, FailuresAreThrottledAndSuccessesAreNot) {
  Door door;
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(door.answers<SignedIn>({}));
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(door.answers<WrongCredentials>({.password = "wrong"}));
  const auto refused = door.ask({});
  ASSERT_TRUE(refused && std::holds_alternative<Throttled>(*refused))
      << "the right one, too: it may be a guess";
  EXPECT_EQ(std::get<Throttled>(*refused).until, door.clock.now() + Seconds(900));
  door.clock.tick(Seconds(900));
  EXPECT_TRUE(door.answers<SignedIn>({}));
}

TEST(PasswordLogin, UnknownUsersAreThrottledAlike) {
  Door door;
  for (const auto* name : {"alice", "nobody"}) {
    const std::string address = name == std::string("alice") ? "192.0.2.1" : "198.51.100.1";
    for (int i = 0; i < 4; ++i)
      EXPECT_TRUE(door.answers<WrongCredentials>({.username = name, .password = "x", .address = address}));
    EXPECT_TRUE(door.answers<Throttled>({.username = name, .password = "x", .address = address})) << name;
  }
}

TEST(PasswordLogin, TheOwnersBrowserIsNotLockedOutByStrangers) {
  Door door;
  ASSERT_TRUE(door.answers<SignedIn>({.device = browser("mine")}));
  for (int i = 0; i < 20; ++i) (void)door.ask({.password = "guess", .device = browser("strange")});
  EXPECT_TRUE(door.answers<Throttled>({.device = browser("strange")}));
  EXPECT_TRUE(door.answers<SignedIn>({.device = browser("mine")}));
}

/// Whether a login with this name and a wrong password has computed a hash: only then it meets the cap.
bool costs_a_hash(Door& door, const std::string& username) {
  PasswordHasher hasher({.cost = 6, .concurrent = 1, .waiting = 0});
  PasswordLogin login({door.users, door.throttle, hasher, door.pepper, door.random, door.log},
                      {.acr = "urn:pwd", .amr = {}});
  const oidcop::testing::HasherOccupant occupant(hasher);
  const Secret password("wrong");
  return oidcop::testing::notices_busy_hasher([&] {
    door.clock.tick(door.limits.window);
    const auto outcome = login.sign_in({.username = username,
                                        .password = password,
                                        .remote_address = "192.0.2.1",
                                        .device = std::nullopt,
                                        .interaction = {},
                                        .request_id = "req-1"},
                                       door.clock.now());
    return outcome && std::holds_alternative<Busy>(*outcome);
  });
}

TEST(PasswordLogin, ABusyHasherRefusesAndCountsNothing) {
  Door door;
  ASSERT_TRUE(costs_a_hash(door, "alice"));
  EXPECT_EQ(door.counters.attempts(), 0) << "the attempt was given back";
  EXPECT_EQ(door.log.last("login.busy")->field("address"), "192.0.2.1");
}

TEST(PasswordLogin, UnknownAndDisabledUsersCostTheSameWork) {
  Door door;
  EXPECT_TRUE(costs_a_hash(door, "nobody"));
  door.users.users["alice"].enabled = false;
  EXPECT_TRUE(costs_a_hash(door, "alice"));
  door.users.users["alice"].password_hash.clear();
  EXPECT_TRUE(costs_a_hash(door, "alice")) << "no password is set";
}

TEST(PasswordLogin, LogsFailuresWithTheAddressInOneStableLine) {
  Door door;
  EXPECT_TRUE(door.answers<WrongCredentials>({.password = "wrong", .address = "198.51.100.7"}));
  ASSERT_EQ(door.log.count("login.failed"), 1U);
  const auto event = *door.log.last("login.failed");
  EXPECT_EQ(event.level, LogLevel::warning);
  EXPECT_EQ(event.field("address"), "198.51.100.7");
  EXPECT_EQ(event.field("user"), "alice");
  EXPECT_EQ(event.field("reason"), "wrong_password");
  EXPECT_EQ(event.field("request_id"), "req-1");
}

TEST(PasswordLogin, NeverLogsPasswordsNorNamesThatMayBePasswords) {
  Door door;
  EXPECT_TRUE(door.answers<WrongCredentials>({.password = "canary-one"}));
  EXPECT_TRUE(door.answers<WrongCredentials>({.username = "canary-two", .password = "canary-three"}));
  EXPECT_TRUE(door.answers<SignedIn>({.address = "198.51.100.1"}));
  EXPECT_FALSE(door.log.mentions("canary"));
  EXPECT_FALSE(door.log.mentions(kPassword));
  const auto unknown = door.log.last("login.failed")->field("user");
  ASSERT_TRUE(unknown);
  EXPECT_TRUE(unknown->starts_with("unknown:"));
  EXPECT_TRUE(door.answers<WrongCredentials>({.username = "canary-two", .password = "x"}));
  EXPECT_EQ(door.log.last("login.failed")->field("user"), unknown) << "the same name can be recognised";
}

TEST(PasswordLogin, SaysWhenTheStoreIsBusy) {
  Door door;
  door.users.fail_with = Error{Errc::unavailable, "locked"};
  auto outcome = door.ask({});
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, Errc::unavailable);
  door.counters.fail_with = Error{Errc::unavailable, "locked"};
  outcome = door.ask({});
  ASSERT_FALSE(outcome);
}

// reference defect B07: passwords were kept in clear text.
TEST(PasswordLogin, AStoredClearTextVerifiesNothing) {
  Door door;
  door.users.users["alice"].password_hash = kPassword;
  EXPECT_TRUE(door.answers<WrongCredentials>({}));
}

}  // namespace
}  // namespace oidcop::authn
