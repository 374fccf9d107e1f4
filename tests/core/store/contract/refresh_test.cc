#include "core/store/contract/contract.h"

namespace oidcop::testing {
namespace {

OIDCOP_STORE_CONTRACT(RefreshExchangeContract);

using store::RefreshExchange;
using store::RefreshOutcome;

RefreshExchange with_grace(RefreshExchange command) {
  command.grace = Seconds(30);
  return command;
}

TEST_P(RefreshExchangeContract, FirstUseRotates) {
  begin_tokens();
  EXPECT_EQ(*store().commit(a_refresh("c1-rt", "n1", 10)), RefreshOutcome::rotated);
  EXPECT_EQ(token("c1-rt").used, 1);
  EXPECT_EQ(token("n1-rt").based_on, sha256("c1-rt"));
  EXPECT_EQ(token("n1-rt").grant.text(), "g1");
  EXPECT_EQ(state("n1-at", 20), "active");
  EXPECT_EQ(state("c1-at", 20), "active");  // the earlier access token lives on
  EXPECT_EQ(*store().commit(a_refresh("n1-rt", "n2", 20)), RefreshOutcome::rotated);
}

// Reference defect B29: reuse did not revoke the family.
TEST_P(RefreshExchangeContract, ReuseRevokesTheFamily) {
  begin_tokens();
  ASSERT_EQ(*store().commit(a_refresh("c1-rt", "n1", 10)), RefreshOutcome::rotated);
  EXPECT_EQ(*store().commit(a_refresh("c1-rt", "x", 10)), RefreshOutcome::reuse);
  for (const std::string name : {"c1-at", "n1-at", "n1-rt"}) EXPECT_EQ(state(name, 10), "revoked") << name;
  EXPECT_EQ(state("x-rt", 10), "absent");
  EXPECT_EQ(*store().commit(a_refresh("c1-rt", "x", 10)), RefreshOutcome::reuse);
  EXPECT_EQ(*store().commit(a_refresh("n1-rt", "x", 10)), RefreshOutcome::not_found);
}

TEST_P(RefreshExchangeContract, ReuseIsKnownEvenAfterTheTokensOwnEnd) {
  begin_tokens();
  ASSERT_EQ(*store().commit(a_refresh("c1-rt", "n1", 10)), RefreshOutcome::rotated);
  EXPECT_EQ(*store().commit(a_refresh("c1-rt", "x", 41000)), RefreshOutcome::reuse);
  EXPECT_EQ(state("n1-rt", 11), "revoked");
}

TEST_P(RefreshExchangeContract, LostReplyGetsASiblingWithinTheGrace) {
  begin_tokens();
  ASSERT_EQ(*store().commit(with_grace(a_refresh("c1-rt", "n1", 10))), RefreshOutcome::rotated);
  EXPECT_EQ(*store().commit(with_grace(a_refresh("c1-rt", "n2", 39))), RefreshOutcome::sibling);
  EXPECT_EQ(state("n1-rt", 39), "active");
  EXPECT_EQ(state("n2-rt", 39), "active");
  EXPECT_EQ(token("n2-rt").based_on, sha256("c1-rt"));
  EXPECT_EQ(token("c1-rt").used_at, at(10));  // the grace counts from the first use
}

TEST_P(RefreshExchangeContract, GraceEndsAtItsVerySecond) {
  begin_tokens();
  ASSERT_EQ(*store().commit(with_grace(a_refresh("c1-rt", "n1", 10))), RefreshOutcome::rotated);
  EXPECT_EQ(*store().commit(with_grace(a_refresh("c1-rt", "n2", 40))), RefreshOutcome::reuse);
  EXPECT_EQ(state("n1-rt", 40), "revoked");
}

TEST_P(RefreshExchangeContract, SiblingsAreCounted) {
  begin_tokens();
  ASSERT_EQ(*store().commit(with_grace(a_refresh("c1-rt", "n1", 10))), RefreshOutcome::rotated);
  EXPECT_EQ(*store().commit(with_grace(a_refresh("c1-rt", "n2", 11))), RefreshOutcome::sibling);
  EXPECT_EQ(*store().commit(with_grace(a_refresh("c1-rt", "n3", 12))), RefreshOutcome::sibling);
  EXPECT_EQ(*store().commit(with_grace(a_refresh("c1-rt", "n4", 13))), RefreshOutcome::reuse);
}

TEST_P(RefreshExchangeContract, NoSiblingsWhenNoneAreAllowed) {
  begin_tokens();
  ASSERT_EQ(*store().commit(with_grace(a_refresh("c1-rt", "n1", 10))), RefreshOutcome::rotated);
  auto again = with_grace(a_refresh("c1-rt", "n2", 11));
  again.max_siblings = 0;
  EXPECT_EQ(*store().commit(again), RefreshOutcome::reuse);
}

TEST_P(RefreshExchangeContract, UseOfAnySuccessorEndsTheGrace) {
  begin_tokens();
  ASSERT_EQ(*store().commit(with_grace(a_refresh("c1-rt", "n1", 10))), RefreshOutcome::rotated);
  ASSERT_EQ(*store().commit(with_grace(a_refresh("c1-rt", "n2", 11))), RefreshOutcome::sibling);
  ASSERT_EQ(*store().commit(with_grace(a_refresh("n2-rt", "m", 12))), RefreshOutcome::rotated);
  EXPECT_EQ(*store().commit(with_grace(a_refresh("c1-rt", "x", 13))), RefreshOutcome::reuse);
  EXPECT_EQ(state("m-rt", 13), "revoked");
}

TEST_P(RefreshExchangeContract, SuccessorThatDoesNotRotateEndsTheGraceToo) {
  begin_tokens();
  ASSERT_EQ(*store().commit(with_grace(a_refresh("c1-rt", "n1", 10))), RefreshOutcome::rotated);
  auto unrotated = with_grace(a_refresh("n1-rt", "m", 11));
  unrotated.rotate = false;
  unrotated.tokens.pop_back();
  ASSERT_EQ(*store().commit(unrotated), RefreshOutcome::unrotated);
  EXPECT_EQ(*store().commit(with_grace(a_refresh("c1-rt", "x", 12))), RefreshOutcome::reuse);
}

TEST_P(RefreshExchangeContract, SiblingMustAuthenticateTheSameWay) {
  begin_tokens();
  ASSERT_EQ(*store().commit(with_grace(a_refresh("c1-rt", "n1", 10))), RefreshOutcome::rotated);
  auto other = with_grace(a_refresh("c1-rt", "x", 11));
  other.authentication = "none";
  EXPECT_EQ(*store().commit(other), RefreshOutcome::reuse);
}

/// Both tokens of the command ask for that scope.
RefreshExchange with_scope(const std::string& scope, RefreshExchange command) {
  for (auto& token : command.tokens) token.scope = *model::ScopeSet::parse(scope);
  return command;
}

TEST_P(RefreshExchangeContract, NarrowingIsOfTheAccessTokenAndNotOfTheSuccessor) {
  begin_tokens();
  ASSERT_EQ(*store().commit(with_scope("openid", a_refresh("c1-rt", "n1", 10))), RefreshOutcome::rotated);
  EXPECT_EQ(token("n1-at").scope.text(), "openid");
  EXPECT_EQ(token("n1-rt").scope.text(), "openid profile email");
  EXPECT_EQ(token("c1-rt").scope.text(), "openid profile email");
  EXPECT_EQ(token("c1-rt").exchanged_scope->text(), "openid");
  ASSERT_EQ(*store().commit(a_refresh("n1-rt", "n2", 11)), RefreshOutcome::rotated);
  EXPECT_EQ(token("n2-at").scope.text(), "openid profile email");
}

TEST_P(RefreshExchangeContract, NarrowedScopeLastsForSiblings) {
  begin_tokens();
  const auto command = [](const std::string& scope, const std::string& next) {
    return with_scope(scope, with_grace(a_refresh("c1-rt", next, 11)));
  };
  ASSERT_EQ(*store().commit(command("openid email", "n1")), RefreshOutcome::rotated);
  EXPECT_EQ(*store().commit(command("openid profile", "wide")), RefreshOutcome::too_wide);
  EXPECT_EQ(state("wide-at", 11), "absent");
  EXPECT_EQ(state("wide-rt", 11), "absent");
  EXPECT_EQ(token("c1-rt").used, 1);  // it was no try
  ASSERT_EQ(*store().commit(command("email", "n2")), RefreshOutcome::sibling);
  EXPECT_EQ(token("n2-at").scope.text(), "email");
  EXPECT_EQ(token("n2-rt").scope.text(), "openid profile email");
  ASSERT_EQ(*store().commit(command("openid email", "n3")), RefreshOutcome::sibling);  // the first one counts
  EXPECT_EQ(*store().commit(command("openid profile", "n4")), RefreshOutcome::reuse);
}

TEST_P(RefreshExchangeContract, TooWideTakesTheJtiAllTheSame) {
  begin_tokens();
  ASSERT_EQ(*store().commit(with_scope("openid", with_grace(a_refresh("c1-rt", "n1", 10)))),
            RefreshOutcome::rotated);
  auto wide = with_grace(a_refresh("c1-rt", "n2", 11));
  wide.jti = store::UsedJti{sha256("app jti"), at(300)};
  ASSERT_EQ(*store().commit(wide), RefreshOutcome::too_wide);
  EXPECT_FALSE(*store().use_jti(*wide.jti, at(12)));
}

TEST_P(RefreshExchangeContract, ScopeNeverGrows) {
  begin_tokens();
  auto wide = a_refresh("c1-rt", "n1", 10);
  for (auto& token : wide.tokens) token.scope = model::ScopeSet({"openid", "admin"});
  ASSERT_EQ(*store().commit(wide), RefreshOutcome::rotated);
  EXPECT_EQ(token("n1-at").scope.text(), "openid");
}

TEST_P(RefreshExchangeContract, WithoutRotationTheTokenStays) {
  begin_tokens();
  for (const std::string next : {"n1", "n2", "n3"}) {
    auto command = a_refresh("c1-rt", next, 10);
    command.rotate = false;
    command.tokens.pop_back();
    EXPECT_EQ(*store().commit(command), RefreshOutcome::unrotated);
  }
  EXPECT_EQ(token("c1-rt").used, 0);
  EXPECT_EQ(state("n3-at", 10), "active");
}

TEST_P(RefreshExchangeContract, TurningRotationOffDoesNotReviveWhatWasRotated) {
  begin_tokens();
  ASSERT_EQ(*store().commit(a_refresh("c1-rt", "n1", 10)), RefreshOutcome::rotated);
  auto command = a_refresh("c1-rt", "x", 11);
  command.rotate = false;
  EXPECT_EQ(*store().commit(command), RefreshOutcome::reuse);
}

TEST_P(RefreshExchangeContract, AnotherClientFindsNothingAndBurnsNothing) {
  begin_tokens();
  put_client("thief");
  auto foreign = a_refresh("c1-rt", "x", 10);
  foreign.client = model::ClientId("thief");
  EXPECT_EQ(*store().commit(foreign), RefreshOutcome::not_found);
  EXPECT_EQ(*store().commit(a_refresh("c1-rt", "n1", 10)), RefreshOutcome::rotated);
  EXPECT_EQ(*store().commit(foreign), RefreshOutcome::not_found);
  EXPECT_EQ(state("n1-rt", 10), "active");
}

TEST_P(RefreshExchangeContract, UnknownExpiredAndRevokedAreNotFound) {
  begin_tokens();
  EXPECT_EQ(*store().commit(a_refresh("guess", "x", 10)), RefreshOutcome::not_found);
  EXPECT_EQ(*store().commit(a_refresh("c1-at", "x", 10)), RefreshOutcome::not_found);
  EXPECT_EQ(*store().commit(a_refresh("c1-rt", "x", 40000)), RefreshOutcome::not_found);
  ASSERT_TRUE(store().revoke_token(sha256("c1-rt"), at(10)));
  EXPECT_EQ(*store().commit(a_refresh("c1-rt", "x", 11)), RefreshOutcome::not_found);
  EXPECT_EQ(state("c1-at", 11), "active");  // none of this was a reuse
}

TEST_P(RefreshExchangeContract, GrantsEndIsTheEndOfAll) {
  begin_chain();
  auto exchange = a_code_exchange("c1");
  exchange.tokens.at(1).expires_at = at(99999);
  ASSERT_TRUE(store().commit(exchange));
  EXPECT_EQ(*store().commit(a_refresh("c1-rt", "x", 43200)), RefreshOutcome::not_found);
}

TEST_P(RefreshExchangeContract, RevokedFamilyGetsNoSibling) {
  begin_tokens();
  ASSERT_EQ(*store().commit(with_grace(a_refresh("c1-rt", "n1", 10))), RefreshOutcome::rotated);
  ASSERT_TRUE(store().revoke_grant(model::GrantId("g1"), at(11)));
  EXPECT_EQ(*store().commit(with_grace(a_refresh("c1-rt", "x", 12))), RefreshOutcome::not_found);
}

TEST_P(RefreshExchangeContract, SeenJtiStopsEverything) {
  begin_tokens();
  auto command = a_refresh("c1-rt", "n1", 10);
  command.jti = store::UsedJti{sha256("app jti"), at(300)};
  ASSERT_TRUE(*store().use_jti(*command.jti, at(1)));
  EXPECT_EQ(*store().commit(command), RefreshOutcome::jti_seen);
  EXPECT_EQ(token("c1-rt").used, 0);
}

}  // namespace
}  // namespace oidcop::testing
