#include "model/presented_token.h"

#include <gtest/gtest.h>

#include <functional>

namespace oidcop::model {
namespace {

TimePoint at(std::int64_t seconds) {
  return TimePoint(Seconds(seconds));
}

constexpr std::int64_t kNow = 1'800'000'000;

PresentedToken live() {
  PresentedToken presented;
  presented.token.expires_at = at(kNow + 60);
  presented.token.max_usage = 1;
  presented.grant.expires_at = at(kNow + 3600);
  return presented;
}

TokenState state_after(const std::function<void(PresentedToken&)>& change) {
  auto presented = live();
  change(presented);
  return state_of(presented, at(kNow));
}

TEST(StateOf, IsActiveWhenEverythingAboveIs) {
  EXPECT_EQ(state_of(live(), at(kNow)), TokenState::active);
}

// Reference defect B03: revoking above left the tokens below active.
TEST(StateOf, IsRevokedWhenAnythingAboveIsCut) {
  EXPECT_EQ(state_after([](auto& p) { p.token.revoked_at = at(kNow); }), TokenState::revoked);
  EXPECT_EQ(state_after([](auto& p) { p.grant.revoked_at = at(kNow); }), TokenState::revoked);
  EXPECT_EQ(state_after([](auto& p) { p.client_session.ended_at = at(kNow); }), TokenState::revoked);
  EXPECT_EQ(state_after([](auto& p) { p.user_session_ended_at = at(kNow); }), TokenState::revoked);
  EXPECT_EQ(state_after([](auto& p) { p.user.enabled = false; }), TokenState::revoked);
  EXPECT_EQ(state_after([](auto& p) { p.client_enabled = false; }), TokenState::revoked);
}

TEST(StateOf, OfflineGrantOutlivesTheUserSessionButNotTheClientSession) {
  EXPECT_EQ(state_after([](auto& p) {
              p.grant.offline = true;
              p.user_session_ended_at = at(kNow);
            }),
            TokenState::active);
  EXPECT_EQ(state_after([](auto& p) {
              p.grant.offline = true;
              p.client_session.ended_at = at(kNow);
            }),
            TokenState::revoked);
}

TEST(StateOf, ExpiresAtTheVerySecond) {
  EXPECT_EQ(state_of(live(), at(kNow + 59)), TokenState::active);
  EXPECT_EQ(state_of(live(), at(kNow + 60)), TokenState::expired);
  EXPECT_EQ(state_after([](auto& p) { p.grant.expires_at = at(kNow); }), TokenState::expired);
}

TEST(StateOf, SpentTokenIsUsedUpEvenWhenExpired) {
  EXPECT_EQ(state_after([](auto& p) { p.token.used = 1; }), TokenState::used_up);
  EXPECT_EQ(state_after([](auto& p) {
              p.token.used = 1;
              p.token.expires_at = at(kNow - 1);
            }),
            TokenState::used_up);
}

TEST(StateOf, ZeroMaxUsageIsUnlimited) {
  EXPECT_EQ(state_after([](auto& p) {
              p.token.max_usage = 0;
              p.token.used = 1000;
            }),
            TokenState::active);
}

TEST(StateOf, RevokedOutweighsUsedUpAndExpired) {
  EXPECT_EQ(state_after([](auto& p) {
              p.token.used = 1;
              p.token.expires_at = at(kNow - 1);
              p.grant.revoked_at = at(kNow);
            }),
            TokenState::revoked);
}

}  // namespace
}  // namespace oidcop::model
