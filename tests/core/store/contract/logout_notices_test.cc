#include "core/store/contract/contract.h"

namespace oidcop::testing {
namespace {

OIDCOP_STORE_CONTRACT(LogoutStoreContract);

constexpr const char* kUri = "https://app.example/out";

model::Client hearing(const std::string& id) {
  auto client = a_client(id);
  client.metadata.set("backchannel_logout_uri", kUri);
  return client;
}

store::LeaseNotices lease_at(std::int64_t after, int clients = 10, int of_each = 10) {
  return {at(after), at(after + 60), clients, of_each};
}

/// A session of `user` at `client`, with the grant g-SESSION.
void visit(store::Store& store, const std::string& session, const std::string& user,
           const std::string& client) {
  ASSERT_TRUE(store.commit(store::SignIn{a_session(session, user), {}, {}, {}}));
  auto command = an_authorization(session, "g-" + session + client, "c-" + session + client);
  command.client_session.client = model::ClientId(client);
  ASSERT_TRUE(store.commit(command));
}

std::vector<std::string> sids(const Result<std::vector<std::vector<model::LogoutNotice>>>& leased) {
  std::vector<std::string> all;
  if (!leased) return {"error: " + leased.error().detail};
  for (const auto& of_client : *leased) {
    for (const auto& notice : of_client) all.push_back(notice.sid);
  }
  return all;
}

std::string sid(const std::string& session, const std::string& client) {
  return "sid-of-client session of g-" + session + client;
}

using Sids = std::vector<std::string>;

TEST_P(LogoutStoreContract, TheEndOfASessionLeavesANoticeForEachClientThatWantsOne) {
  put_user("alice");
  ASSERT_TRUE(store().put_client(hearing("app"), store::IfExists::refuse));
  put_client("deaf");
  visit(store(), "s1", "alice", "app");
  auto second = an_authorization("s1", "g-s1deaf", "c-s1deaf");
  second.client_session.client = model::ClientId("deaf");
  authorize(second);
  EXPECT_EQ(sids(store().lease_logout_notices(lease_at(5))), Sids());
  ASSERT_TRUE(store().end_session(model::SessionId("s1"), at(10)));
  EXPECT_EQ(sids(store().lease_logout_notices(lease_at(9))), Sids()) << "not before it is due";
  const auto leased = neighbour().lease_logout_notices(lease_at(10));
  ASSERT_TRUE(leased) << leased.error().detail;
  ASSERT_EQ(sids(leased), Sids{sid("s1", "app")});
  const auto& notice = leased->front().front();
  EXPECT_EQ(notice.client, model::ClientId("app"));
  EXPECT_EQ(notice.subject, an_authorization("s1", "g-s1app", "c").client_session.subject);
  EXPECT_EQ(notice.created_at, at(10));
  EXPECT_EQ(notice.attempts, 0);
}

TEST_P(LogoutStoreContract, EndingTwiceTellsOnce) {
  put_user("alice");
  ASSERT_TRUE(store().put_client(hearing("app"), store::IfExists::refuse));
  visit(store(), "s1", "alice", "app");
  auto offline = an_authorization("s1", "g2", "c2");
  offline.grant.offline = true;
  authorize(offline);  // the client session stays open for it
  ASSERT_TRUE(store().end_session(model::SessionId("s1"), at(10)));
  ASSERT_TRUE(store().remove_logout_notice(sid("s1", "app")));
  ASSERT_TRUE(store().end_session(model::SessionId("s1"), at(11)));
  EXPECT_EQ(sids(store().lease_logout_notices(lease_at(12))), Sids());
}

TEST_P(LogoutStoreContract, WhoeverEndsASessionLeavesNotices) {
  put_user("alice");
  put_user("bob");
  ASSERT_TRUE(store().put_client(hearing("app"), store::IfExists::refuse));
  visit(store(), "s1", "alice", "app");
  store::SignIn other{a_session("s2", "bob"), model::SessionId("s1"), {}, {}};
  ASSERT_TRUE(store().commit(other)) << "somebody else signs in in this browser";
  EXPECT_EQ(sids(store().lease_logout_notices(lease_at(10))), Sids{sid("s1", "app")});

  visit(store(), "s3", "bob", "app");
  ASSERT_TRUE(store().set_password(a_user("bob").id, "another hash", at(10)));
  ASSERT_TRUE(store().remove_logout_notice(sid("s1", "app")));
  EXPECT_EQ(sids(store().lease_logout_notices(lease_at(10))), Sids{sid("s3", "app")});
}

TEST_P(LogoutStoreContract, WhatIsLeasedIsNobodyElsesUntilTheLeaseEnds) {
  put_user("alice");
  ASSERT_TRUE(store().put_client(hearing("app"), store::IfExists::refuse));
  visit(store(), "s1", "alice", "app");
  visit(store(), "s2", "alice", "app");
  ASSERT_TRUE(store().end_session(model::SessionId("s1"), at(10)));
  ASSERT_EQ(sids(store().lease_logout_notices(lease_at(10))), Sids{sid("s1", "app")});
  ASSERT_TRUE(store().end_session(model::SessionId("s2"), at(11)));
  EXPECT_EQ(sids(neighbour().lease_logout_notices(lease_at(69))), Sids())
      << "the client is being told something";
  EXPECT_EQ(sids(neighbour().lease_logout_notices(lease_at(70))), (Sids{sid("s1", "app"), sid("s2", "app")}));
}

TEST_P(LogoutStoreContract, TheLongestWaitingClientsComeFirst) {
  put_user("alice");
  for (const auto* id : {"a", "b", "c"}) {
    ASSERT_TRUE(store().put_client(hearing(id), store::IfExists::refuse));
  }
  visit(store(), "s1", "alice", "c");
  visit(store(), "s2", "alice", "b");
  visit(store(), "s3", "alice", "a");
  visit(store(), "s4", "alice", "c");
  visit(store(), "s5", "alice", "c");
  for (const auto* id : {"s1", "s2", "s3", "s4", "s5"}) {
    ASSERT_TRUE(store().end_session(model::SessionId(id), at(10 + id[1] - '0')));
  }
  EXPECT_EQ(sids(store().lease_logout_notices(lease_at(20, 2, 2))),
            (Sids{sid("s1", "c"), sid("s4", "c"), sid("s2", "b")}));
  EXPECT_EQ(sids(store().lease_logout_notices(lease_at(20, 2, 2))), Sids{sid("s3", "a")})
      << "c waits until the one who tells it is done";
}

TEST_P(LogoutStoreContract, AfterAFailureAllOfTheClientsNoticesWait) {
  put_user("alice");
  ASSERT_TRUE(store().put_client(hearing("app"), store::IfExists::refuse));
  visit(store(), "s1", "alice", "app");
  visit(store(), "s2", "alice", "app");
  ASSERT_TRUE(store().end_session(model::SessionId("s1"), at(10)));
  ASSERT_TRUE(store().end_session(model::SessionId("s2"), at(11)));
  ASSERT_EQ(store().lease_logout_notices(lease_at(12))->front().size(), 2U);
  ASSERT_TRUE(store().commit(store::PostponeNotices{model::ClientId("app"), sid("s1", "app"), at(20)}));
  EXPECT_EQ(sids(neighbour().lease_logout_notices(lease_at(19))), Sids());
  const auto again = store().lease_logout_notices(lease_at(20));
  ASSERT_EQ(sids(again), (Sids{sid("s1", "app"), sid("s2", "app")}));
  EXPECT_EQ(again->front().at(0).attempts, 1);
  EXPECT_EQ(again->front().at(1).attempts, 0);
}

TEST_P(LogoutStoreContract, WhatWasNotTriedIsDueAgain) {
  put_user("alice");
  ASSERT_TRUE(store().put_client(hearing("app"), store::IfExists::refuse));
  visit(store(), "s1", "alice", "app");
  ASSERT_TRUE(store().end_session(model::SessionId("s1"), at(10)));
  ASSERT_EQ(store().lease_logout_notices(lease_at(10))->size(), 1U);
  ASSERT_TRUE(store().release_logout_notices({sid("s1", "app")}, at(11)));
  const auto again = neighbour().lease_logout_notices(lease_at(11));
  ASSERT_EQ(sids(again), Sids{sid("s1", "app")});
  EXPECT_EQ(again->front().front().attempts, 0);
  EXPECT_TRUE(store().release_logout_notices({}, at(12)));
}

TEST_P(LogoutStoreContract, NoticesOutliveTheirSessionAndGoWithTheirClient) {
  put_user("alice");
  ASSERT_TRUE(store().put_client(hearing("app"), store::IfExists::refuse));
  visit(store(), "s1", "alice", "app");
  ASSERT_TRUE(store().end_session(model::SessionId("s1"), at(10)));
  ASSERT_TRUE(store().delete_user(a_user("alice").id));
  ASSERT_EQ(sids(store().lease_logout_notices(lease_at(20))), Sids{sid("s1", "app")});
  ASSERT_TRUE(store().delete_client(model::ClientId("app")));
  EXPECT_EQ(sids(store().lease_logout_notices(lease_at(200))), Sids());
  EXPECT_TRUE(store().remove_logout_notice(sid("s1", "app"))) << "settled by somebody else";
}

TEST_P(LogoutStoreContract, NoticesThatNobodyDeliversAreSwept) {
  put_user("alice");
  ASSERT_TRUE(store().put_client(hearing("app"), store::IfExists::refuse));
  visit(store(), "s1", "alice", "app");
  ASSERT_TRUE(store().end_session(model::SessionId("s1"), at(10)));
  constexpr std::int64_t kTwoDays = 2 * 86400;
  ASSERT_TRUE(store().sweep(at(9 + kTwoDays), 1000));
  EXPECT_EQ(store().lease_logout_notices(lease_at(9 + kTwoDays))->size(), 1U);
  ASSERT_TRUE(store().sweep(at(10 + kTwoDays), 1000));
  EXPECT_TRUE(store().lease_logout_notices(lease_at(1000 + kTwoDays))->empty());
}

}  // namespace
}  // namespace oidcop::testing
