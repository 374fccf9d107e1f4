#include "client/registration.h"

#include "core/client/client_data.h"
#include "jose/jwk.h"
#include "jose/jwk_set.h"
#include "model/response_type.h"

namespace oidcop::client {
namespace {

using model::ClientAuthMethod;

const model::ClientId kId("rp");

Message minimal() {
  Message metadata;
  metadata.set("redirect_uris", Json::array({"https://rp.example.org/cb"}));
  return metadata;
}

Message with(std::string_view member, Json value) {
  auto metadata = minimal();
  metadata.set(member, std::move(value));
  return metadata;
}

Result<model::Client, ProtocolError> registered(const Message& metadata,
                                                const RegistrationPolicy& policy = {}) {
  return register_client(kId, metadata, policy, TimePoint(Seconds(1'800'000'000)));
}

/// That registering fails because of this member.
void expect_refused(const Message& metadata, std::string_view member,
                    std::string_view code = "invalid_client_metadata") {
  const auto client = registered(metadata);
  ASSERT_FALSE(client) << dump_json(metadata.json());
  EXPECT_EQ(client.error().code, code) << dump_json(metadata.json());
  EXPECT_EQ(client.error().parameter, member) << dump_json(metadata.json());
  EXPECT_TRUE(client.error().description.starts_with(std::string(member) + ": "))
      << client.error().description;
  EXPECT_EQ(client.error().http_status, 400);
}

TEST(Registration, FillsInTheDefaultsOfTheSpecification) {
  const auto client = registered(minimal());
  ASSERT_TRUE(client) << client.error().description;
  EXPECT_EQ(client->id, kId);
  EXPECT_EQ(client->name, "rp");
  EXPECT_EQ(client->token_endpoint_auth_method, ClientAuthMethod::client_secret_basic);
  EXPECT_EQ(client->application_type, model::ApplicationType::web);
  EXPECT_EQ(client->response_types, std::vector<std::string>{"code"});
  EXPECT_EQ(client->grant_types, std::vector<std::string>{"authorization_code"});
  EXPECT_EQ(client->subject_type, model::SubjectType::public_subject);
  EXPECT_FALSE(client->id_token_signed_response_alg);
  EXPECT_FALSE(client->allowed_scopes);
  EXPECT_TRUE(client->enabled);
  EXPECT_TRUE(client->secrets.empty());
  EXPECT_EQ(client->created_at, TimePoint(Seconds(1'800'000'000)));
}

TEST(Registration, TakesEveryMemberThatDecidesSomething) {
  auto metadata = minimal();
  metadata.set("client_name", "Example");
  metadata.set("grant_types", Json::array({"authorization_code", "refresh_token"}));
  metadata.set("token_endpoint_auth_method", "client_secret_jwt");
  metadata.set("token_endpoint_auth_signing_alg", "HS512");
  metadata.set("id_token_signed_response_alg", "RS256");
  metadata.set("subject_type", "pairwise");
  metadata.set("default_max_age", Json(3600));
  metadata.set_bool("require_auth_time", true);
  metadata.set("default_acr_values", Json::array({"urn:a", "urn:b"}));
  metadata.set("post_logout_redirect_uris", Json::array({"https://rp.example.org/bye"}));
  metadata.set("logo_uri", "https://rp.example.org/logo.png");
  metadata.set("policy_uri", "https://rp.example.org/policy");
  metadata.set("scope", "openid email");
  const auto client = registered(metadata);
  ASSERT_TRUE(client) << client.error().description;
  EXPECT_EQ(client->name, "Example");
  EXPECT_EQ(client->grant_types.size(), 2U);
  EXPECT_EQ(client->token_endpoint_auth_method, ClientAuthMethod::client_secret_jwt);
  EXPECT_EQ(client->token_endpoint_auth_signing_alg, jose::Algorithm::hs512);
  EXPECT_EQ(client->id_token_signed_response_alg, jose::Algorithm::rs256);
  EXPECT_EQ(client->subject_type, model::SubjectType::pairwise);
  EXPECT_EQ(client->sector_identifier, "rp.example.org");
  EXPECT_EQ(client->default_max_age, Seconds(3600));
  EXPECT_TRUE(client->require_auth_time);
  EXPECT_EQ(client->default_acr_values.size(), 2U);
  EXPECT_EQ(client->post_logout_redirect_uris.size(), 1U);
  EXPECT_EQ(client->logo_uri, "https://rp.example.org/logo.png");
  EXPECT_EQ(client->policy_uri, "https://rp.example.org/policy");
  EXPECT_EQ(client->allowed_scopes->text(), "openid email");
}

TEST(Registration, KeepsUnknownAndLanguageTaggedMembers) {
  auto metadata = with("x_own", Json({{"deep", {1, 2}}}));
  metadata.set("client_name#fr", "Exemple");
  metadata.set("logo_uri#fr", "https://rp.example.org/fr.png");
  const auto client = registered(metadata);
  ASSERT_TRUE(client);
  EXPECT_EQ(client->metadata.json().at("x_own"), Json({{"deep", {1, 2}}}));
  EXPECT_EQ(client->metadata.text("client_name#fr"), "Exemple");
  EXPECT_EQ(client->name, "rp") << "the name without a language is another member";
}

TEST(Registration, NeverTakesWhatTheProviderDecides) {
  auto metadata = with("client_secret", "a secret that must not get into the record");
  metadata.set("client_id", "admin");
  metadata.set("registration_access_token", "token");
  metadata.set("client_secret_expires_at", Json(0));
  const auto client = registered(metadata);
  ASSERT_TRUE(client);
  EXPECT_EQ(client->id, kId);
  for (const auto* member :
       {"client_secret", "client_id", "registration_access_token", "client_secret_expires_at"}) {
    EXPECT_FALSE(client->metadata.has(member)) << member;
  }
}

TEST(Registration, TakesNullAsAbsent) {
  const auto client = registered(with("token_endpoint_auth_method", Json()));
  ASSERT_TRUE(client) << client.error().description;
  EXPECT_EQ(client->token_endpoint_auth_method, ClientAuthMethod::client_secret_basic);
}

TEST(Registration, NamesABadRedirectUriByACodeOfItsOwn) {
  constexpr std::string_view kCode = "invalid_redirect_uri";
  expect_refused(Message(), "redirect_uris", kCode);
  expect_refused(with("redirect_uris", Json::array()), "redirect_uris", kCode);
  expect_refused(with("redirect_uris", "https://rp.example.org/cb"), "redirect_uris", kCode);
  expect_refused(with("redirect_uris", Json::array({1})), "redirect_uris", kCode);
  expect_refused(with("redirect_uris", Json::array({"http://rp.example.org/cb"})), "redirect_uris", kCode);
  expect_refused(with("redirect_uris", Json::array({"https://rp.example.org/cb", "javascript:x"})),
                 "redirect_uris", kCode);
  expect_refused(with("post_logout_redirect_uris", Json::array({"https://rp.example.org/#x"})),
                 "post_logout_redirect_uris");
}

RegistrationPolicy every_response_type() {
  RegistrationPolicy policy;
  policy.response_types = model::openid_response_types();
  policy.grant_types = {"authorization_code", "refresh_token", "implicit"};
  return policy;
}

// OpenID Connect Dynamic Client Registration 1.0, 2: the correspondence between response and grant types.
TEST(Registration, GrantTypesThatAreLeftOutAreThoseOfTheResponseTypes) {
  const std::pair<Json, std::vector<std::string>> kNeeds[] = {
      {Json::array({"code"}), {"authorization_code"}},
      {Json::array({"id_token"}), {"implicit"}},
      {Json::array({"id_token token"}), {"implicit"}},
      {Json::array({"code", "id_token code"}), {"authorization_code", "implicit"}},
      {Json::array({"none"}), {"authorization_code"}},
  };
  for (const auto& [types, needed] : kNeeds) {
    const auto client = registered(with("response_types", types), every_response_type());
    ASSERT_TRUE(client) << types << client.error().description;
    EXPECT_EQ(client->grant_types, needed) << types;
  }
}

TEST(Registration, ResponseTypesAreKeptAsTheSpecificationsWriteThem) {
  const auto client =
      registered(with("response_types", Json::array({"token code id_token", "code"})), every_response_type());
  ASSERT_TRUE(client) << client.error().description;
  EXPECT_EQ(client->response_types, (std::vector<std::string>{"code id_token token", "code"}));
}

// RFC 8628: nothing goes back to a device through a browser.
TEST(Registration, ADeviceNeedsNoRedirectUri) {
  auto policy = every_response_type();
  policy.grant_types.emplace_back(model::kDeviceCodeGrantType);
  Message metadata;
  metadata.set("grant_types", Json::array({model::kDeviceCodeGrantType, "refresh_token"}));
  const auto client = registered(metadata, policy);
  ASSERT_TRUE(client) << client.error().description;
  EXPECT_TRUE(client->response_types.empty());
  EXPECT_TRUE(client->redirect_uris.empty());
  metadata.set("grant_types", Json::array({model::kDeviceCodeGrantType, "authorization_code"}));
  EXPECT_FALSE(registered(metadata, policy)) << "one that has a browser as well does";
  EXPECT_FALSE(registered(metadata, every_response_type())) << "nor where there is no such grant";
}

TEST(Registration, TokensInTheFrontChannelNeedTheGrantTypeImplicit) {
  auto metadata = with("response_types", Json::array({"code id_token"}));
  metadata.set("grant_types", Json::array({"authorization_code"}));
  const auto client = registered(metadata, every_response_type());
  ASSERT_FALSE(client);
  EXPECT_EQ(client.error().parameter, "grant_types");
}

Message with_keys(Message metadata) {
  const auto key = jose::generate_ec(jose::Curve::p256, {.kid = "k", .alg = {}, .use = {}}).value();
  metadata.set("jwks", jose::JwkSet({key}).dump_public());
  return metadata;
}

RegistrationPolicy every_protection() {
  RegistrationPolicy policy;
  policy.responses = {{jose::Algorithm::rs256, jose::Algorithm::hs256},
                      response_key_management(),
                      jose::ContentEncryptionSet::all()};
  policy.requests = {{jose::Algorithm::es256, jose::Algorithm::hs256, jose::Algorithm::none},
                     jose::asymmetric_key_management(),
                     jose::ContentEncryptionSet::all(),
                     true};
  policy.id_token_signing_algs = {jose::Algorithm::rs256, jose::Algorithm::none};
  return policy;
}

TEST(Registration, TakesWhatProtectsRequestsAndAnswers) {
  const std::pair<const char*, Json> kGood[] = {
      {"id_token_encrypted_response_alg", "ECDH-ES+A256KW"},
      {"userinfo_signed_response_alg", "RS256"},
      {"userinfo_encrypted_response_alg", "A128KW"},
      {"request_object_signing_alg", "ES256"},
      {"request_object_signing_alg", "none"},
      {"request_object_encryption_alg", "RSA-OAEP"},
      {"require_signed_request_object", true},
      {"require_pushed_authorization_requests", true},
      {"request_uris", Json::array({"https://rp.example.org/r#abc"})}};
  for (const auto& [member, value] : kGood) {
    const auto client = registered(with_keys(with(member, value)), every_protection());
    ASSERT_TRUE(client) << member << ": " << client.error().description;
    EXPECT_EQ(*client->metadata.find(member), value);
  }
}

TEST(Registration, RefusesWhatCannotProtectRequestsAndAnswers) {
  const std::pair<const char*, Json> kWrong[] = {
      {"request_object_signing_alg", "RS256"},
      {"request_object_signing_alg", 1},
      {"request_object_encryption_alg", "dir"},
      {"request_object_encryption_enc", "A128GCM"},
      {"require_signed_request_object", "yes"},
      {"require_pushed_authorization_requests", 1},
      {"request_uris", "https://rp.example.org/r"},
      {"request_uris", Json::array({"http://rp.example.org/r"})},
      {"request_uris", Json::array({"https://u@rp.example.org/r"})}};
  for (const auto& [member, value] : kWrong) {
    const auto client = registered(with_keys(with(member, value)), every_protection());
    ASSERT_FALSE(client) << member << value;
    EXPECT_EQ(client.error().parameter, member);
  }
}

TEST(Registration, AnAsymmetricRequestObjectNeedsKeysAndASymmetricOneASecret) {
  EXPECT_EQ(registered(with("request_object_signing_alg", "ES256"), every_protection()).error().parameter,
            "request_object_signing_alg");
  auto open = with("request_object_signing_alg", "HS256");
  EXPECT_TRUE(needs_plain_secret(*registered(open, every_protection())));
  open.set("token_endpoint_auth_method", "none");
  EXPECT_EQ(registered(open, every_protection()).error().parameter, "request_object_signing_alg");
}

TEST(Registration, AnUnsignedIdTokenIsForTheCodeFlowInTheClear) {
  auto policy = every_protection();
  policy.response_types = model::openid_response_types();
  policy.grant_types = {"authorization_code", "implicit"};
  auto metadata = with_keys(with("id_token_signed_response_alg", "none"));
  EXPECT_TRUE(registered(metadata, policy));
  auto encrypted = metadata;
  encrypted.set("id_token_encrypted_response_alg", "ECDH-ES");
  EXPECT_EQ(registered(encrypted, policy).error().parameter, "id_token_signed_response_alg");
  metadata.set("response_types", Json::array({"code", "code id_token"}));
  EXPECT_EQ(registered(metadata, policy).error().parameter, "id_token_signed_response_alg");
}

TEST(Registration, ChecksHowAClientWantsToHearOfALogout) {
  const auto accepts = [](const Message& metadata, const RegistrationPolicy& policy = {}) {
    return register_client(model::ClientId("c1"), metadata, policy, TimePoint{}).has_value();
  };
  EXPECT_TRUE(accepts(with("frontchannel_logout_uri", "https://rp.example.org/out?a=b")));
  for (const auto* uri : {"https://other.example.org/out", "https://rp.example.org:8443/out",
                          "http://rp.example.org/out", "https://rp.example.org/out#x", "/out"}) {
    expect_refused(with("frontchannel_logout_uri", uri), "frontchannel_logout_uri");
  }
  expect_refused(with("frontchannel_logout_uri", 1), "frontchannel_logout_uri");
  expect_refused(with("frontchannel_logout_session_required", "yes"), "frontchannel_logout_session_required");
  EXPECT_TRUE(accepts(with("backchannel_logout_uri", "https://elsewhere.example.org/out?a=b")));
  for (const auto* uri : {"http://rp.example.org/out", "https://rp.example.org/out#x", "/out", ""}) {
    expect_refused(with("backchannel_logout_uri", uri), "backchannel_logout_uri");
  }
  expect_refused(with("backchannel_logout_uri", 1), "backchannel_logout_uri");
  expect_refused(with("backchannel_logout_session_required", "yes"), "backchannel_logout_session_required");
  RegistrationPolicy off;
  off.frontchannel_logout = false;
  off.backchannel_logout = false;
  EXPECT_FALSE(accepts(with("backchannel_logout_uri", "https://rp.example.org/out"), off));
  EXPECT_FALSE(accepts(with("frontchannel_logout_uri", "https://rp.example.org/out"), off));
}

TEST(Registration, NamesTheMemberThatIsWrong) {
  const std::pair<const char*, Json> kWrong[] = {
      {"application_type", "desktop"},
      {"response_types", Json::array({"token"})},
      {"response_types", Json::array()},
      {"grant_types", Json::array({"password"})},
      {"grant_types", Json::array({"refresh_token"})},
      {"token_endpoint_auth_method", "tls_client_auth"},
      {"token_endpoint_auth_method", "extension"},
      {"token_endpoint_auth_method", 7},
      {"id_token_signed_response_alg", "none"},
      {"id_token_signed_response_alg", "HS256"},
      {"id_token_signed_response_alg", "XX999"},
      {"id_token_encrypted_response_alg", "RSA-OAEP"},
      {"id_token_encrypted_response_enc", "A128GCM"},
      {"userinfo_signed_response_alg", "RS256"},
      {"userinfo_encrypted_response_alg", "RSA1_5"},
      {"request_object_signing_alg", "RS256"},
      {"require_signed_request_object", true},
      {"dpop_bound_access_tokens", true},
      {"subject_type", "secret"},
      {"sector_identifier_uri", "http://rp.example.org/sector"},
      {"default_max_age", -1},
      {"default_max_age", 1e300},
      {"default_max_age", "60"},
      {"require_auth_time", "yes"},
      {"default_acr_values", "urn:a"},
      {"contacts", "me@example.org"},
      {"client_name", Json::array({"x"})},
      {"logo_uri", "http://rp.example.org/logo.png"},
      {"tos_uri#fr", "javascript:alert(1)"},
      {"policy_uri", "data:text/html,x"},
      {"client_uri", "/relative"},
      {"initiate_login_uri", "http://rp.example.org/login"},
      {"jwks_uri", "http://rp.example.org/jwks"},
      {"jwks_uri", 1},
      {"jwks", Json::array()},
      {"scope", "open\"id"},
  };
  for (const auto& [member, value] : kWrong) expect_refused(with(member, value), member);
}

TEST(Registration, TakesKeysByReference) {
  auto metadata = with("jwks_uri", "https://rp.example.org/jwks");
  metadata.set("token_endpoint_auth_method", "private_key_jwt");
  const auto client = registered(metadata);
  ASSERT_TRUE(client);
  EXPECT_EQ(client->jwks_uri, "https://rp.example.org/jwks");
  EXPECT_EQ(client->jwks, "");
  metadata.set("jwks", Json{{"keys", Json::array()}});
  expect_refused(metadata, "jwks_uri");
}

TEST(Registration, RefusesCharactersThatDeceiveTheReader) {
  for (const auto* name :
       {"Bank\n", "Bank\t", "\x01", "Bank\u202E", "\u2066Bank", "Bank\u0085", "Ba\u200Fnk", "\x7F"}) {
    expect_refused(with("client_name", name), "client_name");
    expect_refused(with("x_own", Json::array({Json{{"deep", name}}})), "x_own");
  }
  EXPECT_TRUE(registered(with("client_name", "B\u00E4nk \u0628\u0646\u06A9\u200C\u0647\u0627 \U0001F3E6")));
}

TEST(Registration, APublicClientHasNoMethodAndNoSymmetricAlgorithm) {
  auto metadata = with("token_endpoint_auth_method", "none");
  const auto client = registered(metadata);
  ASSERT_TRUE(client);
  EXPECT_TRUE(client->is_public());
  EXPECT_FALSE(needs_new_secret(*client, client->created_at));

  metadata.set("id_token_signed_response_alg", "HS256");
  RegistrationPolicy policy;
  policy.id_token_signing_algs = {jose::Algorithm::rs256, jose::Algorithm::hs256};
  const auto refused = registered(metadata, policy);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().parameter, "id_token_signed_response_alg");
}

TEST(Registration, PolicyDecidesWhatIsOffered) {
  RegistrationPolicy policy;
  policy.auth_methods = {ClientAuthMethod::private_key_jwt};
  EXPECT_FALSE(registered(minimal(), policy));
  policy = {};
  policy.subject_types = {model::SubjectType::public_subject};
  EXPECT_FALSE(registered(with("subject_type", "pairwise"), policy));
  policy = {};
  policy.auth_signing_algs = {jose::Algorithm::hs256};
  auto metadata = with("token_endpoint_auth_method", "client_secret_jwt");
  metadata.set("token_endpoint_auth_signing_alg", "HS384");
  EXPECT_FALSE(registered(metadata, policy));
  policy = {};
  policy.id_token_signing_algs = {jose::Algorithm::none};
  EXPECT_TRUE(registered(with("id_token_signed_response_alg", "none"), policy)) << "in the code flow";
}

TEST(Registration, TheNamesOfRfc9864AreAlgorithmsOfTheirOwn) {
  RegistrationPolicy policy;
  policy.id_token_signing_algs = {jose::Algorithm::eddsa, jose::Algorithm::ed25519, jose::Algorithm::es256k};
  EXPECT_EQ(registered(with("id_token_signed_response_alg", "Ed25519"), policy)->id_token_signed_response_alg,
            jose::Algorithm::ed25519);
  EXPECT_EQ(registered(with("id_token_signed_response_alg", "EdDSA"), policy)->id_token_signed_response_alg,
            jose::Algorithm::eddsa);
  EXPECT_EQ(registered(with("id_token_signed_response_alg", "ES256K"), policy)->id_token_signed_response_alg,
            jose::Algorithm::es256k);
  EXPECT_FALSE(registered(with("id_token_signed_response_alg", "Ed448"), policy)) << "no key on that curve";
}

TEST(Registration, AnAlgorithmMustFitItsMethod) {
  auto metadata = with("token_endpoint_auth_method", "client_secret_jwt");
  metadata.set("token_endpoint_auth_signing_alg", "RS256");
  expect_refused(metadata, "token_endpoint_auth_signing_alg");
  metadata.set("token_endpoint_auth_signing_alg", "none");
  expect_refused(metadata, "token_endpoint_auth_signing_alg");
}

TEST(Registration, AnExtensionsMethodIsKnownByItsName) {
  RegistrationPolicy policy;
  policy.extension_methods = {"company_badge"};
  const auto client = registered(with("token_endpoint_auth_method", "company_badge"), policy);
  ASSERT_TRUE(client);
  EXPECT_EQ(client->token_endpoint_auth_method, ClientAuthMethod::extension);
  EXPECT_EQ(client->metadata.text("token_endpoint_auth_method"), "company_badge");
}

Json public_jwk() {
  return *jose::generate_ec(jose::Curve::p256, {.kid = "k1"})->public_json();
}

Message key_client(Json key) {
  auto metadata = with("token_endpoint_auth_method", "private_key_jwt");
  metadata.set("jwks", Json{{"keys", Json::array({std::move(key)})}});
  return metadata;
}

TEST(Registration, TakesPublicKeysByValue) {
  const auto client = registered(key_client(public_jwk()));
  ASSERT_TRUE(client) << client.error().description;
  const auto set = jose::JwkSet::parse_text(client->jwks);
  ASSERT_TRUE(set);
  EXPECT_NE(set->find("k1"), nullptr);
}

TEST(Registration, RefusesPrivateAndSymmetricKeys) {
  expect_refused(key_client(*jose::generate_ec(jose::Curve::p256, {})->private_json()), "jwks");
  expect_refused(key_client(Json{{"kty", "oct"}, {"k", std::string(43, 'A')}}), "jwks");
}

TEST(Registration, PrivateKeyJwtNeedsAKeyThatFits) {
  expect_refused(with("token_endpoint_auth_method", "private_key_jwt"), "jwks");
  expect_refused(key_client(Json{{"kty", "unknown"}}), "jwks");
  auto encryption_key = public_jwk();
  encryption_key["use"] = "enc";
  expect_refused(key_client(encryption_key), "jwks");
  auto metadata = key_client(public_jwk());
  metadata.set("token_endpoint_auth_signing_alg", "RS256");
  expect_refused(metadata, "jwks");
}

TEST(Registration, UpdateKeepsWhatTheAdministratorDecided) {
  auto client = *registered(with("scope", "openid email"));
  client.secrets.push_back({});
  client.consent = model::ConsentMode::implicit;
  client.version = 7;
  client.enabled = false;
  auto metadata = with("client_name", "New name");
  metadata.set("scope", "openid phone");
  const auto updated = update_client(client, metadata, {}, TimePoint(Seconds(1'900'000'000)));
  ASSERT_TRUE(updated);
  EXPECT_EQ(updated->name, "New name");
  EXPECT_EQ(updated->secrets.size(), 1U);
  EXPECT_EQ(updated->consent, model::ConsentMode::implicit);
  EXPECT_EQ(updated->version, 7);
  EXPECT_FALSE(updated->enabled);
  EXPECT_EQ(updated->created_at, client.created_at);
  EXPECT_EQ(updated->allowed_scopes->text(), "openid") << "an update never widens";
}

TEST(Registration, AMethodThatNeedsThePlainSecretNeedsANewOne) {
  testing::Vault vault;
  auto client = *registered(minimal());
  EXPECT_TRUE(needs_new_secret(client, vault.clock.now()));
  vault.issue(client, vault.clock.now() + Seconds(60));
  EXPECT_FALSE(needs_new_secret(client, vault.clock.now()));
  EXPECT_TRUE(needs_new_secret(client, vault.clock.now() + Seconds(60))) << "it expires";
  const auto updated =
      update_client(client, with("token_endpoint_auth_method", "client_secret_jwt"), {}, vault.clock.now());
  EXPECT_TRUE(needs_new_secret(*updated, vault.clock.now()));
}

}  // namespace
}  // namespace oidcop::client
