#include "core/store/contract/contract.h"

namespace oidcop::testing {
namespace {

OIDCOP_STORE_CONTRACT(ClientStoreContract);

using store::IfExists;

TEST_P(ClientStoreContract, FindsWhatWasPut) {
  auto client = a_client("app");
  client.secrets = {{model::ClientSecret::Form::hmac, std::string(32, '\xfe'), at(0), at(100)}};
  client.metadata.set("client_name#de", "Die Anwendung");
  ASSERT_TRUE(store().put_client(client, IfExists::refuse));
  const auto found = store().find_client(client.id);
  ASSERT_TRUE(found) << found.error().detail;
  EXPECT_EQ(model::to_message(**found), model::to_message(client));
  EXPECT_EQ((*found)->secrets.at(0).value, std::string(32, '\xfe'));
}

TEST_P(ClientStoreContract, UnknownOneIsNotFound) {
  const auto found = store().find_client(model::ClientId("nobody"));
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, Errc::not_found);
}

TEST_P(ClientStoreContract, IdsAreComparedOctetByOctet) {
  put_client("App");
  EXPECT_FALSE(store().find_client(model::ClientId("app")));
  EXPECT_FALSE(store().find_client(model::ClientId("App ")));
}

TEST_P(ClientStoreContract, RefusesASecondOneOfThatId) {
  put_client("app");
  const auto again = store().put_client(a_client("app"), IfExists::refuse);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, Errc::conflict);
}

TEST_P(ClientStoreContract, ReplacingCountsTheStoredVersionUp) {
  put_client("app");
  auto client = a_client("app");
  client.name = "Renamed";
  client.version = 40;  // of no account
  ASSERT_TRUE(store().put_client(client, IfExists::replace));
  ASSERT_TRUE(store().put_client(client, IfExists::replace));
  const auto found = store().find_client(client.id);
  ASSERT_TRUE(found);
  EXPECT_EQ((*found)->name, "Renamed");
  EXPECT_EQ((*found)->version, 3);
}

TEST_P(ClientStoreContract, ReplacingWhatIsNotThereInserts) {
  ASSERT_TRUE(store().put_client(a_client("app"), IfExists::replace));
  EXPECT_TRUE(store().find_client(model::ClientId("app")));
}

TEST_P(ClientStoreContract, ReplacingLeavesWhatHangsOnIt) {
  begin_tokens();
  ASSERT_TRUE(store().put_client(a_client("app"), IfExists::replace));
  EXPECT_EQ(state("c1-at", 10), "active");
}

TEST_P(ClientStoreContract, DisablingStopsItsTokens) {
  begin_tokens();
  auto client = a_client("app");
  client.enabled = false;
  ASSERT_TRUE(store().put_client(client, IfExists::replace));
  EXPECT_EQ(state("c1-at", 10), "revoked");
  EXPECT_EQ(*store().commit(a_refresh("c1-rt", "n", 10)), store::RefreshOutcome::not_found);
}

TEST_P(ClientStoreContract, RefusesARecordThatCouldNotBeReadBack) {
  auto client = a_client("app");
  client.subject_type = model::SubjectType::pairwise;  // without a sector
  const auto put = store().put_client(client, IfExists::refuse);
  ASSERT_FALSE(put);
  EXPECT_EQ(put.error().code, Errc::malformed);
}

TEST_P(ClientStoreContract, SeesAtOnceWhatANeighbourChanged) {
  put_client("app");
  const auto before = store().find_client(model::ClientId("app")).value();
  auto changed = a_client("app");
  changed.redirect_uris = {"https://elsewhere.example/cb"};
  ASSERT_TRUE(neighbour().put_client(changed, IfExists::replace));
  EXPECT_EQ(store().find_client(model::ClientId("app")).value()->redirect_uris, changed.redirect_uris);
  changed.enabled = false;
  ASSERT_TRUE(neighbour().put_client(changed, IfExists::replace));
  EXPECT_FALSE(store().find_client(model::ClientId("app")).value()->enabled);
  EXPECT_TRUE(before->enabled) << "whoever holds a client goes on with what they found";
}

TEST_P(ClientStoreContract, SeesAtOnceWhatANeighbourDeletedAndRegisteredAnew) {
  auto client = a_client("app");
  client.secrets = {{model::ClientSecret::Form::hmac, std::string(32, 'a'), at(0), {}}};
  ASSERT_TRUE(store().put_client(client, IfExists::refuse));
  ASSERT_TRUE(store().find_client(client.id));
  ASSERT_TRUE(neighbour().delete_client(client.id));
  EXPECT_FALSE(store().find_client(client.id));
  // Version, size and creation are those of the first one, so that only the record itself tells them apart.
  client.secrets.front().value = std::string(32, 'b');
  ASSERT_TRUE(neighbour().put_client(client, IfExists::refuse));
  const auto found = store().find_client(client.id).value();
  EXPECT_EQ(found->secrets.front().value, std::string(32, 'b'));
  EXPECT_EQ(found->version, 1);
}

TEST_P(ClientStoreContract, ListsInTheOrderOfIds) {
  for (const std::string id : {"b", "c", "a"}) put_client(id);
  const auto clients = store().list_clients();
  ASSERT_TRUE(clients);
  std::string ids;
  for (const auto& client : *clients) ids += client.id.text();
  EXPECT_EQ(ids, "abc");
}

TEST_P(ClientStoreContract, DeletingTakesEverythingAlong) {
  begin_tokens();
  ASSERT_TRUE(store().delete_client(model::ClientId("app")));
  EXPECT_FALSE(store().find_client(model::ClientId("app")));
  EXPECT_EQ(state("c1-at", 10), "absent");
  EXPECT_TRUE(store().find_session(a_session("s1", "alice").cookie));  // the person stays logged in
}

TEST_P(ClientStoreContract, DeletingWhatIsNotThereIsNotFound) {
  const auto gone = store().delete_client(model::ClientId("app"));
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().code, Errc::not_found);
}

}  // namespace
}  // namespace oidcop::testing
