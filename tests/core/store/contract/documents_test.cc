#include "core/store/contract/contract.h"

namespace oidcop::testing {
namespace {

OIDCOP_STORE_CONTRACT(DocumentStoreContract);

constexpr std::string_view kUrl = "https://app.example/jwks";

TEST_P(DocumentStoreContract, WhatWasFetchedIsFoundByClientAndUrl) {
  put_client("app");
  put_client("other");
  const model::ClientId app("app");
  EXPECT_EQ(store().find_document(app, kUrl).error().code, Errc::not_found);
  ASSERT_TRUE(store().keep_document(app, kUrl, {"{\"keys\":[]}", at(5), {}}, at(1000)));
  const auto found = neighbour().find_document(app, kUrl);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->body, "{\"keys\":[]}");
  EXPECT_EQ(found->fetched_at, at(5));
  EXPECT_EQ(found->failed_at, std::nullopt);
  EXPECT_EQ(store().find_document(app, "https://app.example/other").error().code, Errc::not_found);
  EXPECT_EQ(store().find_document(model::ClientId("other"), kUrl).error().code, Errc::not_found);
}

TEST_P(DocumentStoreContract, ALaterFetchTakesThePlaceOfTheEarlier) {
  put_client("app");
  const model::ClientId app("app");
  ASSERT_TRUE(store().keep_document(app, kUrl, {"old", at(5), {}}, at(1000)));
  ASSERT_TRUE(store().keep_document(app, kUrl, {"old", at(5), at(9)}, at(1000)));
  EXPECT_EQ(store().find_document(app, kUrl)->failed_at, at(9));
  ASSERT_TRUE(store().keep_document(app, kUrl, {"new", at(10), {}}, at(1000)));
  EXPECT_EQ(store().find_document(app, kUrl)->body, "new");
  EXPECT_EQ(store().find_document(app, kUrl)->failed_at, std::nullopt);
}

TEST_P(DocumentStoreContract, DocumentsGoWithTheirClient) {
  put_client("app");
  const model::ClientId app("app");
  ASSERT_TRUE(store().keep_document(app, kUrl, {"old", at(5), {}}, at(1000)));
  ASSERT_TRUE(store().delete_client(app));
  put_client("app");
  EXPECT_EQ(store().find_document(app, kUrl).error().code, Errc::not_found);
}

TEST_P(DocumentStoreContract, NothingIsKeptForAClientThatIsGone) {
  EXPECT_EQ(store().keep_document(model::ClientId("gone"), kUrl, {"x", at(5), {}}, at(9)).error().code,
            Errc::conflict);
}

TEST_P(DocumentStoreContract, AreSweptWhenNobodyFetchedThemForLong) {
  put_client("app");
  const model::ClientId app("app");
  ASSERT_TRUE(store().keep_document(app, kUrl, {"old", at(5), {}}, at(1000)));
  ASSERT_TRUE(store().sweep(at(999), 100));
  EXPECT_TRUE(store().find_document(app, kUrl));
  ASSERT_TRUE(store().sweep(at(1000), 100));
  EXPECT_EQ(store().find_document(app, kUrl).error().code, Errc::not_found);
}

}  // namespace
}  // namespace oidcop::testing
