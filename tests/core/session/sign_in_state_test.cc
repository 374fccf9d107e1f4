#include "session/sign_in_state.h"

#include "support/manual_clock.h"

#include <gtest/gtest.h>

namespace oidcop::session {
namespace {

using Reason = SignInReason;

constexpr const char* kPassword = "urn:example:password";
constexpr const char* kTwoFactors = "urn:example:two-factors";

/// Diana signed in ten minutes ago, in an interaction of that time.
class SignInStateTest : public ::testing::Test {
 protected:
  SignInStateTest() {
    live.user.username = "diana";
    live.user.claims.set("email", "Diana@example.org");
    live.session.created_at = clock.now() - Seconds(3600);
    live.session.idle_expires_at = clock.now() + Seconds(3600);
    live.session.expires_at = clock.now() + Seconds(7200);
    live.session.authentication.time = clock.now() - Seconds(600);
    live.session.authentication.acr = kPassword;
    live.session.authentication.interaction = model::InteractionId("earlier");
    question.session = &live;
    question.session_subject = "sub-of-diana";
    question.interaction = model::InteractionId("this");
    question.supported_acrs = {kPassword};
  }

  std::vector<Reason> reasons() const { return sign_in_state(question, clock.now()).reasons; }
  void sign_in_anew(const char* interaction = "this") {
    live.session.authentication.time = clock.now();
    live.session.authentication.interaction = model::InteractionId(interaction);
  }
  void prompt(const char* word) { question.prompt = *PromptSet::parse({word}); }

  using Reasons = std::vector<Reason>;
  testing::ManualClock clock;
  store::LiveSession live;
  SignInQuestion question;
};

TEST_F(SignInStateTest, LetsALiveSessionAnswer) {
  EXPECT_EQ(reasons(), Reasons{});
}

TEST_F(SignInStateTest, AsksWhoHasNoSession) {
  question.session = nullptr;
  EXPECT_EQ(reasons(), Reasons{Reason::no_session});
}

TEST_F(SignInStateTest, AsksWhenTheSessionEnded) {
  live.session.ended_at = clock.now() - Seconds(1);
  EXPECT_EQ(reasons(), Reasons{Reason::session_ended});
}

TEST_F(SignInStateTest, AsksWhenTheSessionWasIdleTooLong) {
  clock.tick(Seconds(3600));
  EXPECT_EQ(reasons(), Reasons{Reason::session_ended});
}

TEST_F(SignInStateTest, AsksWhenTheAccountIsDisabled) {
  live.user.enabled = false;
  EXPECT_EQ(reasons(), Reasons{Reason::user_disabled});
}

TEST_F(SignInStateTest, AsksWhenTheEventNoLongerCounts) {
  question.event_lifetime = Seconds(601);
  EXPECT_EQ(reasons(), Reasons{});
  clock.tick(Seconds(1));
  EXPECT_EQ(reasons(), Reasons{Reason::stale_event});
}

// prompt=login

TEST_F(SignInStateTest, PromptLoginIsNotMetByTheSessionThatWasThere) {
  prompt("login");
  EXPECT_EQ(reasons(), Reasons{Reason::prompt_login});
}

TEST_F(SignInStateTest, PromptLoginIsNotMetByALoginInAnotherTab) {
  prompt("login");
  sign_in_anew("another");
  EXPECT_EQ(reasons(), Reasons{Reason::prompt_login});
}

TEST_F(SignInStateTest, PromptLoginIsMetByItsOwnLogin) {
  prompt("login");
  sign_in_anew();
  EXPECT_EQ(reasons(), Reasons{});
}

TEST_F(SignInStateTest, TwoNamelessInteractionsAreNotTheSame) {
  prompt("login");
  question.interaction = model::InteractionId();
  live.session.authentication.interaction = model::InteractionId();
  EXPECT_EQ(reasons(), Reasons{Reason::prompt_login});
}

TEST_F(SignInStateTest, SelectAccountIsMetByItsOwnLoginOnly) {
  prompt("select_account");
  EXPECT_EQ(reasons(), Reasons{Reason::select_account});
  sign_in_anew();
  EXPECT_EQ(reasons(), Reasons{});
}

// max_age. Reference defects B34 (auth_time was the session's creation) and B35 (measured from the last
// cookie, zero ignored, default_max_age unused).

TEST_F(SignInStateTest, MaxAgeCountsFromTheAuthenticationNotFromLaterUse) {
  live.session.idle_expires_at = clock.now() + Seconds(28800);  // just renewed by use
  question.max_age = Seconds(599);
  EXPECT_EQ(reasons(), Reasons{Reason::max_age});
  question.max_age = Seconds(600);
  EXPECT_EQ(reasons(), Reasons{});
}

TEST_F(SignInStateTest, MaxAgeCountsFromTheAuthenticationNotFromTheSessionsCreation) {
  sign_in_anew("another");  // the session is an hour old, its event is new
  question.max_age = Seconds(60);
  EXPECT_EQ(reasons(), Reasons{});
}

TEST_F(SignInStateTest, MaxAgeZeroIsMetByNothingButItsOwnLogin) {
  question.max_age = Seconds(0);
  sign_in_anew("another");
  EXPECT_EQ(reasons(), Reasons{Reason::max_age});
  sign_in_anew();
  EXPECT_EQ(reasons(), Reasons{});
}

TEST_F(SignInStateTest, OwnLoginStaysGoodWhileThePersonReadsTheConsentPage) {
  question.max_age = Seconds(60);
  sign_in_anew();
  clock.tick(Seconds(300));
  EXPECT_EQ(reasons(), Reasons{});
}

TEST_F(SignInStateTest, ClockSetBackMakesNoEventOld) {
  question.max_age = Seconds(60);
  live.session.authentication.time = clock.now() + Seconds(300);
  EXPECT_EQ(reasons(), Reasons{});
}

TEST(EffectiveMaxAge, IsTheRequestsElseTheClients) {
  model::Client client;
  EXPECT_FALSE(effective_max_age(std::nullopt, client));
  client.default_max_age = Seconds(300);
  EXPECT_EQ(effective_max_age(std::nullopt, client), Seconds(300));
  EXPECT_EQ(effective_max_age(Seconds(0), client), Seconds(0));
}

// Who. Reference defect B33 (id_token_hint was ignored).

TEST_F(SignInStateTest, AsksWhenTheHintNamesSomebodyElse) {
  question.requested_subject = "sub-of-babs";
  EXPECT_EQ(reasons(), Reasons{Reason::other_user});
}

TEST_F(SignInStateTest, StillAsksWhenSomebodyElseSignedInThanTheHintNames) {
  question.requested_subject = "sub-of-babs";
  sign_in_anew();
  EXPECT_EQ(reasons(), Reasons{Reason::other_user});
}

TEST_F(SignInStateTest, HintThatNamesTheSessionsUserIsMet) {
  question.requested_subject = "sub-of-diana";
  EXPECT_EQ(reasons(), Reasons{});
}

TEST_F(SignInStateTest, LoginHintMatchesNameAddressAndSubject) {
  for (const auto* hint : {"diana", "DIANA", "diana@example.org", "sub-of-diana"}) {
    question.login_hint = hint;
    EXPECT_EQ(reasons(), Reasons{}) << hint;
  }
}

TEST_F(SignInStateTest, LoginHintOfAnotherAccountAsksOnceAndNeverFails) {
  question.login_hint = "babs";
  auto state = sign_in_state(question, clock.now());
  EXPECT_EQ(state.reasons, Reasons{Reason::login_hint});
  EXPECT_TRUE(check_silent_sign_in(state));
  sign_in_anew();  // as diana all the same
  EXPECT_EQ(reasons(), Reasons{});
}

// acr

TEST_F(SignInStateTest, VoluntaryAcrIsMetByAnyOfItsValues) {
  question.acr_values = {kTwoFactors, kPassword};
  EXPECT_EQ(reasons(), Reasons{});
}

TEST_F(SignInStateTest, VoluntaryAcrAsksWhenAMethodHereCouldDoBetter) {
  question.acr_values = {kTwoFactors};
  EXPECT_EQ(reasons(), Reasons{});  // nobody here can
  question.supported_acrs = {kPassword, kTwoFactors};
  EXPECT_EQ(reasons(), Reasons{Reason::acr});
}

TEST_F(SignInStateTest, VoluntaryAcrIsAskedForOnce) {
  question.acr_values = {kTwoFactors};
  question.supported_acrs = {kPassword, kTwoFactors};
  sign_in_anew();
  EXPECT_EQ(reasons(), Reasons{});
}

TEST_F(SignInStateTest, EssentialAcrIsAskedForUntilItIsMet) {
  question.essential_acrs = {kTwoFactors};
  question.supported_acrs = {kPassword, kTwoFactors};
  sign_in_anew();
  EXPECT_EQ(reasons(), Reasons{Reason::acr});
  live.session.authentication.acr = kTwoFactors;
  EXPECT_EQ(reasons(), Reasons{});
}

// Reference defect B32: an essential acr that cannot be met was never refused.
TEST_F(SignInStateTest, EssentialAcrThatNobodyReachesIsRefused) {
  model::Client client;
  question.essential_acrs = {kTwoFactors};
  auto verdict = check_sign_in_possible(question, client);
  ASSERT_FALSE(verdict);
  EXPECT_EQ(verdict.error().code, "unmet_authentication_requirements");
}

TEST_F(SignInStateTest, DisabledClientIsRefused) {
  model::Client client;
  EXPECT_TRUE(check_sign_in_possible(question, client));
  client.enabled = false;
  auto verdict = check_sign_in_possible(question, client);
  ASSERT_FALSE(verdict);
  EXPECT_EQ(verdict.error().code, "unauthorized_client");
}

// prompt=none. Reference defect B63 (could still end in a login page): whatever the reason, it is refused.

TEST(CheckSilentSignIn, RefusesForEveryReasonButALoginHint) {
  const std::vector<std::pair<Reason, std::string>> cases{
      {Reason::no_session, "login_required"},
      {Reason::session_ended, "login_required"},
      {Reason::user_disabled, "login_required"},
      {Reason::stale_event, "login_required"},
      {Reason::other_user, "login_required"},
      {Reason::prompt_login, "login_required"},
      {Reason::max_age, "login_required"},
      {Reason::acr, "login_required"},
      {Reason::select_account, "account_selection_required"},
  };
  for (const auto& [reason, code] : cases) {
    auto verdict = check_silent_sign_in({{Reason::login_hint, reason}});
    ASSERT_FALSE(verdict) << name_of(reason);
    EXPECT_EQ(verdict.error().code, code) << name_of(reason);
  }
  EXPECT_TRUE(check_silent_sign_in({}));
}

TEST_F(SignInStateTest, ReasonsStandTogether) {
  prompt("login");
  question.max_age = Seconds(0);
  question.requested_subject = "sub-of-babs";
  EXPECT_EQ(reasons(), (Reasons{Reason::other_user, Reason::prompt_login, Reason::max_age}));
}

}  // namespace
}  // namespace oidcop::session
