#pragma once

#include "base/json.h"
#include "base/system_clock.h"
#include "jose/jwt.h"
#include "jose/key_rotation.h"
#include "model/client.h"
#include "model/session.h"
#include "support/fixed_random.h"
#include "support/manual_clock.h"
#include "token/usage_rules.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

namespace oidcop::token {

inline constexpr const char* kIssuer = "https://op.example";

/// RSA 2048 (any RS or PS) and EC P-256; made once for the whole program, since RSA keys take their time.
inline const jose::SigningKeys& test_keys() {
  static const auto keys =
      jose::create_signing_keys(jose::default_key_definitions(), testing::ManualClock().now()).value();
  return keys;
}

/// A client, and a grant it got from diana, who signed in ten minutes ago.
class TokenTest : public ::testing::Test {
 protected:
  TokenTest() {
    client.id = model::ClientId("rp");
    client.grant_types = {"authorization_code", "refresh_token"};
    grant.id = model::GrantId("grant");
    grant.scope = scope("openid email offline_access");
    grant.offline = true;
    grant.created_at = clock.now();
    grant.expires_at = clock.now() + Seconds(180 * 86400);
    grant.authentication.time = clock.now() - Seconds(600);
    grant.authentication.acr = "urn:example:password";
    grant.authentication.amr = {"pwd"};
  }

  static model::ScopeSet scope(const char* text) { return *model::ScopeSet::parse(text); }

  static Message payload(std::string_view jwt) { return jose::peek_unverified_claims(jwt).value(); }
  static Message header(std::string_view jwt) { return jose::peek_unverified_header(jwt).value(); }

  testing::ManualClock clock;
  testing::FixedRandom random;
  model::Client client;
  model::Grant grant;
  UsagePolicy usage;
};

}  // namespace oidcop::token
