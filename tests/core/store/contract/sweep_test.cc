#include "core/store/contract/contract.h"

namespace oidcop::testing {
namespace {

OIDCOP_STORE_CONTRACT(SweepContract);

TEST_P(SweepContract, NothingToDoIsFinished) {
  begin_tokens();
  const auto report = store().sweep(at(10), 1000);
  ASSERT_TRUE(report) << report.error().detail;
  EXPECT_EQ(report->removed, 0);
  EXPECT_TRUE(report->finished);
}

TEST_P(SweepContract, ExpiredAccessTokensLeave) {
  begin_tokens();
  ASSERT_TRUE(store().sweep(at(3600), 1000));
  EXPECT_EQ(state("c1-at", 10), "absent");
  EXPECT_EQ(state("c1-rt", 10), "active");
}

TEST_P(SweepContract, UnspentCodesLeaveWithTheirGrants) {
  begin_chain();
  ASSERT_TRUE(store().sweep(at(43199), 1000));
  EXPECT_EQ(state("c1", 43199), "expired");
  auto late = a_code_exchange("c1");
  late.now = at(60);
  EXPECT_EQ(*store().commit(late), store::ExchangeOutcome::not_found);
  ASSERT_TRUE(store().sweep(at(43200), 1000));
  EXPECT_EQ(state("c1", 10), "absent");
}

TEST_P(SweepContract, SpentCodeStaysAsLongAsItsFamilyLives) {
  begin_tokens();
  ASSERT_TRUE(store().sweep(at(39999), 1000));
  EXPECT_EQ(state("c1", 10), "used up");
  auto again = a_code_exchange("c1");
  again.now = at(39999);
  EXPECT_EQ(*store().commit(again), store::ExchangeOutcome::replay);
  EXPECT_EQ(state("c1-rt", 10), "revoked");
}

// Reference defect B41: state grew without end.
TEST_P(SweepContract, EverythingLeavesInTheEnd) {
  begin_tokens();
  auto with_consent = an_authorization("s1", "g2", "c2");
  with_consent.consent = model::Consent{
      a_user("alice").id, model::ClientId("app"), model::ScopeSet({"email"}), {}, at(1), at(900)};
  authorize(with_consent);
  const auto on_a_device = a_session("s2", "alice");
  ASSERT_TRUE(store().commit(store::SignIn{on_a_device, {}, store::KnownDevice{sha256("d"), at(900)}, {}}));
  ASSERT_TRUE(store().use_jti({sha256("jti"), at(300)}, at(1)));
  ASSERT_TRUE(store().reserve_attempt({{sha256("x"), 1, Seconds(60)}}, at(1)));
  const auto report = store().sweep(at(50000), 1000);
  ASSERT_TRUE(report);
  EXPECT_TRUE(report->finished);
  // Two tokens, two grants with their codes, two sessions, and one each of consent, device, jti and window.
  EXPECT_EQ(report->removed, 10);
  EXPECT_EQ(state("c1", 10), "absent");
  EXPECT_EQ(store().revoke_grant(model::GrantId("g1"), at(10)).error().code, Errc::not_found);
  EXPECT_FALSE(store().find_session(sha256("cookie of s1")));
  EXPECT_EQ(store().sweep(at(50000), 1000)->removed, 0);
  EXPECT_TRUE(store().find_user_by_name("alice"));
  EXPECT_TRUE(store().find_client(model::ClientId("app")));
}

TEST_P(SweepContract, SessionStaysUnderAnOfflineGrant) {
  put_user("alice");
  put_client("app");
  sign_in("s1", "alice");
  auto offline = an_authorization("s1", "g1", "c1");
  offline.grant.offline = true;
  offline.grant.expires_at = at(8'000'000);
  authorize(offline);
  auto exchange = a_code_exchange("c1");
  exchange.tokens.at(1).expires_at = at(8'000'000);
  ASSERT_TRUE(store().commit(exchange));
  ASSERT_TRUE(store().end_session(model::SessionId("s1"), at(10)));
  ASSERT_TRUE(store().sweep(at(7'999'999), 1000));
  EXPECT_EQ(state("c1-rt", 7'999'999), "active");
  ASSERT_TRUE(store().sweep(at(8'000'000), 1000));
  EXPECT_EQ(state("c1-rt", 10), "absent");
  EXPECT_FALSE(store().find_session(sha256("cookie of s1")));
}

TEST_P(SweepContract, KeepsToItsBudget) {
  for (int i = 0; i < 25; ++i) {
    ASSERT_TRUE(*store().use_jti({sha256("jti " + std::to_string(i)), at(300)}, at(1)));
  }
  auto report = store().sweep(at(300), 10);
  ASSERT_TRUE(report);
  EXPECT_EQ(report->removed, 10);
  EXPECT_FALSE(report->finished);
  report = store().sweep(at(300), 100);
  EXPECT_EQ(report->removed, 15);
  EXPECT_TRUE(report->finished);
}

}  // namespace
}  // namespace oidcop::testing
