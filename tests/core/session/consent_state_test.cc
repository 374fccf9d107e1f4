#include "session/consent_state.h"

#include "support/manual_clock.h"

#include <gtest/gtest.h>

namespace oidcop::session {
namespace {

using model::ConsentMode;
using model::ScopeSet;
using Reason = ConsentReason;
using Reasons = std::vector<Reason>;

/// A web client that asks for openid and email, both consented to before.
class ConsentStateTest : public ::testing::Test {
 protected:
  ConsentStateTest() {
    client.id = model::ClientId("rp");
    consent.user = model::UserId("u1");
    consent.client = client.id;
    consent.scope = scope("openid email");
    consent.granted_at = clock.now() - Seconds(100);
    consent.expires_at = clock.now() + Seconds(100);
    question.client = &client;
    question.scope = scope("openid email");
    question.remembered = &consent;
  }

  static ScopeSet scope(const char* text) { return *ScopeSet::parse(text); }
  ConsentState state() const { return consent_state(question, clock.now()); }
  Reasons reasons() const { return state().reasons; }
  std::optional<model::Consent> remember(const char* granted) const {
    return consent_to_remember({consent.user, state(), scope(granted), clock.now(), Seconds(1000)}, question);
  }

  testing::ManualClock clock;
  model::Client client;
  model::Consent consent;
  ConsentQuestion question;
};

TEST_F(ConsentStateTest, RememberedConsentIsEnough) {
  EXPECT_EQ(reasons(), Reasons{});
}

TEST_F(ConsentStateTest, AsksTheFirstTime) {
  question.remembered = nullptr;
  EXPECT_EQ(reasons(), Reasons{Reason::never_given});
}

TEST_F(ConsentStateTest, ExpiredConsentIsNone) {
  clock.tick(Seconds(100));
  EXPECT_EQ(reasons(), Reasons{Reason::never_given});
}

TEST_F(ConsentStateTest, AsksForMoreScope) {
  question.scope = scope("openid email phone");
  EXPECT_EQ(reasons(), Reasons{Reason::more_scope});
  EXPECT_EQ(state().shown, scope("openid email phone"));
}

TEST_F(ConsentStateTest, AsksForClaimsThatWereNotShown) {
  question.claims = {"nickname"};
  EXPECT_EQ(reasons(), Reasons{Reason::more_claims});
  consent.claims = {"nickname"};
  EXPECT_EQ(reasons(), Reasons{});
}

TEST_F(ConsentStateTest, AsksWhenThePromptSaysSo) {
  question.prompt = *PromptSet::parse({"consent"});
  EXPECT_EQ(reasons(), Reasons{Reason::prompt_consent});
  client.consent = ConsentMode::implicit;
  EXPECT_EQ(reasons(), Reasons{Reason::prompt_consent});
}

TEST_F(ConsentStateTest, AsksEveryTimeWhereTheClientIsSetToThat) {
  client.consent = ConsentMode::always;
  EXPECT_EQ(reasons(), Reasons{Reason::always_asked});
  EXPECT_FALSE(state().may_remember);
  EXPECT_FALSE(remember("openid email"));
}

TEST_F(ConsentStateTest, NeverAsksWhereTheAdministratorConsented) {
  client.consent = ConsentMode::implicit;
  question.remembered = nullptr;
  question.scope = scope("openid phone offline_access");
  EXPECT_EQ(reasons(), Reasons{});
}

TEST_F(ConsentStateTest, PublicNativeClientsAreNeverSilentNorRemembered) {
  client.token_endpoint_auth_method = model::ClientAuthMethod::none;
  client.application_type = model::ApplicationType::native;
  EXPECT_EQ(reasons(), Reasons{Reason::public_native});
  EXPECT_FALSE(remember("openid email"));
  client.consent = ConsentMode::implicit;
  EXPECT_EQ(reasons(), Reasons{Reason::public_native});
}

TEST_F(ConsentStateTest, PublicClientsOfTheWebAreRemembered) {
  client.token_endpoint_auth_method = model::ClientAuthMethod::none;
  EXPECT_EQ(reasons(), Reasons{});
}

TEST_F(ConsentStateTest, OfflineAccessIsSomethingToConsentTo) {
  question.scope = scope("openid email offline_access");
  EXPECT_TRUE(state().has(Reason::offline_access));
  consent.scope = scope("openid email offline_access");
  EXPECT_EQ(reasons(), Reasons{});
}

// Reference defect B63: prompt=none never shows a page.
TEST_F(ConsentStateTest, SilentRequestIsRefusedInsteadOfAsked) {
  EXPECT_TRUE(check_silent_consent(state()));
  question.remembered = nullptr;
  auto verdict = check_silent_consent(state());
  ASSERT_FALSE(verdict);
  EXPECT_EQ(verdict.error().code, "consent_required");
}

TEST_F(ConsentStateTest, AnswerCanOnlyNarrow) {
  EXPECT_EQ(narrowed_scope(scope("openid email phone"), scope("email")), scope("openid email"));
  EXPECT_EQ(narrowed_scope(scope("openid email"), scope("openid email address")), scope("openid email"));
  EXPECT_EQ(narrowed_scope(scope("email"), scope("openid email")), scope("email"));
}

TEST_F(ConsentStateTest, RemembersWhatWasGranted) {
  question.remembered = nullptr;
  auto kept = remember("openid");
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->scope, scope("openid"));
  EXPECT_EQ(kept->user, consent.user);
  EXPECT_EQ(kept->client, client.id);
  EXPECT_EQ(kept->expires_at, clock.now() + Seconds(1000));
}

TEST_F(ConsentStateTest, RemembersNothingThatWasNotShown) {
  question.remembered = nullptr;
  EXPECT_EQ(remember("openid email phone")->scope, scope("openid email"));
}

TEST_F(ConsentStateTest, ForgetsWhatWasUntickedAndKeepsWhatWasNotAsked) {
  consent.scope = scope("openid email address");
  consent.claims = {"nickname"};
  question.prompt = *PromptSet::parse({"consent"});
  auto kept = remember("openid");
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->scope, scope("openid address"));
  EXPECT_EQ(kept->claims, std::vector<std::string>{"nickname"});
  EXPECT_EQ(kept->expires_at, consent.expires_at);  // an answer does not renew what it was not about
}

}  // namespace
}  // namespace oidcop::session
