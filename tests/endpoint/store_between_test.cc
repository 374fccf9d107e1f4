#include "base/digest.h"
#include "support/test_op.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace oidcop::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

/// A provider in which somebody else writes between any two of its calls to the store.
class StoreBetween : public ::testing::Test {
 protected:
  static TestOp::Options watched() {
    TestOp::Options options;
    options.watched_store = true;
    return options;
  }
  void SetUp() override {
    op_.add_user();
    op_.add_client();
  }
  std::string access_token() {
    return member(exchange_code(op_, location_parameters(browser_.sign_in(wiki_request()))["code"]),
                  "access_token");
  }
  /// Signs in anew, and returns how many calls a silent authorization makes.
  int calls_of_an_authorization() {
    browser_.cookies.clear();
    const auto presented = op_.store().find_token(sha256(access_token()));
    EXPECT_TRUE(presented) << op_.log();
    session_ = presented->client_session.user_session;
    op_.watched().fail_call(0);
    EXPECT_NE(location_parameters(browser_.get("/authorization", wiki_request()))["code"], "") << op_.log();
    return op_.watched().calls();
  }
  void end_session() { ASSERT_TRUE(op_.store().end_session(session_, op_.clock.now())); }

  TestOp op_{watched()};
  TestBrowser browser_{op_};
  model::SessionId session_;
};

// The last call is the one that decides: between looking at the session and issuing the code it may end.
TEST_F(StoreBetween, ASessionThatEndsWhileACodeIsBeingIssuedGivesNone) {
  const int calls = calls_of_an_authorization();
  ASSERT_GT(calls, 2);
  for (int call = 1; call <= calls; ++call) {
    SCOPED_TRACE(call);
    ASSERT_EQ(calls_of_an_authorization(), calls);
    op_.watched().before_call(call, [this] { end_session(); });
    const auto page = browser_.get("/authorization", wiki_request());
    EXPECT_EQ(page.status, 200) << op_.log();
    EXPECT_THAT(page.body, HasSubstr("id=\"login-form\""));
    EXPECT_FALSE(page.header("Location"));
  }
}

TEST_F(StoreBetween, WhereNobodyIsToBeAskedItsEndIsToldAsLoginRequired) {
  const int calls = calls_of_an_authorization();
  op_.watched().before_call(calls, [this] { end_session(); });
  auto answer =
      location_parameters(browser_.get("/authorization", with(wiki_request(), {{"prompt", "none"}})));
  EXPECT_EQ(answer["error"], "login_required") << op_.log();
  EXPECT_EQ(answer["code"], "");
}

TEST_F(StoreBetween, AClientThatIsDeletedWhileItsTokenIsLookedUpGetsNothing) {
  const auto token = access_token();
  op_.watched().fail_call(0);
  ASSERT_EQ(get_userinfo(op_, token).status, 200) << op_.log();
  const int calls = op_.watched().calls();
  ASSERT_EQ(calls, 2) << "the token, the client";
  op_.watched().before_call(calls,
                            [this] { ASSERT_TRUE(op_.store().delete_client(model::ClientId("wiki"))); });
  const auto refused = get_userinfo(op_, token);
  EXPECT_EQ(refused.status, 401) << refused.body << op_.log();
  EXPECT_THAT(refused.header("WWW-Authenticate").value_or(""), HasSubstr("error=\"invalid_token\""));
  EXPECT_THAT(refused.body, Not(HasSubstr("alice")));
}

// Each single call may find the database locked: never a code without a session, never a 500 page.
TEST_F(StoreBetween, AnyCallThatFailsIsAPassingFault) {
  const int calls = calls_of_an_authorization();
  for (int call = 1; call <= calls; ++call) {
    SCOPED_TRACE(call);
    op_.watched().fail_call(call);
    const auto page = browser_.get("/authorization", wiki_request());
    EXPECT_EQ(page.status, 503) << page.body << op_.log();
    EXPECT_FALSE(page.header("Location"));
  }
}

}  // namespace
}  // namespace oidcop::testing
