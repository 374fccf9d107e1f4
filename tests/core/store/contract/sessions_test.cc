#include "core/store/contract/contract.h"

namespace oidcop::testing {
namespace {

OIDCOP_STORE_CONTRACT(SessionStoreContract);

using store::AuthorizeOutcome;
using store::SignIn;

TEST_P(SessionStoreContract, FindsTheSessionOfACookieWithItsUser) {
  put_user("alice");
  sign_in("s1", "alice");
  const auto live = store().find_session(sha256("cookie of s1"));
  ASSERT_TRUE(live) << live.error().detail;
  EXPECT_EQ(live->session.id.text(), "s1");
  EXPECT_EQ(live->session.user, a_user("alice").id);
  EXPECT_EQ(live->session.authentication.amr, std::vector<std::string>{"pwd"});
  EXPECT_EQ(live->session.authentication.interaction.text(), "interaction");
  EXPECT_EQ(live->session.expires_at, at(36000));
  EXPECT_EQ(live->user.username, "alice");
  EXPECT_EQ(store().find_session(sha256("cookie of s2")).error().code, Errc::not_found);
}

TEST_P(SessionStoreContract, SignInOfSomebodyUnknownIsAConflict) {
  EXPECT_EQ(store().commit(SignIn{a_session("s1", "alice"), {}, {}, {}}).error().code, Errc::conflict);
}

/// A sign-in of alice with a password that was verified against `hash`.
SignIn verified_against(const std::string& hash, const std::string& session = "s1") {
  SignIn command{a_session(session, "alice"), {}, {}, {}};
  command.verified_hash = hash;
  return command;
}

TEST_P(SessionStoreContract, SignInCountsOnlyForThePasswordThatStands) {
  put_user("alice");
  const auto alice = a_user("alice");
  ASSERT_TRUE(store().set_password(alice.id, "$y$new", at(0)));
  EXPECT_EQ(store().commit(verified_against(alice.password_hash)).error().code, Errc::conflict);
  EXPECT_EQ(store().find_session(sha256("cookie of s1")).error().code, Errc::not_found);
  EXPECT_TRUE(store().commit(verified_against("$y$new")));
}

TEST_P(SessionStoreContract, SignInWithAnOldPasswordRenewsNothingAndRefundsNothing) {
  begin_chain();
  const store::ThrottleBucket bucket{sha256("account"), 1, Seconds(100)};
  ASSERT_EQ(*store().reserve_attempt({bucket}, at(0)), std::nullopt);
  ASSERT_TRUE(store().replace_password_hash(a_user("alice").id, a_user("alice").password_hash, "$y$new"));
  auto command = verified_against(a_user("alice").password_hash, "s2");
  command.replaces = model::SessionId("s1");
  command.refunds = {bucket};
  command.known_device = store::KnownDevice{sha256("device"), at(1000)};
  EXPECT_EQ(store().commit(command).error().code, Errc::conflict);
  EXPECT_TRUE(store().find_session(sha256("cookie of s1"))) << "the old cookie is still the one";
  EXPECT_EQ(store().is_known_device(sha256("device"), at(1)), false);
  EXPECT_NE(*store().reserve_attempt({bucket}, at(1)), std::nullopt) << "the attempt stays counted";
}

TEST_P(SessionStoreContract, SignInOfSomebodyDisabledOrDeletedMeanwhileIsAConflict) {
  put_user("alice");
  auto alice = a_user("alice");
  alice.enabled = false;
  ASSERT_TRUE(store().put_user(alice, store::IfExists::replace));
  EXPECT_EQ(store().commit(verified_against(alice.password_hash)).error().code, Errc::conflict);
  ASSERT_TRUE(store().delete_user(alice.id));
  EXPECT_EQ(store().commit(verified_against(alice.password_hash)).error().code, Errc::conflict);
}

TEST_P(SessionStoreContract, SamePersonKeepsTheSessionUnderANewCookie) {
  begin_chain();
  auto next = a_session("s2", "alice");
  next.created_at = at(100);
  next.authentication.time = at(100);
  next.authentication.acr = "urn:example:strong";
  next.idle_expires_at = at(1900);
  next.expires_at = at(99999);
  const auto id = store().commit(SignIn{next, model::SessionId("s1"), {}, {}});
  ASSERT_TRUE(id) << id.error().detail;
  EXPECT_EQ(id->text(), "s1");
  EXPECT_FALSE(store().find_session(sha256("cookie of s1")));  // the old cookie is worth nothing
  const auto live = store().find_session(sha256("cookie of s2"));
  ASSERT_TRUE(live);
  EXPECT_EQ(live->session.created_at, at(0));
  EXPECT_EQ(live->session.expires_at, at(36000));  // the absolute end never moves
  EXPECT_EQ(live->session.idle_expires_at, at(1900));
  EXPECT_EQ(live->session.authentication.acr, "urn:example:strong");
  EXPECT_EQ(state("c1", 10), "active");
}

TEST_P(SessionStoreContract, AnotherPersonEndsTheSessionThatWasThere) {
  begin_tokens();
  put_user("bob");
  const auto id = store().commit(SignIn{a_session("s2", "bob"), model::SessionId("s1"), {}, {}});
  ASSERT_TRUE(id);
  EXPECT_EQ(id->text(), "s2");
  EXPECT_FALSE(store().find_session(sha256("cookie of s1"))->session.is_active(at(1)));
  EXPECT_EQ(state("c1-at", 10), "revoked");
}

TEST_P(SessionStoreContract, SessionThatIsOverIsNotTakenUpAgain) {
  begin_chain();
  auto next = a_session("s2", "alice");
  next.created_at = at(1801);  // idle too long
  const auto id = store().commit(SignIn{next, model::SessionId("s1"), {}, {}});
  ASSERT_TRUE(id);
  EXPECT_EQ(id->text(), "s2");
}

TEST_P(SessionStoreContract, SessionThatIsGoneIsNoObstacle) {
  put_user("alice");
  const auto id = store().commit(SignIn{a_session("s2", "alice"), model::SessionId("swept"), {}, {}});
  ASSERT_TRUE(id);
  EXPECT_EQ(id->text(), "s2");
}

TEST_P(SessionStoreContract, ACookieCannotBeTakenTwice) {
  put_user("alice");
  sign_in("s1", "alice");
  auto second = a_session("s2", "alice");
  second.cookie = sha256("cookie of s1");
  EXPECT_EQ(store().commit(SignIn{second, {}, {}, {}}).error().code, Errc::conflict);
}

TEST_P(SessionStoreContract, AuthorizationMakesTheWholeChain) {
  begin_chain();
  const auto code = store().find_token(sha256("c1"));
  ASSERT_TRUE(code) << code.error().detail;
  EXPECT_EQ(code->token.token_class, model::TokenClass::authorization_code);
  EXPECT_EQ(code->token.max_usage, 1);
  EXPECT_EQ(code->token.used, 0);
  EXPECT_EQ(code->token.scope.text(), "openid profile email");
  EXPECT_EQ(code->grant.id.text(), "g1");
  EXPECT_EQ(code->grant.authorization_request.text("nonce"), "n-0S6_WzA2Mj");
  EXPECT_EQ(code->grant.authentication.acr, "urn:example:password");
  EXPECT_EQ(code->client_session.client.text(), "app");
  EXPECT_EQ(code->client_session.user_session.text(), "s1");
  EXPECT_EQ(code->client_session.subject, "sub-of-client session of g1");
  EXPECT_EQ(code->user.username, "alice");
  EXPECT_TRUE(code->client_enabled);
  EXPECT_FALSE(code->user_session_ended_at);
  EXPECT_EQ(store().find_session(sha256("cookie of s1"))->session.idle_expires_at, at(1801));
}

TEST_P(SessionStoreContract, IdleEndMovesWithUseInStepsAndIsNeverLaterThanAskedFor) {
  begin_chain();
  int number = 2;
  const auto idle_end_after = [&](std::int64_t now, std::int64_t lifetime) {
    auto command = an_authorization("s1", "g" + std::to_string(number), "c" + std::to_string(number));
    ++number;
    command.now = at(now);
    command.idle_expires_at = at(now + lifetime);
    authorize(command);
    return store().find_session(sha256("cookie of s1"))->session.idle_expires_at;
  };
  EXPECT_EQ(idle_end_after(31, 1800), at(1801)) << "a sixtieth of the lifetime is not worth a write";
  EXPECT_EQ(idle_end_after(32, 1800), at(1832));
  EXPECT_EQ(idle_end_after(33, 600), at(633)) << "a shorter lifetime holds at once";
  EXPECT_EQ(idle_end_after(34, 28800), at(28834));
  EXPECT_EQ(idle_end_after(94, 28800), at(28834));
  EXPECT_EQ(idle_end_after(95, 28800), at(28895)) << "however long the lifetime, no more than a minute";
  EXPECT_EQ(idle_end_after(96, 30), at(126));
  EXPECT_EQ(idle_end_after(97, 30), at(127)) << "a short one is kept to the second";
}

TEST_P(SessionStoreContract, SessionStaysAsLongAsTheGrantThatEndsLast) {
  begin_chain();
  for (int i = 2; i < 80; ++i) {  // each ends a second later than the one before
    auto command = an_authorization("s1", "g" + std::to_string(i), "c" + std::to_string(i));
    command.grant.expires_at = at(43200 + i);
    authorize(command);
    const auto findings = store().check();
    ASSERT_TRUE(findings && findings->empty()) << i;
  }
}

TEST_P(SessionStoreContract, SecondAuthorizationUsesTheClientSessionThatStands) {
  begin_chain();
  authorize(an_authorization("s1", "g2", "c2"));
  const auto first = store().find_token(sha256("c1"));
  const auto second = store().find_token(sha256("c2"));
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->client_session.id, second->client_session.id);
  EXPECT_EQ(second->client_session.sid, "sid-of-client session of g1");
  EXPECT_NE(first->grant.id, second->grant.id);
}

TEST_P(SessionStoreContract, TellsTheClientSessionThatStands) {
  put_user("alice");
  put_client("app");
  sign_in("s1", "alice");
  const model::SessionId session("s1");
  const model::ClientId app("app");
  EXPECT_EQ(store().find_client_session(session, app).error().code, Errc::not_found);
  authorize(an_authorization("s1", "g1", "c1"));
  const auto standing = store().find_client_session(session, app);
  ASSERT_TRUE(standing) << standing.error().detail;
  EXPECT_EQ(standing->sid, "sid-of-client session of g1");
  EXPECT_EQ(store().find_client_session(session, model::ClientId("other")).error().code, Errc::not_found);
  ASSERT_TRUE(store().end_session(session, at(2)));
  EXPECT_EQ(store().find_client_session(session, app).error().code, Errc::not_found);
}

TEST_P(SessionStoreContract, NothingIsWrittenWhenAnotherClientSessionStandsThanWasTold) {
  begin_chain();
  auto command = an_authorization("s1", "g2", "c2");
  command.client_session_is_told = true;
  EXPECT_EQ(*store().commit(command), AuthorizeOutcome::other_client_session);
  EXPECT_EQ(state("c2", 1), "absent");
  command.client_session = *store().find_client_session(model::SessionId("s1"), model::ClientId("app"));
  EXPECT_EQ(*store().commit(command), AuthorizeOutcome::issued);
  EXPECT_EQ(token("c2").grant.text(), "g2");
}

TEST_P(SessionStoreContract, TokensHangOnTheirGrantWhateverTheySay) {
  begin_chain();
  auto command = an_authorization("s1", "g2", "c2");
  command.tokens.at(0).grant = model::GrantId("g1");
  authorize(command);
  EXPECT_EQ(token("c2").grant.text(), "g2");
}

TEST_P(SessionStoreContract, NothingIsIssuedUnderASessionThatIsOver) {
  put_user("alice");
  put_client("app");
  sign_in("s1", "alice");
  auto late = an_authorization("s1", "g1", "c1");
  late.now = at(1800);
  EXPECT_EQ(*store().commit(late), AuthorizeOutcome::session_ended);
  EXPECT_EQ(*store().commit(an_authorization("unknown", "g1", "c1")), AuthorizeOutcome::session_ended);
  ASSERT_TRUE(store().end_session(model::SessionId("s1"), at(1)));
  EXPECT_EQ(*store().commit(an_authorization("s1", "g1", "c1")), AuthorizeOutcome::session_ended);
  EXPECT_EQ(state("c1", 1), "absent");
}

TEST_P(SessionStoreContract, NothingIsIssuedToAClientThatIsGoneOrDisabled) {
  put_user("alice");
  sign_in("s1", "alice");
  EXPECT_EQ(store().commit(an_authorization("s1", "g1", "c1")).error().code, Errc::conflict);
  auto client = a_client("app");
  client.enabled = false;
  ASSERT_TRUE(store().put_client(client, store::IfExists::refuse));
  EXPECT_EQ(store().commit(an_authorization("s1", "g1", "c1")).error().code, Errc::conflict);
}

TEST_P(SessionStoreContract, FailedAuthorizationLeavesNothing) {
  begin_chain();
  auto command = an_authorization("s1", "g2", "c1");  // the code's digest is taken
  command.consent = model::Consent{a_user("alice").id, model::ClientId("app"), {}, {}, at(1), at(1000)};
  command.idle_expires_at = at(9999);
  EXPECT_EQ(store().commit(command).error().code, Errc::conflict);
  EXPECT_EQ(store().revoke_grant(model::GrantId("g2"), at(2)).error().code, Errc::not_found);
  EXPECT_FALSE(store().find_consent(a_user("alice").id, model::ClientId("app"), at(2)));
  EXPECT_EQ(store().find_session(sha256("cookie of s1"))->session.idle_expires_at, at(1801));
}

TEST_P(SessionStoreContract, EndingASessionRevokesAllButOfflineGrants) {
  begin_tokens();
  auto offline = an_authorization("s1", "g2", "c2");
  offline.grant.offline = true;
  authorize(offline);
  ASSERT_EQ(*store().commit(a_code_exchange("c2")), store::ExchangeOutcome::first);
  ASSERT_TRUE(store().end_session(model::SessionId("s1"), at(10)));
  EXPECT_EQ(state("c1-at", 10), "revoked");
  EXPECT_EQ(state("c1-rt", 10), "revoked");
  EXPECT_EQ(state("c2-rt", 10), "active");
  EXPECT_EQ(*store().commit(a_refresh("c2-rt", "n", 11)), store::RefreshOutcome::rotated);
}

TEST_P(SessionStoreContract, EndingTwiceKeepsTheFirstMoment) {
  put_user("alice");
  sign_in("s1", "alice");
  ASSERT_TRUE(store().end_session(model::SessionId("s1"), at(10)));
  ASSERT_TRUE(store().end_session(model::SessionId("s1"), at(20)));
  EXPECT_EQ(store().find_session(sha256("cookie of s1"))->session.ended_at, at(10));
  EXPECT_EQ(store().end_session(model::SessionId("s9"), at(10)).error().code, Errc::not_found);
}

TEST_P(SessionStoreContract, ListsTheClientSessionsOfASessionWhateverTheirState) {
  begin_chain();
  const auto before = store().list_client_sessions(model::SessionId("s1"));
  ASSERT_TRUE(before) << before.error().detail;
  ASSERT_EQ(before->size(), 1U);
  EXPECT_EQ(before->front().client, model::ClientId("app"));
  EXPECT_FALSE(before->front().ended_at);
  ASSERT_TRUE(store().end_session(model::SessionId("s1"), at(10)));
  EXPECT_EQ(store().list_client_sessions(model::SessionId("s1"))->front().ended_at, at(10));
  EXPECT_TRUE(store().list_client_sessions(model::SessionId("s9"))->empty());
}

TEST_P(SessionStoreContract, RevokingAGrantRevokesAllBelowAndNothingElse) {
  begin_tokens();
  authorize(an_authorization("s1", "g2", "c2"));
  ASSERT_TRUE(store().revoke_grant(model::GrantId("g1"), at(10)));
  EXPECT_EQ(store().find_token(sha256("c1"))->grant.revoked_at, at(10));
  EXPECT_EQ(state("c1", 10), "revoked");
  EXPECT_EQ(state("c1-at", 10), "revoked");
  EXPECT_EQ(state("c1-rt", 10), "revoked");
  EXPECT_EQ(state("c2", 10), "active");
  EXPECT_EQ(store().revoke_grant(model::GrantId("g9"), at(10)).error().code, Errc::not_found);
}

TEST_P(SessionStoreContract, ConsentIsRememberedUntilItsEnd) {
  put_user("alice");
  put_client("app");
  sign_in("s1", "alice");
  const auto alice = a_user("alice").id;
  const model::ClientId app("app");
  EXPECT_EQ(store().find_consent(alice, app, at(1)).error().code, Errc::not_found);
  auto command = an_authorization("s1", "g1", "c1");
  command.consent =
      model::Consent{alice, app, model::ScopeSet({"openid", "email"}), {"birthdate"}, at(1), at(100)};
  authorize(command);
  const auto consent = store().find_consent(alice, app, at(99));
  ASSERT_TRUE(consent) << consent.error().detail;
  EXPECT_EQ(consent->scope.text(), "openid email");
  EXPECT_EQ(consent->claims, std::vector<std::string>{"birthdate"});
  EXPECT_EQ(consent->granted_at, at(1));
  EXPECT_EQ(store().find_consent(alice, app, at(100)).error().code, Errc::not_found);
  EXPECT_FALSE(store().find_consent(alice, model::ClientId("other"), at(2)));
}

TEST_P(SessionStoreContract, NewConsentReplacesTheOld) {
  begin_chain();
  for (const std::string scope : {"email", "profile"}) {
    auto command = an_authorization("s1", "g-" + scope, "c-" + scope);
    command.consent = model::Consent{
        a_user("alice").id, model::ClientId("app"), model::ScopeSet({scope}), {}, at(1), at(100)};
    authorize(command);
  }
  EXPECT_EQ(store().find_consent(a_user("alice").id, model::ClientId("app"), at(2))->scope.text(), "profile");
}

TEST_P(SessionStoreContract, MintedChainIsLikeAnyOther) {
  put_user("alice");
  put_client("app");
  auto command = an_authorization("", "g1", "c1");
  command.tokens = {an_access_token("at"), a_refresh_token("rt")};
  const auto done = store().record_minted(a_session("s1", "alice"), command);
  ASSERT_TRUE(done) << done.error().detail;
  EXPECT_EQ(state("at", 10), "active");
  EXPECT_EQ(*store().commit(a_refresh("rt", "n", 10)), store::RefreshOutcome::rotated);
  ASSERT_TRUE(store().end_session(model::SessionId("s1"), at(20)));
  EXPECT_EQ(state("n-at", 20), "revoked");
}

TEST_P(SessionStoreContract, MintingTwiceIsAConflictAndLeavesNothing) {
  put_user("alice");
  put_client("app");
  sign_in("s1", "alice");
  EXPECT_EQ(store().record_minted(a_session("s1", "alice"), an_authorization("", "g1", "c1")).error().code,
            Errc::conflict);
  auto over = a_session("s2", "alice");
  over.expires_at = at(0);
  EXPECT_EQ(store().record_minted(over, an_authorization("", "g1", "c1")).error().code, Errc::conflict);
  EXPECT_FALSE(store().find_session(over.cookie));
}

}  // namespace
}  // namespace oidcop::testing
