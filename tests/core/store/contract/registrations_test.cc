#include "core/store/contract/contract.h"

#include <atomic>
#include <thread>

namespace oidcop::testing {
namespace {

using store::RegisterOutcome;
using store::UpdateOutcome;

OIDCOP_STORE_CONTRACT(RegistrationContract);

store::RegisterClient a_registration(const std::string& id) {
  store::RegisterClient command;
  command.client = a_client(id);
  command.client.origin = model::ClientOrigin::open_registration;
  command.client.vetted = false;
  command.access_token = sha256("rat of " + id);
  command.now = at(0);
  command.unused_until = at(1000);
  command.most_unvetted = 2;
  return command;
}

store::RegisterClient with_token(const std::string& id) {
  auto command = a_registration(id);
  command.client.origin = model::ClientOrigin::initial_access_token;
  command.client.vetted = true;
  command.unused_until.reset();
  command.initial_token = sha256("iat");
  return command;
}

model::InitialAccessToken an_initial_token(int uses = 1) {
  model::InitialAccessToken token;
  token.id = "t1";
  token.digest = sha256("iat");
  token.note = "for the wiki";
  token.created_at = at(0);
  token.expires_at = at(500);
  token.max_uses = uses;
  return token;
}

Result<RegisterOutcome> registered(store::Store& store, const store::RegisterClient& command) {
  return store.commit(command);
}

TEST_P(RegistrationContract, KeepsTheClientAndFindsItByItsToken) {
  ASSERT_EQ(*registered(store(), a_registration("app")), RegisterOutcome::registered);
  const auto client = store().find_client(model::ClientId("app"));
  ASSERT_TRUE(client) << client.error().detail;
  EXPECT_FALSE((*client)->vetted);
  EXPECT_EQ((*client)->origin, model::ClientOrigin::open_registration);
  const auto found = neighbour().find_registration(sha256("rat of app"));
  ASSERT_TRUE(found) << found.error().detail;
  EXPECT_EQ(found->client.text(), "app");
  EXPECT_EQ(found->unused_until, at(1000));
  EXPECT_EQ(store().find_registration(sha256("rat of other")).error().code, Errc::not_found);
}

TEST_P(RegistrationContract, TakesNoClientIdTwiceAndThenNothingElseHappens) {
  put_client("app");
  ASSERT_TRUE(store().put_initial_token(an_initial_token()));
  EXPECT_EQ(registered(store(), with_token("app")).error().code, Errc::conflict);
  EXPECT_EQ(store().find_initial_token(sha256("iat"))->uses, 0);
  EXPECT_FALSE(store().find_registration(sha256("rat of app")));
}

TEST_P(RegistrationContract, HasABoundForUnvettedClientsAlone) {
  ASSERT_EQ(*registered(store(), a_registration("a")), RegisterOutcome::registered);
  ASSERT_EQ(*registered(store(), a_registration("b")), RegisterOutcome::registered);
  EXPECT_EQ(*registered(store(), a_registration("c")), RegisterOutcome::full);
  EXPECT_FALSE(store().find_client(model::ClientId("c")));
  ASSERT_TRUE(store().put_initial_token(an_initial_token()));
  EXPECT_EQ(*registered(store(), with_token("d")), RegisterOutcome::registered);
  // A place becomes free when somebody vets one.
  auto vetted = **store().find_client(model::ClientId("a"));
  vetted.vetted = true;
  ASSERT_TRUE(store().put_client(vetted, store::IfExists::replace));
  EXPECT_EQ(*registered(store(), a_registration("c")), RegisterOutcome::registered);
}

TEST_P(RegistrationContract, AnInitialTokenIsGoodForAsManyClientsAsItSays) {
  ASSERT_TRUE(store().put_initial_token(an_initial_token(2)));
  EXPECT_EQ(*registered(store(), with_token("a")), RegisterOutcome::registered);
  EXPECT_EQ(*registered(store(), with_token("b")), RegisterOutcome::registered);
  EXPECT_EQ(*registered(store(), with_token("c")), RegisterOutcome::token_spent);
  EXPECT_FALSE(store().find_client(model::ClientId("c")));
  EXPECT_EQ(store().find_initial_token(sha256("iat"))->uses, 2);
}

TEST_P(RegistrationContract, OfConcurrentUsesNoMoreSucceedThanThereAre) {
  ASSERT_TRUE(store().put_initial_token(an_initial_token(3)));
  auto& other = neighbour();
  std::atomic<int> succeeded{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&, i] {
      auto& mine = i % 2 == 0 ? store() : other;
      const auto outcome = registered(mine, with_token("app" + std::to_string(i)));
      if (outcome && *outcome == RegisterOutcome::registered) ++succeeded;
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(succeeded, 3);
}

TEST_P(RegistrationContract, AnInitialTokenEndsByTimeAndByRevocation) {
  ASSERT_TRUE(store().put_initial_token(an_initial_token(9)));
  auto late = with_token("late");
  late.now = at(500);
  EXPECT_EQ(*registered(store(), late), RegisterOutcome::token_spent);
  late.now = at(499);
  EXPECT_EQ(*registered(store(), late), RegisterOutcome::registered);
  ASSERT_TRUE(store().revoke_initial_token("t1", at(10)));
  ASSERT_TRUE(store().revoke_initial_token("t1", at(20)));
  EXPECT_EQ(store().find_initial_token(sha256("iat"))->revoked_at, at(10));
  EXPECT_EQ(*registered(store(), with_token("more")), RegisterOutcome::token_spent);
  EXPECT_TRUE(store().find_client(model::ClientId("late"))) << "a client outlives its initial token";
  EXPECT_EQ(store().revoke_initial_token("other", at(10)).error().code, Errc::not_found);
}

TEST_P(RegistrationContract, ListsInitialTokensInTheOrderOfTheirMaking) {
  auto later = an_initial_token();
  later.id = "a-later-one";
  later.digest = sha256("another");
  later.created_at = at(5);
  ASSERT_TRUE(store().put_initial_token(later));
  ASSERT_TRUE(store().put_initial_token(an_initial_token()));
  const auto tokens = store().list_initial_tokens();
  ASSERT_TRUE(tokens);
  ASSERT_EQ(tokens->size(), 2U);
  EXPECT_EQ(tokens->front().id, "t1");
  EXPECT_EQ(tokens->front().note, "for the wiki");
  EXPECT_EQ(tokens->back().id, "a-later-one");
  EXPECT_EQ(store().put_initial_token(an_initial_token()).error().code, Errc::conflict);
}

TEST_P(RegistrationContract, AnUpdateIsTheOwnersAndLosesNothingThatSomebodyElseWrote) {
  ASSERT_EQ(*registered(store(), a_registration("app")), RegisterOutcome::registered);
  store::UpdateRegistration update;
  update.client = **store().find_client(model::ClientId("app"));
  update.client.name = "renamed";
  update.access_token = sha256("rat of other");
  EXPECT_EQ(*store().commit(update), UpdateOutcome::token_gone);
  update.access_token = sha256("rat of app");
  auto meanwhile = **store().find_client(model::ClientId("app"));
  meanwhile.denied_groups = {"guests"};
  ASSERT_TRUE(store().put_client(meanwhile, store::IfExists::replace));
  EXPECT_EQ(*store().commit(update), UpdateOutcome::changed);
  update.client.version = (*store().find_client(model::ClientId("app")))->version;
  EXPECT_EQ(*store().commit(update), UpdateOutcome::updated);
  const auto client = *store().find_client(model::ClientId("app"));
  EXPECT_EQ(client->name, "renamed");
  EXPECT_GT(client->version, update.client.version);
}

TEST_P(RegistrationContract, ATokenThatWasReplacedIsNobodys) {
  ASSERT_EQ(*registered(store(), a_registration("app")), RegisterOutcome::registered);
  store::UpdateRegistration update;
  update.client = **store().find_client(model::ClientId("app"));
  update.access_token = sha256("rat of app");
  update.rotated = sha256("the next one");
  ASSERT_EQ(*store().commit(update), UpdateOutcome::updated);
  EXPECT_FALSE(store().find_registration(sha256("rat of app")));
  EXPECT_TRUE(store().find_registration(sha256("the next one")));
  EXPECT_EQ(*store().commit(update), UpdateOutcome::token_gone);
}

TEST_P(RegistrationContract, DeletingEndsEverythingOfTheClient) {
  put_user("alice");
  ASSERT_EQ(*registered(store(), a_registration("app")), RegisterOutcome::registered);
  sign_in("s1", "alice");
  authorize(an_authorization("s1", "g1", "c1"));
  EXPECT_EQ(store().delete_registration(sha256("rat of other")).error().code, Errc::not_found);
  ASSERT_TRUE(store().delete_registration(sha256("rat of app")));
  EXPECT_EQ(state("c1", 1), "absent");
  EXPECT_EQ(store().find_client(model::ClientId("app")).error().code, Errc::not_found);
  EXPECT_EQ(store().find_registration(sha256("rat of app")).error().code, Errc::not_found);
  EXPECT_EQ(store().delete_registration(sha256("rat of app")).error().code, Errc::not_found);
}

TEST_P(RegistrationContract, AClientThatNobodyUsedLeavesInTime) {
  ASSERT_EQ(*registered(store(), a_registration("app")), RegisterOutcome::registered);
  ASSERT_TRUE(store().sweep(at(999), 100));
  EXPECT_TRUE(store().find_client(model::ClientId("app")));
  ASSERT_TRUE(store().sweep(at(1000), 100));
  EXPECT_FALSE(store().find_client(model::ClientId("app")));
  EXPECT_FALSE(store().find_registration(sha256("rat of app")));
}

TEST_P(RegistrationContract, AClientThatSomebodyUsedStays) {
  put_user("alice");
  ASSERT_EQ(*registered(store(), a_registration("app")), RegisterOutcome::registered);
  sign_in("s1", "alice");
  authorize(an_authorization("s1", "g1", "c1"));
  EXPECT_EQ(store().find_registration(sha256("rat of app"))->unused_until, std::nullopt);
  ASSERT_TRUE(store().sweep(at(1'000'000), 100));
  EXPECT_TRUE(store().find_client(model::ClientId("app")));
}

TEST_P(RegistrationContract, AVettedClientStaysThoughNobodyUsesIt) {
  ASSERT_EQ(*registered(store(), a_registration("app")), RegisterOutcome::registered);
  auto client = **store().find_client(model::ClientId("app"));
  client.vetted = true;
  ASSERT_TRUE(store().put_client(client, store::IfExists::replace));
  ASSERT_TRUE(store().sweep(at(1'000'000), 100));
  EXPECT_TRUE(store().find_client(model::ClientId("app")));
}

TEST_P(RegistrationContract, InitialTokensLeaveWhenTheirTimeIsOver) {
  ASSERT_TRUE(store().put_initial_token(an_initial_token()));
  ASSERT_TRUE(store().sweep(at(499), 100));
  EXPECT_TRUE(store().find_initial_token(sha256("iat")));
  ASSERT_TRUE(store().sweep(at(500), 100));
  EXPECT_EQ(store().find_initial_token(sha256("iat")).error().code, Errc::not_found);
}

}  // namespace
}  // namespace oidcop::testing
