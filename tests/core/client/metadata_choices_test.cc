#include "client/metadata_choices.h"

#include "base/json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace oidcop::client {
namespace {

using jose::Algorithm;
using ::testing::HasSubstr;

RegistrationPolicy policy() {
  RegistrationPolicy policy;
  policy.id_token_signing_algs = {Algorithm::rs256, Algorithm::es256, Algorithm::hs256, Algorithm::none};
  policy.auth_signing_algs = {Algorithm::es256, Algorithm::hs256};
  policy.responses = {{Algorithm::rs256}, response_key_management(), jose::ContentEncryptionSet::all()};
  policy.requests.signing = {Algorithm::es256, Algorithm::none};
  return policy;
}

Message chosen(const Json& document) {
  auto made = with_choices_made(Message(document), policy());
  EXPECT_TRUE(made) << made.error().description;
  return made ? *made : Message();
}

std::string refusal(const Json& document) {
  const auto made = with_choices_made(Message(document), policy());
  return made ? std::string() : made.error().code + " " + made.error().description;
}

// OpenID Connect Relying Party Metadata Choices 1.0, 3: what both can do, and not what only one prefers.
TEST(MetadataChoices, TakeTheClientsFirstThatIsSupported) {
  const auto document = chosen({{"id_token_signing_alg_values_supported", {"PS256", "ES256", "RS256"}}});
  EXPECT_EQ(document.text("id_token_signed_response_alg"), "ES256");
  EXPECT_FALSE(document.has("id_token_signing_alg_values_supported"));
}

TEST(MetadataChoices, KeepASingleValueThatIsSupported) {
  const auto document = chosen({{"id_token_signing_alg_values_supported", {"ES256", "RS256"}},
                                {"id_token_signed_response_alg", "RS256"}});
  EXPECT_EQ(document.text("id_token_signed_response_alg"), "RS256");
}

TEST(MetadataChoices, ReplaceASingleValueThatIsNot) {
  const auto document = chosen({{"id_token_signing_alg_values_supported", {"PS256", "ES256"}},
                                {"id_token_signed_response_alg", "PS256"}});
  EXPECT_EQ(document.text("id_token_signed_response_alg"), "ES256");
}

TEST(MetadataChoices, TakeNoSignatureAndSecretsAsKeysOnlyWhereNothingElseIsLeft) {
  EXPECT_EQ(chosen({{"id_token_signing_alg_values_supported", {"none", "HS256", "ES256"}}})
                .text("id_token_signed_response_alg"),
            "ES256");
  EXPECT_EQ(
      chosen({{"id_token_signing_alg_values_supported", {"HS256"}}}).text("id_token_signed_response_alg"),
      "HS256");
}

TEST(MetadataChoices, TakeAMethodThatTheClientCanUse) {
  const Json methods{"none", "private_key_jwt", "client_secret_post", "client_secret_basic"};
  EXPECT_EQ(chosen({{"token_endpoint_auth_methods_supported", methods}}).text("token_endpoint_auth_method"),
            "client_secret_post");
  EXPECT_EQ(chosen({{"token_endpoint_auth_methods_supported", methods}, {"jwks_uri", "https://c.example/k"}})
                .text("token_endpoint_auth_method"),
            "private_key_jwt");
  EXPECT_EQ(chosen({{"token_endpoint_auth_methods_supported", {"none"}}}).text("token_endpoint_auth_method"),
            "none");
}

TEST(MetadataChoices, ProtectNothingThatTheClientDoesNotWantProtected) {
  const auto document = chosen({{"id_token_encryption_alg_values_supported", {"RSA-OAEP-256"}},
                                {"id_token_encryption_enc_values_supported", {"A256GCM"}},
                                {"userinfo_signing_alg_values_supported", {"RS256"}},
                                {"request_object_signing_alg_values_supported", {"ES256"}}});
  EXPECT_TRUE(document.empty()) << dump_json(document.json());
}

TEST(MetadataChoices, ChooseAmongWaysToProtectWhereTheClientWantsIt) {
  const auto document = chosen({{"id_token_encryption_alg_values_supported", {"RSA1_5", "RSA-OAEP-256"}},
                                {"id_token_encrypted_response_alg", "RSA1_5"},
                                {"userinfo_signing_alg_values_supported", {"ES512", "RS256"}},
                                {"userinfo_signed_response_alg", "ES512"}});
  EXPECT_EQ(document.text("id_token_encrypted_response_alg"), "RSA-OAEP-256");
  EXPECT_EQ(document.text("userinfo_signed_response_alg"), "RS256");
}

TEST(MetadataChoices, RefuseAListOfWhatNobodyHereCanDo) {
  for (const auto* list :
       {"subject_types_supported", "token_endpoint_auth_methods_supported",
        "token_endpoint_auth_signing_alg_values_supported", "id_token_signing_alg_values_supported",
        "id_token_encryption_alg_values_supported", "id_token_encryption_enc_values_supported",
        "userinfo_signing_alg_values_supported", "userinfo_encryption_alg_values_supported",
        "userinfo_encryption_enc_values_supported", "introspection_signing_alg_values_supported",
        "introspection_encryption_alg_values_supported", "introspection_encryption_enc_values_supported",
        "request_object_signing_alg_values_supported", "request_object_encryption_alg_values_supported",
        "request_object_encryption_enc_values_supported"}) {
    for (const Json& value : {Json({"no such value"}), Json::array(), Json("RS256"), Json({5}), Json(5)}) {
      const auto why = refusal({{list, value}});
      EXPECT_THAT(why, HasSubstr("invalid_client_metadata")) << list << value;
      EXPECT_THAT(why, HasSubstr(list));
    }
  }
}

TEST(MetadataChoices, RefuseASingleValueThatIsNotInItsList) {  // 2
  EXPECT_THAT(refusal({{"subject_types_supported", {"public"}}, {"subject_type", "pairwise"}}),
              HasSubstr("subject_types_supported"));
  EXPECT_THAT(refusal({{"subject_types_supported", {"public"}}, {"subject_type", 5}}),
              HasSubstr("subject_type"));
}

TEST(MetadataChoices, ANullIsNoList) {
  EXPECT_EQ(chosen({{"subject_types_supported", nullptr}}).text("subject_type"), std::nullopt);
}

}  // namespace
}  // namespace oidcop::client
