#include "client/client_information.h"

#include "client/registration.h"
#include "core/client/client_data.h"

namespace oidcop::client {
namespace {

using model::ClientAuthMethod;
using testing::Vault;

model::Client registered(Vault& vault) {
  Message metadata;
  metadata.set("redirect_uris", Json::array({"https://rp.example.org/cb"}));
  metadata.set("client_name#fr", "Exemple");
  metadata.set("x_own", "kept");
  return *register_client(model::ClientId("rp"), metadata, {}, vault.clock.now());
}

TEST(ClientInformation, HoldsEverythingRegisteredAndTheDefaults) {
  Vault vault;
  const auto document = client_information(registered(vault));
  EXPECT_EQ(document.text("client_id"), "rp");
  EXPECT_EQ(document.number("client_id_issued_at"), 1'800'000'000);
  EXPECT_EQ(document.json().at("redirect_uris"), Json::array({"https://rp.example.org/cb"}));
  EXPECT_EQ(document.text("token_endpoint_auth_method"), "client_secret_basic");
  EXPECT_EQ(document.json().at("response_types"), Json::array({"code"}));
  EXPECT_EQ(document.json().at("grant_types"), Json::array({"authorization_code"}));
  EXPECT_EQ(document.text("application_type"), "web");
  EXPECT_EQ(document.text("subject_type"), "public");
  EXPECT_EQ(document.text("client_name#fr"), "Exemple");
  EXPECT_EQ(document.text("x_own"), "kept");
}

TEST(ClientInformation, NeverHoldsASecretInAnyForm) {
  Vault vault;
  for (const auto method : {ClientAuthMethod::client_secret_basic, ClientAuthMethod::client_secret_jwt}) {
    auto client = registered(vault);
    client.token_endpoint_auth_method = method;
    const auto secret = vault.issue(client);
    client.metadata.set("client_secret", secret.reveal());  // however it might have got there
    const auto text = dump_json(client_information(client).json());
    EXPECT_EQ(text.find(secret.reveal()), std::string::npos);
    EXPECT_EQ(text.find(client.secrets.front().value), std::string::npos);
    EXPECT_EQ(text.find("client_secret\""), std::string::npos);
  }
}

TEST(ClientInformation, TellsASecretOnceWithItsEnd) {
  Vault vault;
  auto client = registered(vault);
  const auto end = vault.clock.now() + Seconds(60);
  auto issued = *vault.secrets.generate(client, vault.clock.now(), end, vault.random);
  auto document = client_information(client, &issued);
  EXPECT_EQ(document.text("client_secret"), issued.plain.reveal());
  EXPECT_EQ(document.number("client_secret_expires_at"), 1'800'000'060);
  issued.stored.expires_at.reset();
  EXPECT_EQ(client_information(client, &issued).number("client_secret_expires_at"), 0)
      << "never (RFC 7591, 3.2.1)";
}

TEST(ClientInformation, RegistersAgainAsTheSameClient) {
  Vault vault;
  const auto client = registered(vault);
  const auto again = register_client(client.id, client_information(client), {}, vault.clock.now());
  ASSERT_TRUE(again) << again.error().description;
  EXPECT_EQ(client_information(*again), client_information(client));
}

}  // namespace
}  // namespace oidcop::client
