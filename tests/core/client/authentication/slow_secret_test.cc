#include "core/client/authentication/authentication_data.h"
#include "support/hasher_occupant.h"

// Short secrets that an administrator chose can be guessed, so that their attempts are counted.

namespace oidcop::client {
namespace {

using testing::ClientAuthMethod;
using testing::Desk;
using testing::expect_invalid_client;

constexpr const char* kChosen = "chosen by hand";

Desk::Answer guess(Desk& desk, std::string_view id, std::string_view secret, std::string_view address) {
  return desk.ask(Message(), "Basic " + base64_encode(std::string(id) + ":" + std::string(secret)), address);
}

void expect_throttled(const Desk::Answer& answer, const char* what = "") {
  ASSERT_FALSE(answer) << what;
  EXPECT_EQ(answer.error().http_status, 429) << what;
  EXPECT_EQ(answer.error().code, "temporarily_unavailable") << what;
  EXPECT_GT(answer.error().retry_after, 0) << what;
  EXPECT_LE(answer.error().retry_after, 900) << what;
}

TEST(SlowSecret, GuessesAreCountedPerClientAndNetwork) {
  Desk desk;
  desk.give(desk.add("rp", ClientAuthMethod::client_secret_basic), kChosen);
  for (int i = 0; i < desk.policy.slow_attempts; ++i)
    expect_invalid_client(guess(desk, "rp", "guess", "192.0.2.1"));
  expect_throttled(guess(desk, "rp", "guess", "192.0.2.99"));
  expect_throttled(guess(desk, "rp", kChosen, "192.0.2.1"), "the right one, too: it may be the last guess");
  EXPECT_TRUE(guess(desk, "rp", kChosen, "198.51.100.1")) << "nobody is locked out from elsewhere";
  desk.clock.tick(desk.policy.attempt_window);
  EXPECT_TRUE(guess(desk, "rp", kChosen, "192.0.2.1"));
}

TEST(SlowSecret, GuessesAcrossClientsAreCountedPerNetwork) {
  Desk desk;
  desk.policy.network_attempts = 5;
  for (int i = 0; i < 5; ++i)
    expect_invalid_client(guess(desk, "rp" + std::to_string(i), "guess", "192.0.2.1"));
  expect_throttled(guess(desk, "another", "guess", "192.0.2.1"));
}

TEST(SlowSecret, RightOnesCostNothing) {
  Desk desk;
  desk.give(desk.add("rp", ClientAuthMethod::client_secret_basic), kChosen);
  for (int i = 0; i < 2 * desk.policy.slow_attempts; ++i)
    ASSERT_TRUE(guess(desk, "rp", kChosen, "192.0.2.1"));
  EXPECT_EQ(desk.throttle.attempts(), 0);
}

TEST(SlowSecret, StrongOnesAreNotCounted) {
  Desk desk;
  desk.issue(desk.add("rp", ClientAuthMethod::client_secret_basic));
  for (int i = 0; i < 2 * desk.policy.slow_attempts; ++i) {
    expect_invalid_client(guess(desk, "rp", std::string(43, 'w'), "192.0.2.1"));
  }
  EXPECT_TRUE(desk.throttle.counters.empty()) << "nothing was written";
}

TEST(SlowSecret, UnknownClientsAreCountedAlike) {
  Desk desk;
  desk.give(desk.add("rp", ClientAuthMethod::client_secret_basic), kChosen);
  for (const auto* id : {"rp", "nobody"}) {
    for (int i = 0; i < desk.policy.slow_attempts; ++i)
      expect_invalid_client(guess(desk, id, "guess", "192.0.2.1"), id);
    expect_throttled(guess(desk, id, "guess", "192.0.2.1"), id);
  }
}

TEST(SlowSecret, UnknownClientsCostTheSameWork) {
  Desk desk;
  PasswordHasher hasher({.cost = 6, .concurrent = 1, .waiting = 0});
  const ClientSecrets secrets(desk.pepper, desk.cells, hasher);
  const ClientAuthenticator authenticator(
      {desk.clients, desk.throttle, secrets, desk.published_keys, desk.pepper, desk.log}, desk.policy);
  desk.give(desk.add("rp", ClientAuthMethod::client_secret_basic), kChosen);
  desk.issue(desk.add("strong", ClientAuthMethod::client_secret_basic));
  desk.add("app", ClientAuthMethod::none);
  const oidcop::testing::HasherOccupant occupant(hasher);
  for (const std::string id : {"rp", "strong", "app", "nobody"}) {
    const auto header = "Basic " + base64_encode(id + ":guess");
    EXPECT_TRUE(oidcop::testing::notices_busy_hasher([&] {
      desk.clock.tick(desk.policy.attempt_window);
      const auto answer = authenticator.authenticate(
          {Message(), header, desk.allowed, testing::kTokenEndpoint, "192.0.2.1", "req-1"}, desk.clock.now());
      return !answer && answer.error().http_status == 503;
    })) << id;
  }
}

TEST(SlowSecret, AnUndecidedAttemptDoesNotCount) {
  Desk desk;
  desk.give(desk.add("rp", ClientAuthMethod::client_secret_basic), kChosen);
  desk.throttle.fail_with = Error{Errc::unavailable, "locked"};
  const auto answer = guess(desk, "rp", kChosen, "192.0.2.1");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().http_status, 503);
}

}  // namespace
}  // namespace oidcop::client
