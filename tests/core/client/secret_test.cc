#include "client/secret.h"

#include "core/client/client_data.h"

namespace oidcop::client {
namespace {

using model::ClientAuthMethod;
using Form = model::ClientSecret::Form;
using testing::a_client;
using testing::Vault;

TEST(ClientSecrets, GenerateMakes256RandomBitsThatAreUrlSafe) {
  Vault vault;
  auto client = a_client("rp", ClientAuthMethod::client_secret_basic);
  const auto first = vault.issue(client);
  const auto second = vault.issue(client);
  EXPECT_EQ(first.size(), 43U);
  EXPECT_EQ(
      first.reveal().find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
      std::string_view::npos);
  EXPECT_FALSE(equal_in_constant_time(first, second));
}

// reference defect B07: secrets were kept in clear text and compared with ordinary equality.
TEST(ClientSecrets, NoStoredFormHoldsTheSecret) {
  Vault vault;
  for (const auto method : {ClientAuthMethod::client_secret_basic, ClientAuthMethod::client_secret_post,
                            ClientAuthMethod::client_secret_jwt}) {
    auto client = a_client("rp", method);
    const auto secret = vault.issue(client);
    EXPECT_EQ(client.secrets.front().value.find(secret.reveal()), std::string::npos);
  }
  auto client = a_client("rp", ClientAuthMethod::client_secret_basic);
  vault.give(client, "chosen by hand");
  EXPECT_EQ(client.secrets.front().value.find("chosen by hand"), std::string::npos);
}

TEST(ClientSecrets, TheFormFollowsFromUseAndStrength) {
  Vault vault;
  auto basic = a_client("rp", ClientAuthMethod::client_secret_basic);
  vault.issue(basic);
  EXPECT_EQ(basic.secrets.back().form, Form::hmac);
  vault.give(basic, "chosen by hand");
  EXPECT_EQ(basic.secrets.back().form, Form::crypt);
  vault.give(basic, std::string(kStrongSecretSize, 'x'));
  EXPECT_EQ(basic.secrets.back().form, Form::hmac);

  auto jwt = a_client("rp", ClientAuthMethod::client_secret_jwt);
  vault.issue(jwt);
  EXPECT_EQ(jwt.secrets.back().form, Form::encrypted);
  auto hs_id_token = a_client("rp", ClientAuthMethod::client_secret_basic);
  hs_id_token.id_token_signed_response_alg = jose::Algorithm::hs256;
  vault.issue(hs_id_token);
  EXPECT_EQ(hs_id_token.secrets.back().form, Form::encrypted);
}

TEST(ClientSecrets, OnlySecretsNeedingMethodsNeedOne) {
  EXPECT_TRUE(needs_secret(a_client("rp", ClientAuthMethod::client_secret_basic)));
  EXPECT_TRUE(needs_secret(a_client("rp", ClientAuthMethod::client_secret_post)));
  EXPECT_TRUE(needs_secret(a_client("rp", ClientAuthMethod::client_secret_jwt)));
  EXPECT_FALSE(needs_secret(a_client("rp", ClientAuthMethod::none)));
  EXPECT_FALSE(needs_secret(a_client("rp", ClientAuthMethod::extension)));
  auto keyed = a_client("rp", ClientAuthMethod::private_key_jwt);
  EXPECT_FALSE(needs_secret(keyed));
  keyed.id_token_signed_response_alg = jose::Algorithm::hs256;
  EXPECT_TRUE(needs_secret(keyed));
}

TEST(ClientSecrets, RefusesChosenSecretsThatAreTooWeakOrCannotBeSent) {
  Vault vault;
  const auto basic = a_client("rp", ClientAuthMethod::client_secret_basic);
  for (const auto& bad : {std::string(), std::string("short"), std::string(513, 'x'),
                          std::string("tab\tin the middle"), std::string("f\xC3\xBCr immer und ewig")}) {
    const auto stored =
        vault.secrets.store(basic, Secret(bad), vault.clock.now(), std::nullopt, vault.random);
    ASSERT_FALSE(stored);
    EXPECT_EQ(stored.error().code, Errc::refused);
  }
  const auto jwt = a_client("rp", ClientAuthMethod::client_secret_jwt);
  const auto stored =
      vault.secrets.store(jwt, Secret("a short key"), vault.clock.now(), std::nullopt, vault.random);
  ASSERT_FALSE(stored);
  EXPECT_EQ(stored.error().code, Errc::refused);
}

// RFC 7518, 3.2: a key is at least as long as the hash.
TEST(ClientSecrets, ASecretThatServesAsAKeyIsLongEnoughForTheAlgorithm) {
  Vault vault;
  auto client = a_client("rp", ClientAuthMethod::client_secret_jwt);
  client.token_endpoint_auth_signing_alg = jose::Algorithm::hs512;
  EXPECT_EQ(vault.issue(client).size(), 64U);
  EXPECT_FALSE(vault.secrets.store(client, Secret(std::string(63, 'x')), vault.clock.now(), std::nullopt,
                                   vault.random));
  EXPECT_TRUE(vault.secrets.store(client, Secret(std::string(64, 'x')), vault.clock.now(), std::nullopt,
                                  vault.random));
  client.token_endpoint_auth_signing_alg.reset();
  EXPECT_TRUE(vault.secrets.store(client, Secret(std::string(32, 'x')), vault.clock.now(), std::nullopt,
                                  vault.random));
}

TEST(ClientSecrets, VerifiesEveryFormAndNothingElse) {
  Vault vault;
  for (const auto* chosen : {"chosen by hand", "a chosen one that is long enough to be strong"}) {
    for (const auto method : {ClientAuthMethod::client_secret_basic, ClientAuthMethod::client_secret_jwt}) {
      auto client = a_client("rp", method);
      if (needs_plain_secret(client) && ClientSecrets::is_slow(Secret(chosen))) continue;
      vault.give(client, chosen);
      EXPECT_EQ(vault.secrets.verify(&client, Secret(chosen), vault.clock.now()), true);
      EXPECT_EQ(vault.secrets.verify(&client, Secret(std::string(chosen) + "x"), vault.clock.now()), false);
      EXPECT_EQ(vault.secrets.verify(&client, Secret("wrong"), vault.clock.now()), false);
      EXPECT_EQ(vault.secrets.verify(&client, Secret(client.secrets.front().value), vault.clock.now()), false)
          << "the stored form is no secret";
    }
  }
}

TEST(ClientSecrets, VerifiesAgainstEveryLiveSecretOnly) {
  Vault vault;
  auto client = a_client("rp", ClientAuthMethod::client_secret_basic);
  const auto old_one = vault.issue(client, vault.clock.now() + Seconds(60));
  const auto new_one = vault.issue(client);
  EXPECT_EQ(vault.secrets.verify(&client, old_one, vault.clock.now()), true);
  EXPECT_EQ(vault.secrets.verify(&client, new_one, vault.clock.now()), true);
  vault.clock.tick(Seconds(60));
  EXPECT_EQ(vault.secrets.verify(&client, old_one, vault.clock.now()), false);
  EXPECT_EQ(vault.secrets.verify(&client, new_one, vault.clock.now()), true);
}

TEST(ClientSecrets, ASecretWorksForItsOwnClientOnly) {
  Vault vault;
  for (const auto method : {ClientAuthMethod::client_secret_basic, ClientAuthMethod::client_secret_jwt}) {
    auto mine = a_client("mine", method);
    auto yours = a_client("yours", method);
    const auto secret = vault.issue(mine);
    yours.secrets = mine.secrets;  // as somebody with a hand in the database might do
    EXPECT_EQ(vault.secrets.verify(&yours, secret, vault.clock.now()), false);
  }
}

TEST(ClientSecrets, AMovedCellDoesNotOpen) {
  Vault vault;
  auto mine = a_client("mine", ClientAuthMethod::client_secret_jwt);
  auto yours = a_client("yours", ClientAuthMethod::client_secret_jwt);
  vault.issue(mine);
  yours.secrets = mine.secrets;
  ASSERT_TRUE(vault.secrets.plain_secrets(mine, vault.clock.now()));
  const auto moved = vault.secrets.plain_secrets(yours, vault.clock.now());
  ASSERT_FALSE(moved);
  EXPECT_EQ(moved.error().code, Errc::bad_signature);
}

TEST(ClientSecrets, PlainSecretsAreTheLiveOnesNewestFirst) {
  Vault vault;
  auto client = a_client("rp", ClientAuthMethod::client_secret_jwt);
  const auto dead = vault.issue(client, vault.clock.now() + Seconds(1));
  const auto older = vault.issue(client);
  vault.clock.tick(Seconds(10));
  const auto newer = vault.issue(client);
  const auto plain = vault.secrets.plain_secrets(client, vault.clock.now());
  ASSERT_TRUE(plain);
  ASSERT_EQ(plain->size(), 2U);
  EXPECT_TRUE(equal_in_constant_time(plain->at(0), newer));
  EXPECT_TRUE(equal_in_constant_time(plain->at(1), older));
}

TEST(ClientSecrets, NobodyHasASecret) {
  Vault vault;
  EXPECT_EQ(vault.secrets.verify(nullptr, Secret("wrong"), vault.clock.now()), false);
  EXPECT_EQ(vault.secrets.verify(nullptr, Secret(std::string(43, 'w')), vault.clock.now()), false);
}

}  // namespace
}  // namespace oidcop::client
