#include "provider/policies.h"

#include <gtest/gtest.h>

namespace oidcop::provider {
namespace {

using std::chrono::hours;

model::Client client_with(model::TokenClass token_class, Seconds lifetime) {
  model::Client client;
  client.token_usage_rules[token_class].expires_in = lifetime;
  return client;
}

TEST(KeyTimes, OutlastTheLongestTokenOfTheConfiguration) {
  config::Config config(*Url::parse("https://op.example.org"));
  config.authz.grant_config.usage_rules.id_token.expires_in = hours(3);
  config.authz.grant_config.usage_rules.access_token.expires_in = hours(2);
  EXPECT_EQ(key_times(config, {}).longest_token, hours(3));
}

TEST(KeyTimes, OutlastWhatOneClientAloneGets) {
  config::Config config(*Url::parse("https://op.example.org"));
  config.authz.grant_config.usage_rules.id_token.expires_in = hours(3);
  EXPECT_EQ(key_times(config, {client_with(model::TokenClass::access_token, hours(48))}).longest_token,
            hours(48));
  EXPECT_EQ(key_times(config, {{}, client_with(model::TokenClass::id_token, hours(24))}).longest_token,
            hours(24));
}

TEST(KeyTimes, CountOnlyTokensThatAreSigned) {
  config::Config config(*Url::parse("https://op.example.org"));
  config.authz.grant_config.usage_rules.id_token.expires_in = hours(3);
  config.authz.grant_config.usage_rules.access_token.expires_in = hours(1);
  EXPECT_EQ(key_times(config, {client_with(model::TokenClass::refresh_token, hours(9000))}).longest_token,
            hours(3));
}

}  // namespace
}  // namespace oidcop::provider
