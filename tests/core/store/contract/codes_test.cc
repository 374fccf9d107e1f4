#include "core/store/contract/contract.h"

namespace oidcop::testing {
namespace {

OIDCOP_STORE_CONTRACT(CodeExchangeContract);

using store::ExchangeOutcome;

TEST_P(CodeExchangeContract, FirstUseYieldsTokensUnderTheCodesGrant) {
  begin_chain();
  auto exchange = a_code_exchange("c1");
  exchange.tokens.at(0).grant = model::GrantId("somebody else's");
  EXPECT_EQ(*store().commit(exchange), ExchangeOutcome::first);
  const auto code = token("c1");
  EXPECT_EQ(code.used, 1);
  EXPECT_EQ(code.used_at, at(2));
  const auto access = token("c1-at");
  EXPECT_EQ(access.grant.text(), "g1");
  EXPECT_EQ(access.based_on, sha256("c1"));
  EXPECT_EQ(access.expires_at, at(3600));
  EXPECT_EQ(token("c1-rt").authentication, "client_secret_basic");
  EXPECT_EQ(state("c1-at", 10), "active");
  EXPECT_EQ(state("c1-rt", 10), "active");
}

TEST_P(CodeExchangeContract, ScopeNeverExceedsTheGrants) {
  begin_chain();
  auto exchange = a_code_exchange("c1");
  exchange.tokens.at(0).scope = model::ScopeSet({"openid", "admin"});
  ASSERT_EQ(*store().commit(exchange), ExchangeOutcome::first);
  EXPECT_EQ(token("c1-at").scope.text(), "openid");
}

// Reference defect B29: reuse did not revoke.
TEST_P(CodeExchangeContract, SecondUseRevokesAllThatCameOfIt) {
  begin_tokens();
  auto again = a_code_exchange("c1");
  again.tokens = {an_access_token("stolen")};
  EXPECT_EQ(*store().commit(again), ExchangeOutcome::replay);
  EXPECT_EQ(state("c1-at", 10), "revoked");
  EXPECT_EQ(state("c1-rt", 10), "revoked");
  EXPECT_EQ(state("stolen", 10), "absent");
  EXPECT_EQ(*store().commit(again), ExchangeOutcome::replay);  // and stays one
}

TEST_P(CodeExchangeContract, ReplayReachesWhatWasRefreshedMeanwhile) {
  begin_tokens();
  ASSERT_EQ(*store().commit(a_refresh("c1-rt", "n1", 10)), store::RefreshOutcome::rotated);
  ASSERT_EQ(*store().commit(a_refresh("n1-rt", "n2", 20)), store::RefreshOutcome::rotated);
  auto again = a_code_exchange("c1");
  again.now = at(30000);  // long expired, yet known
  EXPECT_EQ(*store().commit(again), ExchangeOutcome::replay);
  EXPECT_EQ(state("n2-at", 30), "revoked");
  EXPECT_EQ(state("n2-rt", 30), "revoked");
}

TEST_P(CodeExchangeContract, AnotherClientFindsNothingAndBurnsNothing) {
  begin_chain();
  put_client("thief");
  auto foreign = a_code_exchange("c1");
  foreign.client = model::ClientId("thief");
  EXPECT_EQ(*store().commit(foreign), ExchangeOutcome::not_found);
  EXPECT_EQ(*store().commit(a_code_exchange("c1")), ExchangeOutcome::first);
  EXPECT_EQ(*store().commit(foreign), ExchangeOutcome::not_found);  // no replay either: nothing is revoked
  EXPECT_EQ(state("c1-at", 10), "active");
}

TEST_P(CodeExchangeContract, UnknownExpiredAndRevokedAreNotFound) {
  begin_chain();
  EXPECT_EQ(*store().commit(a_code_exchange("guess")), ExchangeOutcome::not_found);
  auto late = a_code_exchange("c1");
  late.now = at(60);
  EXPECT_EQ(*store().commit(late), ExchangeOutcome::not_found);
  EXPECT_EQ(token("c1").used, 0);
  ASSERT_TRUE(store().revoke_token(sha256("c1"), at(2)));
  EXPECT_EQ(*store().commit(a_code_exchange("c1")), ExchangeOutcome::not_found);
}

TEST_P(CodeExchangeContract, CodeDiesWithItsSession) {
  begin_chain();
  ASSERT_TRUE(store().end_session(model::SessionId("s1"), at(2)));
  EXPECT_EQ(*store().commit(a_code_exchange("c1")), ExchangeOutcome::not_found);
}

TEST_P(CodeExchangeContract, OtherTokensAreNoCodes) {
  begin_tokens();
  EXPECT_EQ(*store().commit(a_code_exchange("c1-at")), ExchangeOutcome::not_found);
  EXPECT_EQ(*store().commit(a_code_exchange("c1-rt")), ExchangeOutcome::not_found);
  EXPECT_EQ(state("c1-at", 10), "active");
}

TEST_P(CodeExchangeContract, SeenJtiStopsEverything) {
  begin_chain();
  const store::UsedJti jti{sha256("app jti"), at(300)};
  ASSERT_TRUE(*store().use_jti(jti, at(1)));
  auto exchange = a_code_exchange("c1");
  exchange.jti = jti;
  EXPECT_EQ(*store().commit(exchange), ExchangeOutcome::jti_seen);
  EXPECT_EQ(token("c1").used, 0);
  EXPECT_EQ(state("c1-at", 2), "absent");
}

TEST_P(CodeExchangeContract, JtiIsTakenWhateverBecomesOfTheCode) {
  begin_chain();
  auto exchange = a_code_exchange("guess");
  exchange.jti = store::UsedJti{sha256("app jti"), at(300)};
  EXPECT_EQ(*store().commit(exchange), ExchangeOutcome::not_found);
  EXPECT_EQ(*store().commit(exchange), ExchangeOutcome::jti_seen);
}

TEST_P(CodeExchangeContract, FailedExchangeBurnsNothing) {
  begin_tokens();
  authorize(an_authorization("s1", "g2", "c2"));
  auto exchange = a_code_exchange("c2");
  exchange.tokens.at(1).digest = sha256("c1-rt");  // taken
  const auto outcome = store().commit(exchange);
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, Errc::conflict);
  EXPECT_EQ(*store().commit(a_code_exchange("c2")), ExchangeOutcome::first);
}

}  // namespace
}  // namespace oidcop::testing
