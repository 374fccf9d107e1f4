#include "jose/key_definition.h"

#include "core/jose/jose_data.h"

namespace oidcop::jose {
namespace {

using namespace testing;  // NOLINT: the helpers of this folder

Result<KeyDefinition> parse(const std::string& text) {
  return KeyDefinition::parse(*parse_json(text));
}

TEST(KeyDefinition, ReadsWhatTheConfigurationSays) {
  EXPECT_EQ(parse(R"({"type":"RSA","bits":3072,"use":["sig"],"alg":"PS256"})")->text(), "RSA 3072 PS256");
  EXPECT_EQ(parse(R"({"type":"rsa"})")->text(), "RSA 2048");
  EXPECT_EQ(parse(R"({"type":"EC","crv":"P-256","use":["sig"]})")->text(), "EC P-256 ES256");
  EXPECT_EQ(parse(R"({"type":"ec","crv":"p-521"})")->text(), "EC P-521 ES512");
  EXPECT_EQ(parse(R"({"type":"EC","crv":"secp256k1"})")->text(), "EC secp256k1 ES256K");
  EXPECT_EQ(parse(R"({"type":"OKP","crv":"Ed25519"})")->text(), "OKP Ed25519");
  EXPECT_EQ(parse(R"({"type":"OKP","crv":"Ed25519","alg":"EdDSA"})")->text(), "OKP Ed25519 EdDSA");
  EXPECT_EQ(parse(R"({"type":"OKP","crv":"ed448","alg":"Ed448"})")->text(), "OKP Ed448 Ed448");
}

TEST(KeyDefinition, RefusesWhatItDoesNotMean) {
  for (const auto* bad : {R"([])",
                          R"({})",
                          R"({"type":"oct"})",
                          R"({"type":1})",
                          R"({"type":"RSA","bits":1024})",
                          R"({"type":"RSA","bits":16384})",
                          R"({"type":"RSA","bits":2049})",
                          R"({"type":"RSA","bits":"2048"})",
                          R"({"type":"RSA","bits":1e300})",
                          R"({"type":"RSA","crv":"P-256"})",
                          R"({"type":"RSA","alg":"ES256"})",
                          R"({"type":"RSA","alg":"none"})",
                          R"({"type":"RSA","alg":"HS256"})",
                          R"({"type":"EC"})",
                          R"({"type":"EC","crv":"P-192"})",
                          R"({"type":"EC","crv":"Ed25519"})",
                          R"({"type":"OKP","crv":"P-256"})",
                          R"({"type":"OKP","alg":"Ed448"})",
                          R"({"type":"OKP","alg":""})",
                          R"({"type":"OKP","alg":"ES256"})",
                          R"({"type":"EC","crv":"P-256","alg":"ES384"})",
                          R"({"type":"EC","crv":"P-256","bits":256})",
                          R"({"type":"OKP","crv":"X25519","use":["sig"]})",
                          R"({"type":"OKP","crv":"X25519","alg":"EdDSA"})",
                          R"({"type":"OKP","crv":"Ed25519","use":["enc"]})",
                          R"({"type":"RSA","use":["enc"],"alg":"RS256"})",
                          R"({"type":"EC","crv":"secp256k1","use":["enc"]})",
                          R"({"type":"RSA","use":["sig","enc"]})",
                          R"({"type":"RSA","use":"sig"})",
                          R"({"type":"RSA","bit":2048})"}) {
    const auto definition = parse(bad);
    ASSERT_FALSE(definition) << bad;
    EXPECT_FALSE(definition.error().detail.empty());
  }
  EXPECT_FALSE(parse_key_definitions(*parse_json("[]")));
  EXPECT_FALSE(parse_key_definitions(*parse_json(R"([{"type":"RSA"},{"type":"rsa","bits":2048}])")));
  EXPECT_EQ(parse_key_definitions(*parse_json(R"([{"type":"RSA"},{"type":"OKP"}])"))->size(), 2U);
}

TEST(KeyDefinition, OnAMontgomeryCurveIsForEncryption) {
  for (const auto* text :
       {R"({"type":"OKP","crv":"X25519"})", R"({"type":"OKP","crv":"X448","use":["enc"]})"}) {
    const auto definition = parse(text);
    ASSERT_TRUE(definition) << text;
    const auto key = generate(*definition);
    ASSERT_TRUE(key) << text;
    EXPECT_EQ(key->labels().use, "enc");
    EXPECT_TRUE(key->signing_algorithms().empty());
  }
}

TEST(KeyDefinition, ForEncryptionIsAnotherThanForSignatures) {
  const auto enc = parse(R"({"type":"RSA","use":["enc"]})");
  const auto sig = parse(R"({"type":"RSA","use":["sig"]})");
  ASSERT_TRUE(enc && sig);
  EXPECT_NE(*enc, *sig);
  EXPECT_EQ(enc->text(), "RSA 2048 enc");
  const auto key = generate(*enc);
  ASSERT_TRUE(key);
  EXPECT_TRUE(enc->describes(*key));
  EXPECT_FALSE(sig->describes(*key));
  EXPECT_TRUE(key->signing_algorithms().empty());
}

TEST(KeyDefinition, SaysWhatFits) {
  EXPECT_EQ(parse(R"({"type":"OKP","crv":"P-256"})").error().detail,
            "\"crv\" of the key definition must be Ed25519, Ed448, X25519 or X448");
  EXPECT_EQ(parse(R"({"type":"OKP","alg":"ES256"})").error().detail,
            "\"alg\" of the key definition must be EdDSA or Ed25519");
  EXPECT_EQ(parse(R"({"type":"EC","crv":"P-384","alg":"ES256"})").error().detail,
            "\"alg\" of the key definition must be ES384");
}

TEST(KeyDefinition, GeneratesAKeyThatItDescribes) {
  for (const auto* text : {R"({"type":"RSA","alg":"RS256"})", R"({"type":"EC","crv":"P-384"})",
                           R"({"type":"EC","crv":"secp256k1"})", R"({"type":"OKP"})",
                           R"({"type":"OKP","alg":"Ed25519"})", R"({"type":"OKP","crv":"Ed448"})"}) {
    const auto definition = parse(text);
    ASSERT_TRUE(definition);
    const auto key = generate(*definition);
    ASSERT_TRUE(key);
    EXPECT_TRUE(definition->describes(*key)) << text;
    EXPECT_EQ(key->labels().use, "sig");
    EXPECT_EQ(key->kid(), key->thumbprint());
  }
  EXPECT_FALSE(parse(R"({"type":"RSA","bits":3072})")->describes(rsa_key()));
  EXPECT_TRUE(parse(R"({"type":"RSA","alg":"RS256"})")->describes(rsa_key()));
  EXPECT_FALSE(parse(R"({"type":"RSA","alg":"RS256"})")->describes(rsa_key({.alg = "PS256"})));
}

TEST(KeyDefinition, DefaultsAreWhatRelyingPartiesUnderstand) {
  const auto defaults = default_key_definitions();
  ASSERT_EQ(defaults.size(), 2U);
  EXPECT_EQ(defaults[0].text(), "RSA 2048 RS256");
  EXPECT_EQ(defaults[1].text(), "EC P-256 ES256");
}

}  // namespace
}  // namespace oidcop::jose
