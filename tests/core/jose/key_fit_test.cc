#include "jose/key_fit.h"

#include "core/jose/jwe_data.h"

namespace oidcop::jose {
namespace {

using namespace testing;  // NOLINT: the helpers of this folder

constexpr JweAlgorithms kOaep{KeyManagement::rsa_oaep, ContentEncryption::a128gcm};
constexpr JweAlgorithms kEcdh{KeyManagement::ecdh_es, ContentEncryption::a128gcm};
constexpr JweAlgorithms kWrap{KeyManagement::a128kw, ContentEncryption::a128gcm};
constexpr JweAlgorithms kDirect{KeyManagement::dir, ContentEncryption::a256gcm};

TEST(KeyFit, EachReasonHasItsWords) {
  EXPECT_EQ(why_not_verify(rsa_key(), Algorithm::rs256), "");
  EXPECT_EQ(why_not_verify(rsa_key(), Algorithm::es256), "of type RSA");
  EXPECT_EQ(why_not_verify(octets_key(), Algorithm::es256), "of type oct");
  EXPECT_EQ(why_not_verify(p256_key(), Algorithm::es384), "on the curve P-256");
  EXPECT_EQ(why_not_verify(p256_key(), Algorithm::rs256), "on the curve P-256");
  EXPECT_EQ(why_not_verify(octets_key(16), Algorithm::hs256), "of 128 bits");
  EXPECT_EQ(why_not_verify(rsa_key({.use = "enc"}), Algorithm::rs256), "for another use (enc)");
  EXPECT_EQ(why_not_verify(rsa_key({.alg = "PS256"}), Algorithm::rs256), "for another algorithm (PS256)");
  EXPECT_EQ(why_not_verify(rsa_key({.key_ops = {"sign"}}), Algorithm::rs256),
            "whose key_ops do not permit it");
  EXPECT_EQ(why_not_sign(*rsa_key().public_key(), Algorithm::rs256), "without a private half");
  EXPECT_EQ(why_not_sign(*rsa_key().public_key(), Algorithm::es256), "of type RSA");
  EXPECT_EQ(why_not_sign(octets_key(16), Algorithm::hs256), "of 128 bits");
}

TEST(KeyFit, SoDoesEachOfEncryption) {
  EXPECT_EQ(why_not_encrypt(*rsa_key().public_key(), kOaep), "");
  EXPECT_EQ(why_not_decrypt(*rsa_key().public_key(), kOaep, {}), "without a private half");
  EXPECT_EQ(why_not_decrypt(rsa_key({.use = "sig"}), kOaep, {}), "for another use (sig)");
  EXPECT_EQ(why_not_decrypt(rsa_key({.alg = "RSA-OAEP-256"}), kOaep, {}),
            "for another algorithm (RSA-OAEP-256)");
  EXPECT_EQ(why_not_encrypt(rsa_key({.key_ops = {"decrypt"}}), kOaep), "whose key_ops do not permit it");
  EXPECT_EQ(why_not_encrypt(ed25519_key(), kEcdh), "on the curve Ed25519");
  EXPECT_EQ(why_not_encrypt(rsa_key(), kEcdh), "of type RSA");
  EXPECT_EQ(why_not_decrypt(octets_key(32), kWrap, {}), "of 256 bits");
  EXPECT_EQ(why_not_decrypt(octets_key(16), kDirect, {}), "of 128 bits");
  EXPECT_EQ(why_not_decrypt(octets_key(32, {.alg = "A256GCM"}), kDirect, {}), "");
  KeyParameters parameters;
  parameters.epk = *curve_key(Curve::x25519).public_key();
  EXPECT_EQ(why_not_decrypt(curve_key(Curve::x25519), kEcdh, parameters), "");
  EXPECT_EQ(why_not_decrypt(p256_key(), kEcdh, parameters), "on the curve P-256, not that of the epk");
}

TEST(KeyFit, KeysAreCountedByTheirReasons) {
  const auto said = [](const JwkSet& keys, std::string_view kid = "") {
    return no_key_fits("JWS", keys, kid, [](const Jwk& key) { return why_not_verify(key, Algorithm::es256); })
        .detail;
  };
  EXPECT_EQ(said(JwkSet()), "no key fits the header of the JWS: there is none");
  EXPECT_EQ(said(JwkSet({rsa_key()})), "no key fits the header of the JWS: there is one, of type RSA");
  EXPECT_EQ(said(JwkSet({p256_key({.kid = "a"})}), "b"),
            "no key fits the header of the JWS: there is one, with another kid");
  EXPECT_EQ(said(JwkSet({rsa_key({.kid = "b"}), p256_key({.kid = "a"}), rsa_key()}), "b"),
            "no key fits the header of the JWS: of 3 keys 2 of type RSA, 1 with another kid");
  const auto set = JwkSet::parse(Json{{"keys", {*rsa_key().public_json(), {{"kty", "new"}}}}});
  EXPECT_EQ(said(*set),
            "no key fits the header of the JWS: of 2 keys 1 of type RSA, 1 that cannot be used (the key type "
            "of the JWK is not known here)");
}

TEST(KeyFit, ForeignLabelsNeitherBreakTheLineNorFillIt) {
  EXPECT_EQ(why_not_verify(rsa_key({.use = "a\nb"}), Algorithm::rs256), "for another use (a\\nb)");
  EXPECT_EQ(why_not_verify(rsa_key({.alg = std::string(1000, 'x')}), Algorithm::rs256),
            "for another algorithm (" + std::string(40, 'x') + "...)");
  std::vector<Jwk> keys;
  for (const auto* use : {"a", "b", "c", "d", "e", "f"}) keys.push_back(rsa_key({.use = use}));
  EXPECT_EQ(
      tell_reasons(JwkSet(keys), [](const Jwk& key) { return why_not_verify(key, Algorithm::rs256); }),
      "of 6 keys 1 for another use (a), 1 for another use (b), 1 for another use (c), 1 for another use "
      "(d), 2 for other reasons");
}

}  // namespace
}  // namespace oidcop::jose
