#include "support/failing_store.h"

#include "core/store/contract/contract.h"

namespace oidcop::testing {
namespace {

OIDCOP_STORE_CONTRACT(FailingStoreContract);

TEST_P(FailingStoreContract, FailsTheNthCallAndNoOther) {
  FailingStore failing(store());
  failing.fail_call(2);
  EXPECT_TRUE(failing.put_user(a_user("alice"), store::IfExists::refuse));
  EXPECT_EQ(failing.put_user(a_user("bob"), store::IfExists::refuse).error().code, Errc::unavailable);
  EXPECT_TRUE(failing.put_user(a_user("carol"), store::IfExists::refuse));
  EXPECT_EQ(failing.calls(), 3);
  EXPECT_FALSE(store().find_user_by_name("bob"));
}

TEST_P(FailingStoreContract, RetryAfterALostAnswerIsKnownAsAReplay) {
  begin_chain();
  FailingStore failing(store());
  failing.fail_call(1, FailingStore::When::after);
  EXPECT_EQ(failing.commit(a_code_exchange("c1")).error().code, Errc::unavailable);
  EXPECT_EQ(*failing.commit(a_code_exchange("c1")), store::ExchangeOutcome::replay);
}

TEST_P(FailingStoreContract, AHashThatWasReplacedThoughNobodyHeardIsNotReplacedAgain) {
  put_user("alice");
  const auto alice = a_user("alice");
  FailingStore failing(store());
  const auto replace = [&] {
    return failing.replace_password_hash(alice.id, alice.password_hash, "$y$next");
  };
  failing.fail_call(1);
  EXPECT_EQ(replace().error().code, Errc::unavailable);
  EXPECT_EQ(store().find_user(alice.id)->password_hash, alice.password_hash);
  failing.fail_call(1, FailingStore::When::after);
  EXPECT_EQ(replace().error().code, Errc::unavailable);
  EXPECT_EQ(replace().error().code, Errc::conflict);
  EXPECT_EQ(store().find_user(alice.id)->password_hash, "$y$next");
}

TEST_P(FailingStoreContract, FailsAllUntilToldOtherwise) {
  FailingStore failing(store());
  failing.fail_all();
  EXPECT_FALSE(failing.list_users());
  EXPECT_FALSE(failing.check());
  failing.fail_none();
  EXPECT_TRUE(failing.list_users());
}

}  // namespace
}  // namespace oidcop::testing
