#include "base/json.h"
#include "jose/jwt.h"
#include "jose/key_rotation.h"
#include "support/test_op.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace oidcop::testing {
namespace {

using jose::Algorithm;
using ::testing::ElementsAre;

/// A provider with a key on each Edwards curve and on secp256k1, and no other.
TestOp::Options with_edwards_keys() {
  const auto keys = jose::create_signing_keys({{jose::KeyType::okp, jose::Curve::ed25519, 0, ""},
                                               {jose::KeyType::okp, jose::Curve::ed448, 0, ""},
                                               {jose::KeyType::ec, jose::Curve::secp256k1, 0, "ES256K"}},
                                              TimePoint{Seconds(0)});
  TestOp::Options options;
  options.signing_keys = keys->dump_private()->reveal();
  options.settings =
      R"({"keys": {"key_defs": [{"type": "OKP", "crv": "Ed25519"}, {"type": "OKP", "crv": "Ed448"},
                                               {"type": "EC", "crv": "secp256k1"}]},
                         "token_handler_args": {"id_token": {"alg": "Ed25519"}}})";
  return options;
}

class SignatureNames : public ::testing::Test {
 protected:
  jose::JwkSet published() {
    return *jose::JwkSet::parse_text(op.handle(a_request("GET", "/jwks.json")).body);
  }

  /// The ID Token of a client that registered this.
  std::string id_token(std::optional<Algorithm> registered) {
    op.add_client([&](model::Client& client) { client.id_token_signed_response_alg = registered; });
    TestBrowser browser(op);
    const auto tokens = exchange_code(op, location_parameters(browser.sign_in(wiki_request()))["code"]);
    EXPECT_EQ(tokens.status, 200) << tokens.body << op.log();
    return member(tokens, "id_token");
  }

  TestOp op{with_edwards_keys()};
};

TEST_F(SignatureNames, DiscoveryListsWhatTheKeysCanDo) {
  const auto metadata = parse_json(op.handle(a_request("GET", "/.well-known/openid-configuration")).body);
  ASSERT_TRUE(metadata);
  EXPECT_THAT(json_texts(*metadata, "id_token_signing_alg_values_supported").value().value(),
              ElementsAre("EdDSA", "ES256K", "Ed25519", "Ed448", "HS256", "HS384", "HS512", "none"));
}

TEST_F(SignatureNames, AnIdTokenIsSignedUnderTheRegisteredName) {
  op.add_user();
  for (const auto name : {Algorithm::eddsa, Algorithm::ed25519, Algorithm::ed448, Algorithm::es256k}) {
    const auto token = id_token(name);
    const auto header = jose::peek_unverified_header(token);
    ASSERT_TRUE(header);
    EXPECT_EQ(header->text("alg"), std::string(jose::algorithm_name(name)));
    const auto verified = jose::verify_jwt_signature(token, published(), {.algorithms = {name}});
    EXPECT_TRUE(verified) << jose::algorithm_name(name);
  }
  EXPECT_EQ(jose::peek_unverified_header(id_token(std::nullopt))->text("alg"), "Ed25519") << "the default";
}

// A library that finds the key by kid refuses a token whose "alg" is not the key's.
TEST_F(SignatureNames, ThePublishedKeysContradictNoneOfThem) {
  const auto set = published();
  EXPECT_EQ(set.keys().size(), 3U);
  for (const auto& key : set.keys()) {
    EXPECT_EQ(key.labels().alg, key.type() == jose::KeyType::okp ? "" : "ES256K");
  }
}

}  // namespace
}  // namespace oidcop::testing
