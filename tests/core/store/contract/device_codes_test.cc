#include "core/store/contract/contract.h"

namespace oidcop::testing {
namespace {

using store::AuthorizeOutcome;
using store::DeviceDecision;
using store::PollOutcome;

OIDCOP_STORE_CONTRACT(DeviceCodeContract);

store::DeviceAuthorization a_device(const std::string& name) {
  store::DeviceAuthorization device;
  device.device_code = sha256(name);
  device.user_code = sha256(name + "-user");
  device.client = model::ClientId("app");
  device.request.set("scope", "openid");
  device.created_at = at(0);
  device.expires_at = at(600);
  device.kept_until = at(4200);
  device.interval = Seconds(5);
  return device;
}

store::DevicePoll a_poll(const std::string& name, std::int64_t after, const std::string& client = "app") {
  return {sha256(name), model::ClientId(client), at(after)};
}

/// Alice's yes in session s1: the device's own digest is that of the code.
store::Authorize a_yes(const std::string& device, const std::string& grant) {
  auto command = an_authorization("s1", grant, device);
  command.device = sha256(device + "-user");
  return command;
}

TEST_P(DeviceCodeContract, GivesBackWhatWaits) {
  begin_chain();
  ASSERT_TRUE(store().put_device_authorization(a_device("d1")));
  const auto found = store().find_device_authorization(sha256("d1-user"));
  ASSERT_TRUE(found) << found.error().detail;
  EXPECT_EQ(found->device_code, sha256("d1"));
  EXPECT_EQ(found->client.text(), "app");
  EXPECT_EQ(found->request.text("scope"), "openid");
  EXPECT_EQ(found->created_at, at(0));
  EXPECT_EQ(found->expires_at, at(600));
  EXPECT_EQ(found->kept_until, at(4200));
  EXPECT_EQ(found->interval, Seconds(5));
  EXPECT_EQ(found->decision, DeviceDecision::pending);
  EXPECT_EQ(store().find_device_authorization(sha256("d1")).error().code, Errc::not_found);
}

TEST_P(DeviceCodeContract, TakesNoCodeTwice) {
  begin_chain();
  ASSERT_TRUE(store().put_device_authorization(a_device("d1")));
  EXPECT_EQ(store().put_device_authorization(a_device("d1")).error().code, Errc::conflict);
  auto same_user_code = a_device("d2");
  same_user_code.user_code = sha256("d1-user");
  EXPECT_EQ(store().put_device_authorization(same_user_code).error().code, Errc::conflict);
}

// RFC 8628, 3.5.
TEST_P(DeviceCodeContract, SlowsDownADeviceThatAsksTooOften) {
  begin_chain();
  ASSERT_TRUE(store().put_device_authorization(a_device("d1")));
  EXPECT_EQ(*store().commit(a_poll("d1", 0)), PollOutcome::pending);
  EXPECT_EQ(*store().commit(a_poll("d1", 4)), PollOutcome::slow_down);
  EXPECT_EQ(*store().commit(a_poll("d1", 13)), PollOutcome::slow_down) << "ten seconds by now";
  EXPECT_EQ(*store().commit(a_poll("d1", 28)), PollOutcome::pending) << "fifteen";
  EXPECT_EQ(*store().commit(a_poll("d1", 42)), PollOutcome::slow_down) << "for good";
  EXPECT_EQ(store().find_device_authorization(sha256("d1-user"))->interval, Seconds(20));
}

TEST_P(DeviceCodeContract, OfTwoPollsAtOnceOneIsInTime) {
  begin_chain();
  ASSERT_TRUE(store().put_device_authorization(a_device("d1")));
  EXPECT_EQ(*store().commit(a_poll("d1", 10)), PollOutcome::pending);
  EXPECT_EQ(*neighbour().commit(a_poll("d1", 10)), PollOutcome::slow_down);
}

TEST_P(DeviceCodeContract, IsNobodyElsesBusiness) {
  begin_chain();
  put_client("other");
  ASSERT_TRUE(store().put_device_authorization(a_device("d1")));
  EXPECT_EQ(*store().commit(a_poll("d1", 0, "other")), PollOutcome::not_found);
  EXPECT_EQ(*store().commit(a_poll("d2", 0)), PollOutcome::not_found);
  EXPECT_EQ(*store().commit(a_poll("d1", 1)), PollOutcome::pending)
      << "the other client's poll slowed it down";
}

TEST_P(DeviceCodeContract, EndsAtItsTime) {
  begin_chain();
  ASSERT_TRUE(store().put_device_authorization(a_device("d1")));
  EXPECT_EQ(*store().commit(a_poll("d1", 599)), PollOutcome::pending);
  EXPECT_EQ(*store().commit(a_poll("d1", 600)), PollOutcome::expired);
  auto late = a_yes("d1", "g2");
  late.now = at(600);
  EXPECT_EQ(*store().commit(late), AuthorizeOutcome::device_decided);
  EXPECT_FALSE(*store().deny_device(sha256("d1-user"), at(600)));
}

TEST_P(DeviceCodeContract, AYesPutsTheCodeThereToBeExchangedOnce) {
  begin_chain();
  ASSERT_TRUE(store().put_device_authorization(a_device("d1")));
  ASSERT_EQ(*store().commit(a_yes("d1", "g2")), AuthorizeOutcome::issued);
  EXPECT_EQ(store().find_device_authorization(sha256("d1-user"))->decision, DeviceDecision::allowed);
  EXPECT_EQ(*store().commit(a_poll("d1", 2)), PollOutcome::allowed);
  EXPECT_EQ(*store().commit(a_code_exchange("d1")), store::ExchangeOutcome::first);
  EXPECT_EQ(state("d1-at", 3), "active");
  EXPECT_EQ(*store().commit(a_code_exchange("d1")), store::ExchangeOutcome::replay);
  EXPECT_EQ(state("d1-at", 3), "revoked");
}

TEST_P(DeviceCodeContract, IsDecidedOnce) {
  begin_chain();
  ASSERT_TRUE(store().put_device_authorization(a_device("d1")));
  ASSERT_EQ(*store().commit(a_yes("d1", "g2")), AuthorizeOutcome::issued);
  auto again = a_yes("d1", "g3");
  again.tokens = {a_code("c3", "g3")};
  EXPECT_EQ(*store().commit(again), AuthorizeOutcome::device_decided);
  EXPECT_EQ(state("c3", 1), "absent");
  EXPECT_FALSE(*store().deny_device(sha256("d1-user"), at(2)));
  EXPECT_EQ(*store().commit(a_poll("d1", 3)), PollOutcome::allowed);
}

TEST_P(DeviceCodeContract, ANoIsFinal) {
  begin_chain();
  ASSERT_TRUE(store().put_device_authorization(a_device("d1")));
  EXPECT_TRUE(*store().deny_device(sha256("d1-user"), at(1)));
  EXPECT_FALSE(*store().deny_device(sha256("d1-user"), at(1)));
  EXPECT_EQ(*store().commit(a_poll("d1", 2)), PollOutcome::denied);
  EXPECT_EQ(*store().commit(a_poll("d1", 700)), PollOutcome::denied);
  EXPECT_EQ(*store().commit(a_yes("d1", "g2")), AuthorizeOutcome::device_decided);
  EXPECT_EQ(state("d1", 1), "absent");
}

TEST_P(DeviceCodeContract, StaysOpenWhenNothingWasIssued) {
  begin_chain();
  put_client("other");
  ASSERT_TRUE(store().put_device_authorization(a_device("d1")));
  auto nowhere = a_yes("d1", "g2");
  nowhere.user_session = model::SessionId("unknown");
  EXPECT_EQ(*store().commit(nowhere), AuthorizeOutcome::session_ended);
  auto foreign = a_yes("d1", "g2");
  foreign.client_session = a_client_session("foreign", "other");
  EXPECT_EQ(*store().commit(foreign), AuthorizeOutcome::device_decided);
  EXPECT_EQ(store().find_device_authorization(sha256("d1-user"))->decision, DeviceDecision::pending);
}

TEST_P(DeviceCodeContract, LeavesSomeTimeAfterItsEnd) {
  begin_chain();
  ASSERT_TRUE(store().put_device_authorization(a_device("d1")));
  ASSERT_TRUE(store().sweep(at(4199), 1000));
  EXPECT_EQ(*store().commit(a_poll("d1", 4199)), PollOutcome::expired);
  ASSERT_TRUE(store().sweep(at(4200), 1000));
  EXPECT_EQ(*store().commit(a_poll("d1", 4200)), PollOutcome::not_found);
}

TEST_P(DeviceCodeContract, GoesWithItsClient) {
  begin_chain();
  ASSERT_TRUE(store().put_device_authorization(a_device("d1")));
  ASSERT_TRUE(store().delete_client(model::ClientId("app")));
  EXPECT_FALSE(store().find_device_authorization(sha256("d1-user")));
  EXPECT_EQ(store().put_device_authorization(a_device("d2")).error().code, Errc::conflict);
}

}  // namespace
}  // namespace oidcop::testing
