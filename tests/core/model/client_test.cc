#include "model/client.h"

#include "base/json.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace oidcop::model {
namespace {

TimePoint at(std::int64_t seconds) {
  return TimePoint(Seconds(seconds));
}

Client full_client() {
  Client client;
  client.id = ClientId("app");
  client.name = "The App";
  client.version = 7;
  client.created_at = at(1'800'000'000);
  client.enabled = false;
  client.token_endpoint_auth_method = ClientAuthMethod::client_secret_jwt;
  client.token_endpoint_auth_signing_alg = jose::Algorithm::hs256;
  client.secrets = {{ClientSecret::Form::hmac, std::string("\x00\xff octets", 9), at(1), std::nullopt},
                    {ClientSecret::Form::crypt, "$y$j9T$salt$hash", at(2), at(3)}};
  client.jwks = R"({"keys":[]})";
  client.application_type = ApplicationType::native;
  client.redirect_uris = {"com.example.app:/cb", "http://127.0.0.1/cb"};
  client.post_logout_redirect_uris = {"https://rp.example/bye"};
  client.response_types = {"code", "code id_token"};
  client.grant_types = {"authorization_code", "refresh_token"};
  client.subject_type = SubjectType::pairwise;
  client.sector_identifier = "rp.example";
  client.id_token_signed_response_alg = jose::Algorithm::es256;
  client.default_max_age = Seconds(300);
  client.require_auth_time = true;
  client.default_acr_values = {"urn:mace:incommon:iap:silver"};
  client.client_uri = "https://rp.example/";
  client.logo_uri = "https://rp.example/logo.png";
  client.policy_uri = "https://rp.example/policy";
  client.tos_uri = "https://rp.example/tos";
  client.initiate_login_uri = "https://rp.example/login";
  client.allowed_scopes = ScopeSet({"openid", "email"});
  client.token_usage_rules[TokenClass::refresh_token] = {
      Seconds(86400), 1, std::vector{TokenClass::access_token, TokenClass::refresh_token}};
  client.token_usage_rules[TokenClass::access_token] = {};
  client.pkce_essential = false;
  client.rotate_refresh_tokens = true;
  client.refresh_grace = Seconds(0);
  client.consent = ConsentMode::implicit;
  client.consent_lifetime = Seconds(60);
  client.id_token_claims = true;
  client.metadata.set("client_name#fr", "L'App");
  client.metadata.set("x_unknown", Json{1, true, nullptr});
  return client;
}

Result<Client> read(const Json& document) {
  return client_from_message(Message(document));
}

TEST(ClientDocument, EveryMemberSurvivesTheRoundTrip) {
  const auto document = to_message(full_client());
  const auto client = client_from_message(document);
  ASSERT_TRUE(client) << client.error().detail;
  EXPECT_EQ(to_message(*client), document);
  EXPECT_EQ(client->secrets.at(0).value, full_client().secrets.at(0).value);
  EXPECT_EQ(client->secrets.at(1).expires_at, at(3));
  EXPECT_EQ(client->token_endpoint_auth_method, ClientAuthMethod::client_secret_jwt);
  EXPECT_EQ(client->token_endpoint_auth_signing_alg, jose::Algorithm::hs256);
  EXPECT_EQ(client->application_type, ApplicationType::native);
  EXPECT_EQ(client->subject_type, SubjectType::pairwise);
  EXPECT_EQ(client->consent, ConsentMode::implicit);
  EXPECT_EQ(client->jwks, R"({"keys":[]})");
  EXPECT_EQ(client->default_max_age, Seconds(300));
  EXPECT_EQ(client->refresh_grace, Seconds(0));
  EXPECT_EQ(client->pkce_essential, false);
  EXPECT_EQ(client->version, 7);
  EXPECT_FALSE(client->enabled);
  EXPECT_EQ(client->metadata, full_client().metadata);
  const auto& rule = client->token_usage_rules.at(TokenClass::refresh_token);
  EXPECT_EQ(rule.max_usage, 1);
  EXPECT_EQ(rule.supports_minting->size(), 2U);
  EXPECT_FALSE(client->token_usage_rules.at(TokenClass::access_token).expires_in);
}

TEST(ClientDocument, DefaultsStandForWhatIsLeftOut) {
  const auto client = read({{"client_id", "app"}});
  ASSERT_TRUE(client) << client.error().detail;
  EXPECT_EQ(client->name, "app");
  EXPECT_EQ(client->version, 1);
  EXPECT_TRUE(client->enabled);
  EXPECT_EQ(client->token_endpoint_auth_method, ClientAuthMethod::client_secret_basic);
  EXPECT_EQ(client->response_types, std::vector<std::string>{"code"});
  EXPECT_FALSE(client->allowed_scopes);
  EXPECT_FALSE(client->rotate_refresh_tokens);
}

TEST(ClientDocument, AbsentAndEmptyAllowedScopesDiffer) {
  const auto client = read({{"client_id", "app"}, {"allowed_scopes", Json::array()}});
  ASSERT_TRUE(client);
  ASSERT_TRUE(client->allowed_scopes);
  EXPECT_TRUE(client->allowed_scopes->empty());
}

TEST(ClientDocument, WrongMembersAreRefusedByName) {
  const std::vector<std::pair<std::string, Json>> wrong{
      {"client_name", 1},
      {"enabled", "yes"},
      {"version", -1},
      {"created_at", 1e300},
      {"token_endpoint_auth_method", "tls_client_auth"},
      {"token_endpoint_auth_signing_alg", "XX256"},
      {"redirect_uris", "https://rp.example/cb"},
      {"application_type", "desktop"},
      {"subject_type", "pairwise"},  // without a sector
      {"default_max_age", "soon"},
      {"secrets", Json::object()},
      {"secrets", Json::array({Json{{"form", "plain"}, {"value", "x"}}})},
      {"secrets", Json::array({Json{{"form", "hmac"}}})},
      {"secrets", Json::array({Json{{"form", "hmac"}, {"value", "not base64url!"}}})},
      {"token_usage_rules", Json::array()},
      {"token_usage_rules", {{"cookie", Json::object()}}},
      {"token_usage_rules", {{"access_token", 1}}},
      {"token_usage_rules", {{"access_token", {{"max_usage", 1LL << 40}}}}},
      {"token_usage_rules", {{"access_token", {{"supports_minting", Json::array({"x"})}}}}},
      {"consent", "never"},
      {"metadata", "text"},
  };
  for (const auto& [name, value] : wrong) {
    const auto client = read({{"client_id", "app"}, {name, value}});
    ASSERT_FALSE(client) << name << " " << value;
    EXPECT_EQ(client.error().code, Errc::malformed) << name;
  }
  EXPECT_FALSE(read(Json::object()));
}

TEST(ClientAuthMethodName, LeadsBackToItsMethod) {
  for (const auto method :
       {ClientAuthMethod::none, ClientAuthMethod::client_secret_basic, ClientAuthMethod::client_secret_post,
        ClientAuthMethod::client_secret_jwt, ClientAuthMethod::private_key_jwt}) {
    const auto named = client_auth_method_named(name_of(method));
    ASSERT_TRUE(named);
    EXPECT_EQ(*named, method);
  }
}

TEST(ClientAuthMethodName, IsTheRegisteredOneForAHooksMethodToo) {
  Client client;
  EXPECT_EQ(auth_method_name(client), "client_secret_basic");
  client.token_endpoint_auth_method = ClientAuthMethod::extension;
  EXPECT_EQ(auth_method_name(client), "extension");
  client.metadata.set("token_endpoint_auth_method", "company_badge");
  EXPECT_EQ(auth_method_name(client), "company_badge");
}

TEST(ClientAuthMethodName, NobodyCanRegisterAHooksPlaceholder) {
  EXPECT_FALSE(client_auth_method_named("extension"));
  auto client = full_client();
  client.token_endpoint_auth_method = ClientAuthMethod::extension;
  const auto read_back = client_from_message(to_message(client));
  ASSERT_TRUE(read_back);
  EXPECT_EQ(read_back->token_endpoint_auth_method, ClientAuthMethod::extension);
}

TEST(ClientSecret, IsLiveUntilItsEnd) {
  const ClientSecret secret{ClientSecret::Form::hmac, "x", at(0), at(10)};
  EXPECT_TRUE(secret.is_live(at(9)));
  EXPECT_FALSE(secret.is_live(at(10)));
  EXPECT_TRUE((ClientSecret{ClientSecret::Form::hmac, "x", at(0), std::nullopt}.is_live(at(1LL << 40))));
}

}  // namespace
}  // namespace oidcop::model
