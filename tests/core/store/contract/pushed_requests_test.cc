#include "core/store/contract/contract.h"

namespace oidcop::testing {
namespace {

using store::AuthorizeOutcome;

OIDCOP_STORE_CONTRACT(PushedRequestContract);

store::PushedRequest a_pushed_request(const std::string& uri) {
  store::PushedRequest request;
  request.uri = sha256(uri);
  request.client = model::ClientId("app");
  request.request.set("client_id", "app");
  request.request.set("state", "s");
  request.is_signed = true;
  request.created_at = at(0);
  request.expires_at = at(90);
  request.kept_until = at(3600);
  return request;
}

TEST_P(PushedRequestContract, GivesBackWhatWasPushed) {
  begin_chain();
  ASSERT_TRUE(store().put_pushed_request(a_pushed_request("r1")));
  const auto found = store().find_pushed_request(sha256("r1"));
  ASSERT_TRUE(found) << found.error().detail;
  EXPECT_EQ(found->client.text(), "app");
  EXPECT_EQ(found->request.text("state"), "s");
  EXPECT_TRUE(found->is_signed);
  EXPECT_FALSE(found->used);
  EXPECT_EQ(found->expires_at, at(90));
  EXPECT_EQ(found->kept_until, at(3600));
  EXPECT_EQ(store().find_pushed_request(sha256("r2")).error().code, Errc::not_found);
  EXPECT_EQ(store().put_pushed_request(a_pushed_request("r1")).error().code, Errc::conflict);
}

TEST_P(PushedRequestContract, IsUsedByTheAuthorizationThatIsIssuedForIt) {
  begin_chain();
  ASSERT_TRUE(store().put_pushed_request(a_pushed_request("r1")));
  auto command = an_authorization("s1", "g2", "c2");
  command.pushed_request = sha256("r1");
  EXPECT_EQ(*store().commit(command), AuthorizeOutcome::issued);
  EXPECT_TRUE(store().find_pushed_request(sha256("r1"))->used);
  auto again = an_authorization("s1", "g3", "c3");
  again.pushed_request = sha256("r1");
  EXPECT_EQ(*store().commit(again), AuthorizeOutcome::request_used);
  EXPECT_EQ(state("c3", 1), "absent");
}

TEST_P(PushedRequestContract, IsNotUsedWhenNothingWasIssued) {
  begin_chain();
  ASSERT_TRUE(store().put_pushed_request(a_pushed_request("r1")));
  auto told = an_authorization("s1", "g2", "c2");
  told.pushed_request = sha256("r1");
  told.client_session_is_told = true;
  EXPECT_EQ(*store().commit(told), AuthorizeOutcome::other_client_session);
  auto nowhere = an_authorization("unknown", "g2", "c2");
  nowhere.pushed_request = sha256("r1");
  EXPECT_EQ(*store().commit(nowhere), AuthorizeOutcome::session_ended);
  EXPECT_FALSE(store().find_pushed_request(sha256("r1"))->used);
}

TEST_P(PushedRequestContract, AnotherClientOrALateOneGetsNothingForIt) {
  begin_chain();
  auto foreign = a_pushed_request("r1");
  put_client("other");
  foreign.client = model::ClientId("other");
  ASSERT_TRUE(store().put_pushed_request(foreign));
  auto command = an_authorization("s1", "g2", "c2");
  command.pushed_request = sha256("r1");
  EXPECT_EQ(*store().commit(command), AuthorizeOutcome::request_used);
  auto over = a_pushed_request("r2");
  over.kept_until = command.now;
  ASSERT_TRUE(store().put_pushed_request(over));
  command.pushed_request = sha256("r2");
  EXPECT_EQ(*store().commit(command), AuthorizeOutcome::request_used);
}

TEST_P(PushedRequestContract, LeavesWhenNobodyCanFinishItAnyMore) {
  begin_chain();
  ASSERT_TRUE(store().put_pushed_request(a_pushed_request("r1")));
  ASSERT_TRUE(store().sweep(at(3599), 1000));
  EXPECT_TRUE(store().find_pushed_request(sha256("r1")));
  ASSERT_TRUE(store().sweep(at(3600), 1000));
  EXPECT_FALSE(store().find_pushed_request(sha256("r1")));
}

TEST_P(PushedRequestContract, GoesWithItsClient) {
  begin_chain();
  ASSERT_TRUE(store().put_pushed_request(a_pushed_request("r1")));
  ASSERT_TRUE(store().delete_client(model::ClientId("app")));
  EXPECT_FALSE(store().find_pushed_request(sha256("r1")));
  EXPECT_EQ(store().put_pushed_request(a_pushed_request("r2")).error().code, Errc::conflict);
}

}  // namespace
}  // namespace oidcop::testing
