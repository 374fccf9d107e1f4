#include "core/jose/jose_data.h"
#include "support/fixed_random.h"

#include <openssl/err.h>

namespace oidcop::jose {
namespace {

using namespace testing;  // NOLINT: the helpers of this folder
using oidcop::testing::FixedRandom;

Secret secret(const std::string& octets) {
  return Secret(octets);
}

TEST(JwkPem, EncryptedKeysOfOpensslOpenWithTheirPassphraseOnly) {
  const auto data = load_data("pem_openssl.json");
  ASSERT_EQ(data.at("encrypted").size(), 4U);
  for (const auto& entry : data.at("encrypted")) {
    SCOPED_TRACE(text(entry, "made_by"));
    const auto pem = secret(text(entry, "private_pem"));
    const auto key = Jwk::from_pem(pem, {}, secret(text(data, "passphrase")));
    ASSERT_TRUE(key) << key.error().detail;
    EXPECT_TRUE(key->is_private());
    EXPECT_EQ(*key->public_pem(), text(entry, "pem"));
    const auto wrong = Jwk::from_pem(pem, {}, secret("Swordfish"));
    ASSERT_FALSE(wrong);
    EXPECT_EQ(wrong.error().code, Errc::bad_signature);
    EXPECT_EQ(wrong.error().detail, "the passphrase does not open the PEM key, or the key is damaged");
    const auto missing = Jwk::from_pem(pem);
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().code, Errc::refused);
    EXPECT_EQ(missing.error().detail, "the PEM key has a passphrase, and none was given");
  }
  EXPECT_EQ(ERR_peek_error(), 0U);
}

TEST(JwkPem, KeysOfOpensslOnEveryCurveReadAndWriteTheSamePublicHalf) {
  const auto data = load_data("pem_openssl.json");
  ASSERT_EQ(data.at("plain").size(), 5U);
  for (const auto& entry : data.at("plain")) {
    SCOPED_TRACE(text(entry, "made_by"));
    const auto key = Jwk::from_pem(secret(text(entry, "private_pem")));
    ASSERT_TRUE(key) << key.error().detail;
    EXPECT_EQ(*key->public_pem(), text(entry, "pem"));
    EXPECT_EQ(Jwk::from_pem(secret(text(entry, "pem")))->thumbprint(), key->thumbprint());
    EXPECT_EQ(*Jwk::from_pem(*key->private_pem())->private_json(), *key->private_json());
  }
}

TEST(JwkPem, KeysOfOtherKindsAreRefused) {
  const auto data = load_data("pem_openssl.json");
  ASSERT_EQ(data.at("refused").size(), 4U);
  for (const auto& entry : data.at("refused")) {
    SCOPED_TRACE(text(entry, "made_by"));
    EXPECT_EQ(Jwk::from_pem(secret(text(entry, "private_pem"))).error().code, Errc::refused);
  }
}

TEST(JwkPem, ACertificateGivesItsPublicKey) {
  const auto entry = load_data("pem_openssl.json").at("certificates").at(0);
  const auto key = Jwk::from_pem(secret(text(entry, "certificate")));
  ASSERT_TRUE(key) << key.error().detail;
  EXPECT_FALSE(key->is_private());
  EXPECT_EQ(*key->public_pem(), text(entry, "pem"));
}

TEST(JwkPem, SeveralKeysInOneTextAreRefused) {
  const auto one = std::string(p256_key().private_pem()->reveal());
  const auto other = std::string(rsa_key().private_pem()->reveal());
  const auto one_public = *p256_key().public_pem();
  for (const auto& several : {one + other, one + one, one_public + *rsa_key().public_pem()}) {
    const auto key = Jwk::from_pem(secret(several));
    ASSERT_FALSE(key);
    EXPECT_EQ(key.error().code, Errc::malformed);
    EXPECT_NE(key.error().detail.find("several keys"), std::string::npos) << key.error().detail;
  }
  EXPECT_TRUE(Jwk::from_pem(secret(one + one_public)));
  const auto certificate = text(load_data("pem_openssl.json").at("certificates").at(0), "certificate");
  EXPECT_TRUE(Jwk::from_pem(secret(certificate + certificate)));
}

TEST(JwkPem, APassphraseClosesAndOpensEveryKindOfKey) {
  FixedRandom random;
  const auto passphrase = secret("correct horse");
  for (const auto& key : {rsa_key(), *generate_okp(Curve::x448, {})->with_labels({})}) {
    const auto pem = key.private_pem(passphrase, random);
    ASSERT_TRUE(pem) << pem.error().detail;
    EXPECT_TRUE(pem->reveal().starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----"));
    const auto again = Jwk::from_pem(*pem, {}, passphrase);
    ASSERT_TRUE(again) << again.error().detail;
    EXPECT_EQ(*again->private_json(), *key.private_json());
    EXPECT_FALSE(Jwk::from_pem(*pem, {}, secret("correct house")));
    EXPECT_FALSE(Jwk::from_pem(*pem));
  }
}

TEST(JwkPem, SaltAndVectorComeFromTheRandomnessGiven) {
  FixedRandom random(1);
  FixedRandom same(1);
  const auto passphrase = secret("correct horse");
  const auto first = *p256_key().private_pem(passphrase, random);
  EXPECT_EQ(first.reveal(), p256_key().private_pem(passphrase, same)->reveal());
  EXPECT_NE(first.reveal(), p256_key().private_pem(passphrase, random)->reveal());
}

TEST(JwkPem, NoPassphraseIsNoReasonToWriteThePlainKey) {
  FixedRandom random;
  EXPECT_EQ(p256_key().private_pem(Secret(), random).error().code, Errc::refused);
  EXPECT_EQ(octets_key().private_pem(secret("words"), random).error().code, Errc::refused);
  EXPECT_EQ(p256_key().public_key()->private_pem(secret("words"), random).error().code, Errc::refused);
  FixedRandom broken(1, 1);
  EXPECT_EQ(p256_key().private_pem(secret("words"), broken).error().code, Errc::unavailable);
}

TEST(JwkPem, APassphraseForAKeyThatHasNoneDoesNoHarm) {
  EXPECT_TRUE(Jwk::from_pem(*p256_key().private_pem(), {}, secret("words")));
  EXPECT_TRUE(Jwk::from_pem(secret(*p256_key().public_pem()), {}, secret("words")));
}

}  // namespace
}  // namespace oidcop::jose
