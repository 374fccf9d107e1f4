#include "endpoint/own_keys.h"
#include "jose/nested_jwt.h"
#include "support/fake_fetcher.h"
#include "support/fixed_random.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace oidcop::testing {
namespace {

using ::testing::HasSubstr;

constexpr const char* kUri = "https://wiki.example.com/keys";

/// wiki publishes its keys, and may rotate them at any time.
struct RotatingScene {
  RotatingScene() : scene(with_fetcher()) {
    publish(first);
    scene.change_client([](model::Client& wiki) { wiki.jwks_uri = kUri; });
  }
  TestOp::Options with_fetcher() {
    TestOp::Options options;
    options.fetcher = &network;
    return options;
  }
  void publish(const OwnKeys& keys) { network.serve(kUri, keys.public_set()); }
  http::Response ask(const OwnKeys& keys) {
    return scene.browser.get("/authorization",
                             with(wiki_request(), {{"request", request_object(keys, request_claims())}}));
  }

  FakeFetcher network;
  Scene scene;
  OwnKeys first, second;
};

bool is_login(const http::Response& response) {
  return response.status == 200 && response.body.find("login-form") != std::string::npos;
}

TEST(RotatedClientKeys, VerifyRequestObjects) {
  RotatingScene it;
  EXPECT_TRUE(is_login(it.ask(it.first))) << it.scene.op.log();
  EXPECT_EQ(it.network.count(), 1U);
  EXPECT_TRUE(is_login(it.ask(it.first)));
  EXPECT_EQ(it.network.count(), 1U) << "they are kept";
}

// OpenID Connect Core 1.0, 10.1.1.
TEST(RotatedClientKeys, AreFetchedAnewForARequestObjectThatTheOldOnesDoNotVerify) {
  RotatingScene it;
  ASSERT_TRUE(is_login(it.ask(it.first)));
  it.publish(it.second);
  EXPECT_TRUE(is_login(it.ask(it.second))) << it.scene.op.log();
  EXPECT_EQ(it.network.count(), 2U);
  EXPECT_EQ(location_parameters(it.ask(it.first)).at("error"), "invalid_request_object") << "those are over";
}

TEST(RotatedClientKeys, AreNotFetchedForEveryWrongSignature) {
  RotatingScene it;
  for (int i = 0; i < 20; ++i)
    EXPECT_EQ(location_parameters(it.ask(it.second)).at("error"), "invalid_request_object");
  EXPECT_LE(it.network.count(), 6U);
}

TEST(RotatedClientKeys, ThatCannotBeFetchedAreAnErrorOfTheRequestObject) {
  RotatingScene it;
  it.network.take_away(kUri);
  auto answer = location_parameters(it.ask(it.first));
  EXPECT_EQ(answer["error"], "invalid_request_object");
  EXPECT_THAT(answer["error_description"], HasSubstr("keys"));
}

/// wiki wants its ID Tokens encrypted.
struct SealedScene : RotatingScene {
  SealedScene() {
    scene.change_client([](model::Client& wiki) {
      wiki.metadata.set("id_token_encrypted_response_alg", "ECDH-ES+A128KW");
      wiki.metadata.set("id_token_encrypted_response_enc", "A128GCM");
    });
  }
  static bool opens(const OwnKeys& keys, const std::string& jwe) {
    FixedRandom random;
    jose::JwePolicy policy;
    policy.algorithms = jose::asymmetric_key_management();
    policy.encryptions = jose::ContentEncryptionSet::all();
    return jose::decrypt_compact(jwe, jose::JwkSet({keys.encryption}), policy, random).has_value();
  }
};

TEST(RotatedClientKeys, EncryptAnswers) {
  SealedScene it;
  EXPECT_TRUE(SealedScene::opens(it.first, member(it.scene.buy(), "id_token"))) << it.scene.op.log();
}

TEST(RotatedClientKeys, AreFetchedAnewWhenNoneOfThemFitsAnAnswer) {
  SealedScene it;
  it.network.serve(kUri, R"({"keys":[]})");
  EXPECT_NE(exchange_code(it.scene.op, it.scene.code()).status, 200);
  it.publish(it.second);
  EXPECT_TRUE(SealedScene::opens(it.second, member(it.scene.buy(), "id_token"))) << it.scene.op.log();
}

TEST(RotatedClientKeys, ThatCannotBeFetchedLeaveNothingInTheClear) {
  SealedScene it;
  it.network.take_away(kUri);
  const auto answer = exchange_code(it.scene.op, it.scene.code());
  EXPECT_NE(answer.status, 200);
  EXPECT_EQ(member(answer, "id_token"), "");
  EXPECT_EQ(member(answer, "access_token"), "");
}

}  // namespace
}  // namespace oidcop::testing
