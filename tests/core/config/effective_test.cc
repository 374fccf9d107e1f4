#include "config/effective.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace oidcop::config {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Config example() {
  return Config(*Url::parse("https://op.example.org"));
}

TEST(WaitingForRestart, NamesWhatTheRunningProcessDoesNotTakeUp) {
  auto now = example();
  now.database.busy_timeout = Seconds(1);
  now.responder.workers = 9;
  now.responder.limits.body = 1;
  EXPECT_THAT(waiting_for_restart(example(), now),
              ElementsAre("database.busy_timeout", "responder.limits.body", "responder.workers"));
}

TEST(WaitingForRestart, SaysNothingOfWhatIsTakenUp) {
  auto now = example();
  now.log.level = LogLevel::debug;
  now.ui.op_name = "Another";
  now.keys.max_age = Seconds(60);
  EXPECT_THAT(waiting_for_restart(example(), now), IsEmpty());
}

TEST(WaitingForRestart, SeesThatASettingCameOrWent) {
  auto now = example();
  now.responder.listen = "127.0.0.1:9000";
  EXPECT_THAT(waiting_for_restart(example(), now), ElementsAre("responder.listen"));
  EXPECT_THAT(waiting_for_restart(now, example()), ElementsAre("responder.listen"));
}

TEST(WaitingForRestart, SeesThatASecretIsAnother) {
  auto before = example();
  before.responder.shared_secret = Secret("one");
  before.responder.remote_user.marker = Secret("one");
  auto now = before;
  EXPECT_THAT(waiting_for_restart(before, now), IsEmpty());
  now.responder.shared_secret = Secret("two");
  now.responder.remote_user.marker = Secret("two");
  EXPECT_THAT(waiting_for_restart(before, now),
              ElementsAre("responder.shared_secret", "responder.remote_user.marker"));
}

}  // namespace
}  // namespace oidcop::config
