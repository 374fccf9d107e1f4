#include "client/response_protection.h"

#include "base/digest.h"
#include "client_data.h"

#include <gtest/gtest.h>

namespace oidcop::client::testing {
namespace {

using jose::ContentEncryption;
using jose::KeyManagement;

ProtectionOffer everything() {
  return {{jose::Algorithm::rs256, jose::Algorithm::hs256},
          response_key_management(),
          jose::ContentEncryptionSet::all()};
}

model::Client with_key(jose::KeyLabels labels = {}) {
  auto client = a_client("rp", model::ClientAuthMethod::client_secret_basic);
  const auto key = jose::generate_ec(jose::Curve::p256, std::move(labels)).value();
  client.jwks = jose::JwkSet({*key.public_key()}).dump_public_text();
  return client;
}

Result<ResponseProtection, ProtocolError> registered(const Json& metadata, const model::Client& client) {
  return read_response_protection(Message(metadata), "userinfo", everything(), client);
}

std::string refused_member(const Json& metadata, const model::Client& client) {
  const auto protection = registered(metadata, client);
  return protection ? "" : protection.error().code + ' ' + protection.error().parameter;
}

TEST(ResponseProtection, IsWhatTheClientRegistered) {
  const auto protection = registered({{"userinfo_signed_response_alg", "RS256"},
                                      {"userinfo_encrypted_response_alg", "ECDH-ES"},
                                      {"userinfo_encrypted_response_enc", "A256GCM"}},
                                     with_key());
  ASSERT_TRUE(protection) << protection.error().description;
  EXPECT_EQ(protection->signing, jose::Algorithm::rs256);
  EXPECT_EQ(protection->encryption->management, KeyManagement::ecdh_es);
  EXPECT_EQ(protection->encryption->encryption, ContentEncryption::a256gcm);
  const auto nothing = registered(Json::object(), with_key());
  EXPECT_FALSE(nothing->signing);
  EXPECT_FALSE(nothing->encryption);
}

TEST(ResponseProtection, EncryptsContentWithA128CbcHs256WhereNothingIsSaid) {  // Registration 1.0, 2
  const auto protection = registered({{"userinfo_encrypted_response_alg", "ECDH-ES"}}, with_key());
  EXPECT_EQ(protection->encryption->encryption, ContentEncryption::a128cbc_hs256);
}

TEST(ResponseProtection, RefusesWhatCannotBeDone) {
  const auto client = with_key();
  const auto publicly = a_client("app", model::ClientAuthMethod::none);
  const std::string code = "invalid_client_metadata ";
  EXPECT_EQ(refused_member({{"userinfo_signed_response_alg", "PS512"}}, client),
            code + "userinfo_signed_response_alg");
  EXPECT_EQ(refused_member({{"userinfo_signed_response_alg", 1}}, client),
            code + "userinfo_signed_response_alg");
  EXPECT_EQ(refused_member({{"userinfo_signed_response_alg", "none"}}, client),
            code + "userinfo_signed_response_alg");
  EXPECT_EQ(refused_member({{"userinfo_signed_response_alg", "HS256"}}, publicly),
            code + "userinfo_signed_response_alg");
  EXPECT_EQ(refused_member({{"userinfo_encrypted_response_enc", "A128GCM"}}, client),
            code + "userinfo_encrypted_response_enc");
  EXPECT_EQ(refused_member(
                {{"userinfo_encrypted_response_alg", "ECDH-ES"}, {"userinfo_encrypted_response_enc", "none"}},
                client),
            code + "userinfo_encrypted_response_enc");
  for (const auto* alg : {"RSA1_5", "PBES2-HS256+A128KW", "other", ""}) {
    EXPECT_EQ(refused_member({{"userinfo_encrypted_response_alg", alg}}, client),
              code + "userinfo_encrypted_response_alg")
        << alg;
  }
  EXPECT_EQ(refused_member({{"userinfo_encrypted_response_alg", "RSA-OAEP"}}, client),
            code + "userinfo_encrypted_response_alg")
      << "has an EC key only";
  EXPECT_EQ(refused_member({{"userinfo_encrypted_response_alg", "ECDH-ES"}}, with_key({.use = "sig"})),
            code + "userinfo_encrypted_response_alg");
  EXPECT_EQ(refused_member({{"userinfo_encrypted_response_alg", "dir"}}, publicly),
            code + "userinfo_encrypted_response_alg");
}

TEST(ResponseProtection, LooksForKeysBehindJwksUriWhenTheyAreNeeded) {
  const auto client = a_client("rp", model::ClientAuthMethod::client_secret_basic);
  EXPECT_TRUE(registered(
      {{"userinfo_encrypted_response_alg", "RSA-OAEP"}, {"jwks_uri", "https://rp.example.org/jwks"}},
      client));
}

TEST(ResponseProtection, NeedsASecretThatCanBeReadBackForSymmetricAlgorithms) {
  auto client = a_client("rp", model::ClientAuthMethod::private_key_jwt);
  EXPECT_FALSE(needs_plain_secret(client));
  client.metadata.set("userinfo_signed_response_alg", "HS256");
  EXPECT_TRUE(needs_plain_secret(client));
  client.metadata.remove("userinfo_signed_response_alg");
  client.metadata.set("id_token_encrypted_response_alg", "A128KW");
  EXPECT_TRUE(needs_plain_secret(client));
  client.metadata.set("id_token_encrypted_response_alg", "RSA-OAEP");
  EXPECT_FALSE(needs_plain_secret(client));
}

/// OpenID Connect Core 1.0, 10.2.
TEST(EncryptFor, DerivesSymmetricKeysFromTheLeftOfAHashOfTheSecret) {
  struct Row {
    KeyManagement management;
    ContentEncryption encryption;
    std::string key;
  };
  const std::string secret = "a secret of some forty characters, or more";
  const std::string short_hash(sha256(secret).octets());
  const Row rows[] = {
      {KeyManagement::a128kw, ContentEncryption::a128gcm, short_hash.substr(0, 16)},
      {KeyManagement::a192kw, ContentEncryption::a128gcm, short_hash.substr(0, 24)},
      {KeyManagement::a256gcmkw, ContentEncryption::a128gcm, short_hash},
      {KeyManagement::dir, ContentEncryption::a128gcm, short_hash.substr(0, 16)},
      {KeyManagement::dir, ContentEncryption::a128cbc_hs256, short_hash},
      {KeyManagement::dir, ContentEncryption::a192cbc_hs384, sha384(secret).substr(0, 48)},
      {KeyManagement::dir, ContentEncryption::a256cbc_hs512, sha512(secret)},
  };
  FixedRandom random;
  const Secret plain(secret);
  for (const auto& row : rows) {
    const auto jwe =
        encrypt_for({jose::JwkSet(), &plain}, {row.management, row.encryption}, "told", {}, random);
    ASSERT_TRUE(jwe) << jwe.error().detail;
    const auto key = jose::Jwk::from_octets(Secret(row.key)).value();
    const auto opened = jose::decrypt_compact(
        *jwe, jose::JwkSet({key}), {.algorithms = {row.management}, .encryptions = {row.encryption}}, random);
    ASSERT_TRUE(opened) << jose::algorithm_name(row.management) << opened.error().detail;
    EXPECT_EQ(opened->plaintext.reveal(), "told");
  }
}

TEST(EncryptFor, PrefersTheKeyThatIsMarkedForIt) {
  const auto plain = jose::generate_ec(jose::Curve::p256, {.kid = "plain"}).value();
  const auto marked = jose::generate_ec(jose::Curve::p256, {.kid = "marked", .use = "enc"}).value();
  const jose::JwkSet keys({*plain.public_key(), *marked.public_key()});
  FixedRandom random;
  const auto jwe = encrypt_for({keys}, {KeyManagement::ecdh_es, ContentEncryption::a128gcm}, "x", {}, random);
  ASSERT_TRUE(jwe);
  EXPECT_EQ(jose::peek_encryption_header(*jwe)->text("kid"), "marked");
}

TEST(EncryptFor, WithoutAKeyThatFitsIsNotFound) {
  FixedRandom random;
  const auto by_key =
      encrypt_for({jose::JwkSet()}, {KeyManagement::rsa_oaep, ContentEncryption::a128gcm}, "x", {}, random);
  EXPECT_EQ(by_key.error().code, Errc::not_found);
  const auto by_secret =
      encrypt_for({jose::JwkSet()}, {KeyManagement::dir, ContentEncryption::a128gcm}, "x", {}, random);
  EXPECT_EQ(by_secret.error().code, Errc::not_found);
}

}  // namespace
}  // namespace oidcop::client::testing
