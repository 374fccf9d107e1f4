#include "fcgi/settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace oidcop::fcgi {
namespace {

using std::chrono::milliseconds;
using ::testing::ElementsAre;

ServeOptions options_of(const config::Responder& settings) {
  auto options = serve_options(settings);
  EXPECT_TRUE(options) << options.error().detail;
  return options ? std::move(*options) : ServeOptions{};
}

TEST(ServeOptions, TakeEveryLimitFromTheConfiguration) {
  config::Responder settings;
  settings.workers = 3;
  settings.limits = {.body = 1001,
                     .uri = 1002,
                     .parameters = 1003,
                     .parameter_octets = 1004,
                     .connections = 1005,
                     .buffered = 1006};
  const auto options = options_of(settings);
  EXPECT_EQ(options.responder.workers, 3U);
  EXPECT_EQ(options.responder.policy.max_body, 1001U);
  EXPECT_EQ(options.responder.policy.max_uri, 1002U);
  EXPECT_EQ(options.responder.policy.max_parameters, 1003U);
  EXPECT_EQ(options.responder.policy.max_parameter_octets, 1004U);
  EXPECT_EQ(options.responder.max_connections, 1005U);
  EXPECT_EQ(options.responder.max_buffered, 1006U);
}

TEST(ServeOptions, TakeEveryTimeoutFromTheConfiguration) {
  config::Responder settings;
  settings.read_timeout = Seconds(11);
  settings.write_timeout = Seconds(12);
  settings.idle_timeout = Seconds(13);
  settings.stop_timeout = Seconds(14);
  const auto options = options_of(settings);
  EXPECT_EQ(options.responder.read_timeout, milliseconds(11'000));
  EXPECT_EQ(options.responder.write_timeout, milliseconds(12'000));
  EXPECT_EQ(options.responder.idle_timeout, milliseconds(13'000));
  EXPECT_EQ(options.responder.stop_timeout, milliseconds(14'000));
}

TEST(ServeOptions, TakeWhoMayConnectFromTheConfiguration) {
  config::Responder settings;
  settings.listen = "unix:/run/x";
  settings.allow_remote_tcp = true;
  settings.allowed_peers = {"root", "12345"};
  settings.socket_group = "54321";
  const auto options = options_of(settings);
  EXPECT_EQ(options.configured_listen, "unix:/run/x");
  EXPECT_TRUE(options.listen.allow_remote_tcp);
  EXPECT_THAT(options.listen.peer_uids, ElementsAre(0U, 12345U));
  EXPECT_EQ(options.listen.socket_group, 54321U);
}

TEST(ServeOptions, BelieveNothingThatTheConfigurationDoesNotSay) {
  const auto options = options_of({});
  EXPECT_TRUE(options.responder.policy.trusted_logins.empty());
  EXPECT_FALSE(options.responder.policy.tls_terminated_upstream);
  EXPECT_TRUE(options.responder.policy.shared_secret.reveal().empty());
  EXPECT_FALSE(options.listen.allow_remote_tcp);
  EXPECT_TRUE(options.listen.peer_uids.empty());
  EXPECT_FALSE(options.listen.socket_group);
}

TEST(ServeOptions, TakeWhatMayBeBelievedFromTheConfiguration) {
  config::Responder settings;
  settings.tls_terminated_upstream = true;
  settings.shared_secret = Secret("between us");
  settings.remote_user.marker = Secret("from inside");
  settings.remote_user.auth_types = {"Basic", "Negotiate"};
  const auto policy = options_of(settings).responder.policy;
  EXPECT_TRUE(policy.tls_terminated_upstream);
  EXPECT_EQ(policy.shared_secret.reveal(), "between us");
  ASSERT_EQ(policy.trusted_logins.size(), 2U);
  EXPECT_EQ(policy.trusted_logins[0].marker, "from inside");
  EXPECT_EQ(policy.trusted_logins[0].auth_type, "Basic");
  EXPECT_EQ(policy.trusted_logins[1].auth_type, "Negotiate");
}

TEST(ServeOptions, NameAUserOrGroupThatIsNotThere) {
  config::Responder settings;
  settings.allowed_peers = {"no-such-user-here"};
  const auto no_user = serve_options(settings);
  ASSERT_FALSE(no_user);
  EXPECT_THAT(no_user.error().detail, ::testing::HasSubstr("no-such-user-here"));
  settings = {};
  settings.socket_group = "no-such-group-here";
  const auto no_group = serve_options(settings);
  ASSERT_FALSE(no_group);
  EXPECT_THAT(no_group.error().detail, ::testing::HasSubstr("no-such-group-here"));
}

}  // namespace
}  // namespace oidcop::fcgi
