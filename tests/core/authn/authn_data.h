#pragma once

#include "authn/password_login.h"
#include "authn/throttle.h"
#include "jose/keyed_hash.h"
#include "jose/service_secrets.h"
#include "support/fixed_random.h"
#include "support/manual_clock.h"
#include "support/memory_stores.h"
#include "support/recording_log.h"

#include <gtest/gtest.h>

#include <string>
#include <variant>
#include <vector>

namespace oidcop::authn::testing {

inline constexpr const char* kPassword = "correct horse";

/// A login with one user, alice, and short ways to try it.
struct Door {
  oidcop::testing::ManualClock clock;
  oidcop::testing::FixedRandom random;
  jose::ServiceSecrets service = *jose::ServiceSecrets::create(random, clock.now());
  jose::Pepper pepper{service, "https://op.example.org"};
  oidcop::testing::MemoryUserStore users;
  oidcop::testing::MemoryThrottleStore counters;
  oidcop::testing::RecordingLog log;
  std::vector<std::string> hashes;  ///< the setting of every hash that was computed
  PasswordHasher hasher{{.cost = 1}, [this](const Secret& password, const std::string& setting) {
                          hashes.push_back(setting);
                          return crypt_password(password, setting);
                        }};
  ThrottlePolicy limits{.window = Seconds(900),
                        .known_device_attempts = 3,
                        .unknown_device_attempts = 4,
                        .network_attempts = 6};
  Throttle throttle{counters, pepper, limits};
  PasswordLogin login{{users, throttle, hasher, pepper, random, log}, {.acr = "urn:pwd", .amr = {"pwd"}}};

  Door() {
    model::User alice;
    alice.id = model::UserId("u1");
    alice.username = "alice";
    alice.password_hash = *hasher.hash(Secret(kPassword), random);
    users.users["alice"] = alice;
    hashes.clear();
  }

  struct Try {
    std::string username = "alice";
    std::string password = kPassword;
    std::string address = "192.0.2.1";
    std::optional<Digest> device;
  };
  static PasswordAttempt form(const Try& attempt, const Secret& password) {
    return {.username = attempt.username,
            .password = password,
            .remote_address = attempt.address,
            .device = attempt.device,
            .interaction = model::InteractionId("i1"),
            .request_id = "req-1"};
  }
  Result<PasswordOutcome> ask(const Try& attempt) {
    const Secret password(attempt.password);
    return login.sign_in(form(attempt, password), clock.now());
  }
  /// Answers, and does what the store and the endpoint do with a successful login.
  template <class T>
  bool answers(const Try& attempt) {
    auto outcome = ask(attempt);
    if (!outcome) return false;
    if (const auto* in = std::get_if<SignedIn>(&*outcome)) {
      const Secret password(attempt.password);
      login.finish(form(attempt, password), *in);
      EXPECT_TRUE(counters.refund_attempt(in->refunds, clock.now()));
      if (in->known_device) counters.known_devices.insert(in->known_device->key);
    }
    return std::holds_alternative<T>(*outcome);
  }
};

inline Digest browser(std::string_view cookie) {
  return sha256(cookie);
}

}  // namespace oidcop::authn::testing
