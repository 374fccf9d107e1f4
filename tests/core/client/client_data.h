#pragma once

#include "base/json.h"
#include "base/password_hash.h"
#include "client/secret.h"
#include "jose/cell_cipher.h"
#include "jose/keyed_hash.h"
#include "jose/service_secrets.h"
#include "support/fixed_random.h"
#include "support/manual_clock.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace oidcop::client::testing {

using oidcop::testing::FixedRandom;
using oidcop::testing::ManualClock;

inline constexpr const char* kIssuer = "https://op.example.org";

/// Everything that client secrets need, cheap and the same in every run.
struct Vault {
  ManualClock clock;
  FixedRandom random;
  jose::ServiceSecrets service = *jose::ServiceSecrets::create(random, clock.now());
  jose::Pepper pepper{service, kIssuer};
  jose::CellCipher cells{service.ring(jose::SecretPurpose::data), kIssuer};
  PasswordHasher hasher{{.cost = 1}};
  ClientSecrets secrets{pepper, cells, hasher};

  /// Gives the client a new secret and tells it.
  Secret issue(model::Client& client, std::optional<TimePoint> expires_at = std::nullopt) {
    auto issued = secrets.generate(client, clock.now(), expires_at, random);
    EXPECT_TRUE(issued);
    client.secrets.push_back(issued->stored);
    return issued->plain;
  }
  /// Gives the client this secret.
  void give(model::Client& client, const std::string& chosen) {
    auto stored = secrets.store(client, Secret(chosen), clock.now(), std::nullopt, random);
    ASSERT_TRUE(stored) << stored.error().detail;
    client.secrets.push_back(*stored);
  }
};

inline model::Client a_client(const std::string& id, model::ClientAuthMethod method) {
  model::Client client;
  client.id = model::ClientId(id);
  client.name = id;
  client.token_endpoint_auth_method = method;
  client.metadata.set("token_endpoint_auth_method", model::name_of(method));
  client.redirect_uris = {"https://rp.example.org/cb"};
  return client;
}

}  // namespace oidcop::client::testing
