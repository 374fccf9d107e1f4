#include "client/published_keys.h"

#include "client/authentication/client_assertion.h"
#include "client/sector_document.h"
#include "core/client/authentication/authentication_data.h"
#include "jose/jwt.h"
#include "support/fake_fetcher.h"

#include <gmock/gmock.h>

namespace oidcop::client {
namespace {

using oidcop::testing::FakeFetcher;
using oidcop::testing::MemoryDocumentStore;
using oidcop::testing::MemoryThrottleStore;
using testing::a_client;
using testing::ClientAuthMethod;
using testing::Desk;
using testing::kTokenEndpoint;

constexpr const char* kUrl = "https://rp.example.org/jwks";

std::string key_set(std::initializer_list<jose::Jwk> keys) {
  auto list = Json::array();
  for (const auto& key : keys) list.push_back(*key.public_json());
  return dump_json(Json{{"keys", list}});
}

class PublishedClientKeys : public ::testing::Test {
 protected:
  PublishedClientKeys() { client_.jwks_uri = kUrl; }

  std::vector<std::string> kids() {
    const auto keys = published_.keys(client_, clock_.now());
    std::vector<std::string> kids;
    if (!keys) return {"error: " + keys.error().detail};
    for (const auto& key : keys->keys()) kids.push_back(key.kid());
    return kids;
  }

  oidcop::testing::ManualClock clock_;
  MemoryDocumentStore documents_;
  MemoryThrottleStore throttle_;
  FakeFetcher network_;
  PublishedKeys published_{{documents_, throttle_, network_}};
  model::Client client_ = a_client("app", ClientAuthMethod::private_key_jwt);
  const jose::Jwk first_ = *jose::generate_ec(jose::Curve::p256, {.kid = "first"});
  const jose::Jwk second_ = *jose::generate_ec(jose::Curve::p256, {.kid = "second"});
};

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST_F(PublishedClientKeys, ByValueNeedNoFetch) {
  client_.jwks_uri.clear();
  EXPECT_THAT(kids(), IsEmpty());
  client_.jwks = key_set({first_});
  EXPECT_THAT(kids(), ElementsAre("first"));
  EXPECT_FALSE(published_.newer_keys(client_, clock_.now()).value());
  EXPECT_EQ(network_.count(), 0U);
}

TEST_F(PublishedClientKeys, AreFetchedOnceAndKept) {
  network_.serve(kUrl, key_set({first_}));
  EXPECT_THAT(kids(), ElementsAre("first"));
  EXPECT_THAT(kids(), ElementsAre("first"));
  ASSERT_EQ(network_.count(), 1U);
  EXPECT_EQ(network_.requests()[0].party, "app");
  clock_.tick(Seconds(3600));
  network_.serve(kUrl, key_set({second_}));
  EXPECT_THAT(kids(), ElementsAre("second"));
}

TEST_F(PublishedClientKeys, OfAnotherUrlAreOthers) {
  network_.serve(kUrl, key_set({first_}));
  EXPECT_THAT(kids(), ElementsAre("first"));
  client_.jwks_uri = "https://rp.example.org/other";
  network_.serve("https://rp.example.org/other", key_set({second_}));
  EXPECT_THAT(kids(), ElementsAre("second"));
}

TEST_F(PublishedClientKeys, NewOnesAreThereWhenTheClientRotated) {
  network_.serve(kUrl, key_set({first_}));
  EXPECT_THAT(kids(), ElementsAre("first"));
  EXPECT_FALSE(published_.newer_keys(client_, clock_.now()).value()) << "the same as before";
  network_.serve(kUrl, key_set({second_}));
  const auto newer = published_.newer_keys(client_, clock_.now());
  ASSERT_TRUE(newer && *newer);
  EXPECT_EQ((*newer)->keys().at(0).kid(), "second");
  EXPECT_THAT(kids(), ElementsAre("second")) << "kept from then on";
}

TEST_F(PublishedClientKeys, WrongSignaturesBuyABoundedNumberOfFetches) {
  network_.serve(kUrl, key_set({first_}));
  EXPECT_THAT(kids(), ElementsAre("first"));
  for (int i = 0; i < 100; ++i) EXPECT_FALSE(published_.newer_keys(client_, clock_.now()).value());
  EXPECT_EQ(network_.count(), 6U);
  EXPECT_THAT(kids(), ElementsAre("first"));
  clock_.tick(Seconds(60));
  EXPECT_FALSE(published_.newer_keys(client_, clock_.now()).value());
  EXPECT_EQ(network_.count(), 7U);
}

TEST_F(PublishedClientKeys, AHostThatFailedIsLeftAloneForAWhile) {
  for (int i = 0; i < 10; ++i) EXPECT_THAT(kids(), ElementsAre(HasSubstr("error: ")));
  EXPECT_EQ(network_.count(), 1U);
  network_.serve(kUrl, key_set({first_}));
  clock_.tick(Seconds(30));
  EXPECT_THAT(kids(), ElementsAre("first"));
}

TEST_F(PublishedClientKeys, AnsweredWithAnErrorAreNone) {
  network_.serve(kUrl, key_set({first_}), 404);
  EXPECT_THAT(kids(), ElementsAre(HasSubstr("status 404")));
}

TEST_F(PublishedClientKeys, ThatAreNoKeySetAreRefused) {
  for (const auto* body : {"", "<html>", "[]", "{}", R"({"keys": {}})"}) {
    network_.serve(kUrl, body);
    EXPECT_THAT(kids(), ElementsAre(HasSubstr("error: "))) << body;
    clock_.tick(Seconds(3600));
  }
}

TEST_F(PublishedClientKeys, WhosePrivateHalvesEverybodyKnowsDoNotCount) {
  const auto text = first_.private_json();
  ASSERT_TRUE(text);
  auto list =
      Json::array({*text, *second_.public_json(), Json{{"kty", "oct"}, {"kid", "shared"}, {"k", "AAAA"}}});
  network_.serve(kUrl, dump_json(Json{{"keys", list}}));
  EXPECT_THAT(kids(), ElementsAre("second"));
}

TEST_F(PublishedClientKeys, AStoreThatIsBusyIsAnError) {
  documents_.fail_with = Error{Errc::unavailable, "locked"};
  EXPECT_EQ(published_.keys(client_, clock_.now()).error().code, Errc::unavailable);
  EXPECT_EQ(published_.newer_keys(client_, clock_.now()).error().code, Errc::unavailable);
}

/// A client that signs its assertions with keys behind its jwks_uri.
struct RotatingDesk : Desk {
  jose::Jwk key = *jose::generate_ec(jose::Curve::p256, {.kid = "first"});

  RotatingDesk() {
    add("app", ClientAuthMethod::private_key_jwt).jwks_uri = kUrl;
    publish();
  }
  void publish() { network.serve(kUrl, key_set({key})); }
  Answer present(const std::string& jti) {
    Message claims = members({{"iss", "app"}, {"sub", "app"}, {"aud", kTokenEndpoint}, {"jti", jti}});
    claims.set_number("exp", clock.now().time_since_epoch().count() + 60);
    const auto assertion = jose::sign_jwt(claims, key, jose::Algorithm::es256);
    return ask(members({{"client_assertion", *assertion}, {"client_assertion_type", kJwtBearerAssertion}}));
  }
};

TEST(ClientAssertionByJwksUri, IsVerifiedWithThePublishedKeys) {
  RotatingDesk desk;
  EXPECT_TRUE(desk.present("1"));
  EXPECT_TRUE(desk.present("2"));
  EXPECT_EQ(desk.network.count(), 1U);
}

TEST(ClientAssertionByJwksUri, ARotatedKeyIsFetchedOnce) {
  RotatingDesk desk;
  ASSERT_TRUE(desk.present("1"));
  desk.key = *jose::generate_ec(jose::Curve::p256, {.kid = "second"});
  desk.publish();
  EXPECT_TRUE(desk.present("2"));
  EXPECT_EQ(desk.network.count(), 2U);
}

TEST(ClientAssertionByJwksUri, AKeyThatWasReplacedUnderItsKidIsFetchedOnce) {
  RotatingDesk desk;
  ASSERT_TRUE(desk.present("1"));
  desk.key = *jose::generate_ec(jose::Curve::p256, {.kid = "first"});
  desk.publish();
  EXPECT_TRUE(desk.present("2"));
}

TEST(ClientAssertionByJwksUri, AnUnpublishedKeyIsRefusedAfterOneFetch) {
  RotatingDesk desk;
  ASSERT_TRUE(desk.present("1"));
  desk.key = *jose::generate_ec(jose::Curve::p256, {.kid = "mine"});
  testing::expect_invalid_client(desk.present("2"));
  EXPECT_EQ(desk.network.count(), 2U);
}

TEST(ClientAssertionByJwksUri, WithoutTheKeysNobodyComesIn) {
  RotatingDesk desk;
  desk.network.take_away(kUrl);
  testing::expect_invalid_client(desk.present("1"));
}

TEST(ClientAssertionByJwksUri, AnUnknownClientsAssertionFetchesNothing) {
  RotatingDesk desk;
  desk.clients.clients.clear();
  testing::expect_invalid_client(desk.present("1"));
  EXPECT_EQ(desk.network.count(), 0U);
}

class SectorDocument : public ::testing::Test {
 protected:
  SectorDocument() {
    client_.redirect_uris = {"https://a.example.org/cb", "https://b.example.org/cb"};
    client_.metadata.set("sector_identifier_uri", kSector);
  }
  std::string outcome() {
    const auto verdict = check_sector_document(client_, network_, "wiki");
    if (verdict) return "fine";
    EXPECT_EQ(verdict.error().code, "invalid_client_metadata");
    return verdict.error().description;
  }

  static constexpr const char* kSector = "https://sector.example.org/uris.json";
  FakeFetcher network_;
  model::Client client_ = a_client("app", ClientAuthMethod::client_secret_basic);
};

TEST_F(SectorDocument, ListsEveryRedirectUri) {
  network_.serve(kSector,
                 R"(["https://b.example.org/cb", "https://a.example.org/cb", "https://c.example.org"])");
  EXPECT_EQ(outcome(), "fine");
}

TEST_F(SectorDocument, IsNotFetchedWithoutTheMember) {
  client_.metadata.remove("sector_identifier_uri");
  EXPECT_EQ(outcome(), "fine");
  EXPECT_EQ(network_.count(), 0U);
}

TEST_F(SectorDocument, ThatLacksOneIsRefused) {
  network_.serve(kSector, R"(["https://a.example.org/cb", "https://b.example.org/cb/"])");
  EXPECT_EQ(outcome(), "sector_identifier_uri: does not list every one of the redirect_uris.");
}

TEST_F(SectorDocument, ThatIsNoArrayOfStringsIsRefused) {
  for (const auto* body : {"", "{}", "\"https://a.example.org/cb\"", "[1]", "[[]]", "<html>"}) {
    network_.serve(kSector, body);
    EXPECT_EQ(outcome(), "sector_identifier_uri: is not a JSON array of strings.") << body;
  }
}

TEST_F(SectorDocument, ThatIsNotToBeHadIsRefused) {
  EXPECT_EQ(outcome(), "sector_identifier_uri: could not be fetched.");
  network_.serve(kSector, "[]", 302);
  EXPECT_EQ(outcome(), "sector_identifier_uri: did not answer with status 200.");
}

}  // namespace
}  // namespace oidcop::client
