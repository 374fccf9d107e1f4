#include "session/browser_state.h"

#include <gtest/gtest.h>

namespace oidcop::session {
namespace {

// base64url(SHA-256("app https://app.example:8443 state-1 salt-1")), by another program.
TEST(SessionState, IsTheHashOfWhatTheFrameKnowsTooAndTheSalt) {
  EXPECT_EQ(session_state("app", "https://app.example:8443", "state-1", "salt-1"),
            "RGbVfzrEnbkO9Hf6FE16iEpotpSIIscpV5gaJM_tocE.salt-1");
}

TEST(SessionState, ChangesWithEachOfThem) {
  const auto state = session_state("app", "https://app.example", "state-1", "salt-1");
  EXPECT_NE(state, session_state("other", "https://app.example", "state-1", "salt-1"));
  EXPECT_NE(state, session_state("app", "https://other.example", "state-1", "salt-1"));
  EXPECT_NE(state, session_state("app", "https://app.example", "state-2", "salt-1"));
  EXPECT_NE(state.substr(0, 43),
            session_state("app", "https://app.example", "state-1", "salt-2").substr(0, 43));
}

}  // namespace
}  // namespace oidcop::session
