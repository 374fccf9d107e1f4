#include "core/store/contract/contract.h"

namespace oidcop::testing {
namespace {

OIDCOP_STORE_CONTRACT(UserStoreContract);

using store::IfExists;

TEST_P(UserStoreContract, FindsByIdAndByName) {
  auto user = a_user("alice");
  user.subject = "248289761001";
  user.claims.set_bool("email_verified", true);
  user.groups = {"staff", "a \"quoted\" group"};
  ASSERT_TRUE(store().put_user(user, IfExists::refuse));
  for (const auto& found : {store().find_user(user.id), store().find_user_by_name("alice")}) {
    ASSERT_TRUE(found) << found.error().detail;
    EXPECT_EQ(found->id, user.id);
    EXPECT_EQ(found->username, "alice");
    EXPECT_EQ(found->subject, "248289761001");
    EXPECT_EQ(found->password_hash, user.password_hash);
    EXPECT_EQ(found->groups, user.groups);
    EXPECT_EQ(found->claims, user.claims);
    EXPECT_EQ(found->created_at, at(0));
    EXPECT_TRUE(found->enabled);
  }
}

TEST_P(UserStoreContract, UnknownOneIsNotFound) {
  EXPECT_EQ(store().find_user(model::UserId("x")).error().code, Errc::not_found);
  EXPECT_EQ(store().find_user_by_name("x").error().code, Errc::not_found);
  EXPECT_EQ(store().set_password(model::UserId("x"), "h", at(0)).error().code, Errc::not_found);
  EXPECT_EQ(store().delete_user(model::UserId("x")).error().code, Errc::not_found);
}

TEST_P(UserStoreContract, HostileNamesAreJustNames) {
  const std::string name = "x' OR '1'='1\"; DROP TABLE users; --\xc3\xa9";
  put_user(name);
  EXPECT_TRUE(store().find_user_by_name(name));
  EXPECT_FALSE(store().find_user_by_name("x"));
  EXPECT_FALSE(store().find_user_by_name("%"));
}

TEST_P(UserStoreContract, NameIdAndKeptSubjectAreUnique) {
  auto alice = a_user("alice");
  alice.subject = "kept";
  ASSERT_TRUE(store().put_user(alice, IfExists::refuse));
  EXPECT_EQ(store().put_user(alice, IfExists::refuse).error().code, Errc::conflict);
  auto same_name = a_user("bob");
  same_name.username = "alice";
  EXPECT_EQ(store().put_user(same_name, IfExists::refuse).error().code, Errc::conflict);
  EXPECT_EQ(store().put_user(same_name, IfExists::replace).error().code, Errc::conflict);
  auto same_subject = a_user("carol");
  same_subject.subject = "kept";
  EXPECT_EQ(store().put_user(same_subject, IfExists::refuse).error().code, Errc::conflict);
}

TEST_P(UserStoreContract, DerivedSubjectsDoNotCollide) {
  put_user("alice");
  put_user("bob");
}

TEST_P(UserStoreContract, ReplacingKeepsSessions) {
  begin_tokens();
  auto user = a_user("alice");
  user.username = "alicia";
  ASSERT_TRUE(store().put_user(user, IfExists::replace));
  EXPECT_EQ(state("c1-at", 10), "active");
  EXPECT_EQ(store().find_session(a_session("s1", "alice").cookie)->user.username, "alicia");
}

TEST_P(UserStoreContract, DisablingStopsTokensAndNewOnes) {
  begin_tokens();
  auto user = a_user("alice");
  user.enabled = false;
  ASSERT_TRUE(store().put_user(user, IfExists::replace));
  EXPECT_EQ(state("c1-at", 10), "revoked");
  EXPECT_EQ(*store().commit(a_refresh("c1-rt", "n", 10)), store::RefreshOutcome::not_found);
  EXPECT_EQ(*store().commit(an_authorization("s1", "g2", "c2")), store::AuthorizeOutcome::session_ended);
  EXPECT_EQ(store().commit(store::SignIn{a_session("s2", "alice"), {}, {}, {}}).error().code, Errc::conflict);
}

TEST_P(UserStoreContract, NewPasswordEndsEverySession) {
  begin_chain();
  auto offline = an_authorization("s1", "g2", "c2");
  offline.grant.offline = true;
  authorize(offline);
  ASSERT_TRUE(store().commit(a_code_exchange("c2")));
  ASSERT_TRUE(store().set_password(a_user("alice").id, "$y$new", at(5)));
  const auto session = store().find_session(a_session("s1", "alice").cookie);
  ASSERT_TRUE(session);
  EXPECT_FALSE(session->session.is_active(at(5)));
  EXPECT_EQ(session->user.password_hash, "$y$new");
  EXPECT_EQ(session->user.updated_at, at(5));
  EXPECT_EQ(state("c1", 5), "revoked");
  EXPECT_EQ(state("c2-rt", 5), "revoked");  // the offline grant, too
}

TEST_P(UserStoreContract, NewPasswordOfOneLeavesTheOthers) {
  begin_tokens();
  put_user("bob");
  ASSERT_TRUE(store().set_password(a_user("bob").id, "$y$new", at(5)));
  EXPECT_EQ(state("c1-at", 5), "active");
}

TEST_P(UserStoreContract, AHashIsReplacedOnlyWhileItIsTheOneThatWasVerified) {
  begin_tokens();
  const auto user = a_user("alice");
  ASSERT_TRUE(store().replace_password_hash(user.id, user.password_hash, "$y$next"));
  EXPECT_EQ(store().replace_password_hash(user.id, user.password_hash, "$y$late").error().code,
            Errc::conflict);
  const auto stored = store().find_user(user.id);
  ASSERT_TRUE(stored);
  EXPECT_EQ(stored->password_hash, "$y$next");
  EXPECT_EQ(stored->updated_at, user.updated_at) << "nothing about the person has changed";
  EXPECT_EQ(state("c1-at", 10), "active") << "the password is the same, sessions stay";
  EXPECT_EQ(store().replace_password_hash(model::UserId("x"), "", "$y$next").error().code, Errc::conflict);
}

TEST_P(UserStoreContract, ReplacingAHashTouchesNobodyElse) {
  put_user("alice");
  put_user("bob");
  const auto bob = a_user("bob");
  ASSERT_EQ(a_user("alice").password_hash, bob.password_hash) << "else this test says nothing";
  ASSERT_TRUE(store().replace_password_hash(a_user("alice").id, bob.password_hash, "$y$next"));
  EXPECT_EQ(store().find_user(bob.id)->password_hash, bob.password_hash);
}

TEST_P(UserStoreContract, BorrowsTheHashOfTheNextUserThatHasOne) {
  EXPECT_EQ(store().borrow_password_hash("m").error().code, Errc::not_found);
  for (const std::string name : {"b", "f", "k", "p"}) {
    auto user = a_user(name);
    user.id = model::UserId(name);
    user.password_hash = name == "k" ? "" : "hash of " + name;
    ASSERT_TRUE(store().put_user(user, IfExists::refuse));
  }
  EXPECT_EQ(store().borrow_password_hash(""), "hash of b");
  EXPECT_EQ(store().borrow_password_hash("c"), "hash of f");
  EXPECT_EQ(store().borrow_password_hash("f"), "hash of f");
  EXPECT_EQ(store().borrow_password_hash("g"), "hash of p") << "k has no password";
  EXPECT_EQ(store().borrow_password_hash("q"), "hash of b") << "after the last comes the first";
}

TEST_P(UserStoreContract, DeletingTakesEverythingAlong) {
  begin_tokens();
  ASSERT_TRUE(store().delete_user(a_user("alice").id));
  EXPECT_EQ(state("c1-at", 5), "absent");
  EXPECT_EQ(store().find_session(a_session("s1", "alice").cookie).error().code, Errc::not_found);
}

TEST_P(UserStoreContract, ListsByName) {
  put_user("bob");
  put_user("alice");
  const auto users = store().list_users();
  ASSERT_TRUE(users);
  ASSERT_EQ(users->size(), 2U);
  EXPECT_EQ(users->at(0).username, "alice");
}

}  // namespace
}  // namespace oidcop::testing
