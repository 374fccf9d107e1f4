#include "core/jose/jose_data.h"
#include "jose/jws.h"
#include "jose/key_management.h"
#include "jose/signature.h"
#include "support/fixed_random.h"

#include <openssl/err.h>

#include <thread>

namespace oidcop::jose {
namespace {

using namespace testing;  // NOLINT: the helpers of this folder
using oidcop::testing::FixedRandom;

TEST(Jwk, GeneratedKeysSignAndTheirPublicHalvesVerify) {
  FixedRandom random;
  const std::vector<std::pair<Result<Jwk>, Algorithm>> made = {
      {generate_rsa(2048, {}), Algorithm::ps256},
      {generate_ec(Curve::p256, {}), Algorithm::es256},
      {generate_ec(Curve::p384, {}), Algorithm::es384},
      {generate_ec(Curve::p521, {}), Algorithm::es512},
      {generate_okp(Curve::ed25519, {}), Algorithm::eddsa}};
  for (const auto& [key, algorithm] : made) {
    SCOPED_TRACE(std::string(algorithm_name(algorithm)));
    ASSERT_TRUE(key);
    EXPECT_EQ(key->kid(), key->thumbprint());
    const auto again = Jwk::parse(*key->private_json());
    ASSERT_TRUE(again) << again.error().detail;
    const auto signature = make_signature(*again, algorithm, "text");
    ASSERT_TRUE(signature);
    const auto public_half = key->public_key();
    ASSERT_TRUE(public_half);
    EXPECT_TRUE(check_signature(*public_half, algorithm, "text", *signature));
    EXPECT_FALSE(check_signature(*public_half, algorithm, "texT", *signature));
    EXPECT_FALSE(make_signature(*public_half, algorithm, "text"));
  }
  const auto octets = generate_octets(random, 32, {});
  ASSERT_TRUE(octets);
  EXPECT_EQ(octets->kid().size(), 22U);
  EXPECT_EQ(octets->bits(), 256);
}

TEST(Jwk, WeakOrUnknownParametersAreNotGenerated) {
  EXPECT_FALSE(generate_rsa(1024, {}));
  EXPECT_FALSE(generate_rsa(16384, {}));
  EXPECT_FALSE(generate_ec(Curve::ed25519, {}));
  EXPECT_FALSE(generate_okp(Curve::p256, {}));
  EXPECT_FALSE(generate_okp(Curve::none, {}));
  EXPECT_FALSE(generate_ec(Curve::none, {}));
  FixedRandom broken(1, 1);
  EXPECT_EQ(generate_octets(broken, 32, {}).error().code, Errc::unavailable);
}

TEST(Jwk, ThePublicFormHoldsNothingPrivate) {
  for (const auto& key : {rsa_key({.kid = "a", .use = "sig"}), p256_key(), ed25519_key()}) {
    const auto json = key.public_json();
    ASSERT_TRUE(json);
    for (const auto* name : {"d", "p", "q", "dp", "dq", "qi", "k", "oth"})
      EXPECT_FALSE(json->contains(name)) << name;
    EXPECT_FALSE(key.public_key()->is_private());
    EXPECT_FALSE(key.public_key()->private_json());
    EXPECT_FALSE(key.public_key()->private_pem());
  }
  EXPECT_FALSE(octets_key().public_json());
  EXPECT_FALSE(octets_key().public_key());
  EXPECT_FALSE(octets_key().public_pem());
  EXPECT_FALSE(octets_key().private_pem());
}

TEST(Jwk, EveryGeneratedEdwardsKeyIsAPointOfItsCurve) {
  for (const auto curve : {Curve::ed25519, Curve::ed448}) {
    for (int i = 0; i < 32; ++i) {
      const auto key = *generate_okp(curve, {});
      EXPECT_TRUE(Jwk::parse(*key.public_json())) << key.public_json()->dump();
    }
  }
}

constexpr const char* kPrimeMembers[] = {"p", "q", "dp", "dq", "qi"};

TEST(Jwk, RsaKeysWithoutPrimesAreCompleted) {
  for (const int bits : {2048, 3072, 2050}) {
    const auto made = *generate_rsa(bits, {});
    auto bare = *made.private_json();
    for (const auto* name : kPrimeMembers) bare.erase(name);
    const auto key = Jwk::parse(bare);
    ASSERT_TRUE(key) << key.error().detail;
    EXPECT_EQ(key->thumbprint(), made.thumbprint());
    const auto again = *key->private_json();
    EXPECT_EQ(Jwk::parse(again)->private_json(), again);
    const auto signature = make_signature(*key, Algorithm::ps256, "text");
    ASSERT_TRUE(signature);
    EXPECT_TRUE(check_signature(*made.public_key(), Algorithm::ps256, "text", *signature));
  }
}

TEST(Jwk, RsaKeysHaveAllOfTheNumbersBesideDOrNone) {
  const auto whole = *rsa_key().private_json();
  for (unsigned mask = 1; mask < 31; ++mask) {
    auto some = whole;
    for (unsigned i = 0; i < 5; ++i) {
      if ((mask >> i & 1U) == 0) some.erase(kPrimeMembers[i]);
    }
    const auto key = Jwk::parse(some);
    ASSERT_FALSE(key) << mask;
    EXPECT_EQ(key.error().code, Errc::malformed);
  }
}

TEST(Jwk, AnRsaKeyWithoutPrimesMustBelongToItsModulus) {
  auto bare = *rsa_key().private_json();
  for (const auto* name : kPrimeMembers) bare.erase(name);
  const auto with = [&bare](const char* name, const Json& value) {
    auto other = bare;
    other[name] = value;
    return Jwk::parse(other);
  };
  auto d = *base64url_decode(text(bare, "d"));
  d.back() = static_cast<char>(d.back() ^ 2);
  const auto stranger = *generate_rsa(2048, {})->private_json();
  const std::string ones(256, '\xff');
  for (const auto& key : {with("d", base64url_encode(d)), with("d", stranger.at("d")),
                          with("n", stranger.at("n")), with("d", "AQ"), with("d", "Ag"), with("e", "Aw"),
                          with("d", base64url_encode(ones)), with("n", base64url_encode(ones))}) {
    ASSERT_FALSE(key);
    EXPECT_EQ(key.error().code, Errc::malformed);
    EXPECT_EQ(ERR_peek_error(), 0U);
  }
}

TEST(Jwk, AnEmptyAlgorithmOrUseIsNone) {
  for (const auto* name : {"alg", "use"}) {
    auto key = *p256_key().public_json();
    key[name] = "";
    EXPECT_EQ(Jwk::parse(key).error().code, Errc::malformed) << name;
  }
}

TEST(Jwk, APublicKeyForAgreementMayHaveNoOperationsAsWebCryptoExportsIt) {
  const JweAlgorithms agreement{KeyManagement::ecdh_es, ContentEncryption::a128gcm};
  for (const auto curve : {Curve::p256, Curve::p384, Curve::p521, Curve::x25519, Curve::x448}) {
    SCOPED_TRACE(std::string(curve_name(curve)));
    const auto made =
        curve == Curve::x25519 || curve == Curve::x448 ? generate_okp(curve, {}) : generate_ec(curve, {});
    auto exported = *made->public_json();
    exported["key_ops"] = Json::array();
    exported["ext"] = true;
    const auto key = Jwk::parse(exported);
    ASSERT_TRUE(key) << key.error().detail;
    EXPECT_TRUE(can_encrypt(*key, agreement));
    EXPECT_FALSE(key->can_verify(Algorithm::es256));
    exported["use"] = "sig";
    EXPECT_FALSE(Jwk::parse(exported));
    auto secret = *made->private_json();
    secret["key_ops"] = Json::array();
    EXPECT_EQ(Jwk::parse(secret).error().code, Errc::malformed);
  }
  for (const auto& other :
       {*rsa_key().public_json(), *ed25519_key().public_json(),
        *generate_ec(Curve::secp256k1, {})->public_json(), *octets_key().private_json()}) {
    auto none = other;
    none["key_ops"] = Json::array();
    EXPECT_EQ(Jwk::parse(none).error().code, Errc::malformed) << none.at("kty");
  }
}

TEST(Jwk, LabelsDecideWhatAKeyMayDo) {
  EXPECT_TRUE(rsa_key().can_sign(Algorithm::rs256));
  EXPECT_TRUE(rsa_key({.use = "sig"}).can_sign(Algorithm::ps512));
  EXPECT_FALSE(rsa_key({.use = "enc"}).can_sign(Algorithm::rs256));
  EXPECT_FALSE(rsa_key({.use = "enc"}).can_verify(Algorithm::rs256));
  EXPECT_FALSE(rsa_key({.alg = "RS256"}).can_verify(Algorithm::ps256));
  EXPECT_FALSE(rsa_key({.alg = "RSA-OAEP"}).can_verify(Algorithm::rs256));
  EXPECT_TRUE(ed25519_key({.alg = "Ed25519"}).can_verify(Algorithm::eddsa));
  EXPECT_FALSE(rsa_key({.key_ops = {"verify"}}).can_sign(Algorithm::rs256));
  EXPECT_TRUE(rsa_key({.key_ops = {"sign"}}).can_sign(Algorithm::rs256));
  EXPECT_FALSE(rsa_key({.key_ops = {"sign"}}).can_verify(Algorithm::rs256));
  EXPECT_TRUE(rsa_key({.key_ops = {"sign"}}).public_key()->can_verify(Algorithm::rs256));
  EXPECT_FALSE(rsa_key().can_sign(Algorithm::none));
  EXPECT_FALSE(p256_key().can_sign(Algorithm::es384));
  EXPECT_FALSE(p256_key().can_sign(Algorithm::rs256));
}

TEST(Jwk, EveryCurveReadsWritesAndKeepsItsThumbprint) {
  const std::pair<Result<Jwk>, Curve> made[] = {{generate_ec(Curve::secp256k1, {}), Curve::secp256k1},
                                                {generate_okp(Curve::ed25519, {}), Curve::ed25519},
                                                {generate_okp(Curve::ed448, {}), Curve::ed448},
                                                {generate_okp(Curve::x25519, {}), Curve::x25519},
                                                {generate_okp(Curve::x448, {}), Curve::x448}};
  for (const auto& [key, curve] : made) {
    SCOPED_TRACE(std::string(curve_name(curve)));
    ASSERT_TRUE(key) << key.error().detail;
    EXPECT_EQ(key->curve(), curve);
    EXPECT_EQ(key->private_json()->at("crv"), std::string(curve_name(curve)));
    EXPECT_EQ(*Jwk::parse(*key->private_json())->private_json(), *key->private_json());
    EXPECT_EQ(Jwk::from_pem(*key->private_pem())->thumbprint(), key->thumbprint());
    EXPECT_EQ(Jwk::from_pem(Secret(*key->public_pem()))->thumbprint(), key->thumbprint());
    EXPECT_EQ(Jwk::parse(*key->public_json())->thumbprint(), key->thumbprint());
    auto other = *key->private_json();
    other["d"] = base64url_encode(std::string(curve_octets(curve), 'd'));
    EXPECT_EQ(Jwk::parse(other).error().code, Errc::malformed);
  }
}

TEST(Jwk, KeysForAgreementNeverSign) {
  for (auto curve : {Curve::x25519, Curve::x448}) {
    EXPECT_EQ(generate_okp(curve, {})->signing_algorithms(), std::vector<Algorithm>{});
    EXPECT_FALSE(generate_okp(curve, {})->can_verify(Algorithm::eddsa));
  }
}

TEST(Jwk, PointsOfSmallOrderAreNoKeys) {
  const auto verdict = [](const std::string& curve, const std::string& x) {
    const Json key = {{"kty", "OKP"}, {"crv", curve}, {"x", base64url_encode(x)}};
    const auto read = Jwk::parse(key);
    return read ? Errc::internal : read.error().code;
  };
  const std::string beyond_448 = std::string(28, '\xff') + '\xfe' + std::string(27, '\xff');  // the prime
  auto minus_one_448 = beyond_448;
  minus_one_448[0] = '\xfe';
  for (const auto& x : {std::string(56, '\0'), '\1' + std::string(55, '\0'), minus_one_448, beyond_448}) {
    EXPECT_EQ(verdict("X448", x), Errc::malformed);
    EXPECT_EQ(verdict("Ed448", x + '\0'), Errc::malformed);
    EXPECT_EQ(verdict("Ed448", x + '\x80'), Errc::malformed);
  }
  EXPECT_EQ(verdict("Ed448", std::string(56, 'a') + '\1'), Errc::malformed);
  for (const auto& x :
       {std::string(32, '\0'), '\1' + std::string(31, '\0'), '\xec' + std::string(30, '\xff') + '\x7f',
        '\xed' + std::string(30, '\xff') + '\x7f', '\xee' + std::string(30, '\xff') + '\x7f'}) {
    EXPECT_EQ(verdict("X25519", x), Errc::malformed);
  }
}

TEST(Jwk, OperationsAreNotRepeatedAndDoNotContradictTheUse) {
  const auto verdict = [](KeyLabels labels) {
    const auto key = p256_key().with_labels(std::move(labels));
    return key ? "" : key.error().detail;
  };
  EXPECT_EQ(verdict({.key_ops = {"sign", "sign"}}), "key_ops of the JWK names an operation twice");
  EXPECT_EQ(verdict({.key_ops = {"x", "sign", "x"}}), "key_ops of the JWK names an operation twice");
  EXPECT_EQ(verdict({.use = "sig", .key_ops = {"sign", "verify"}}), "");
  EXPECT_EQ(verdict({.use = "enc", .key_ops = {"deriveKey", "x"}}), "");
  EXPECT_EQ(verdict({.use = "other", .key_ops = {"sign", "wrapKey"}}), "");
  EXPECT_EQ(verdict({.use = "sig", .key_ops = {"sign", "wrapKey"}}),
            "use and key_ops of the JWK contradict each other");
  EXPECT_EQ(verdict({.use = "enc", .key_ops = {"verify"}}),
            "use and key_ops of the JWK contradict each other");
}

TEST(Jwk, LabelsPermitOperationsOfEncryption) {
  const auto permits = [](KeyLabels labels, KeyOperation operation) {
    return rsa_key(std::move(labels)).permits("RSA-OAEP", operation);
  };
  EXPECT_TRUE(permits({}, KeyOperation::unwrap_key));
  EXPECT_TRUE(permits({.use = "enc"}, KeyOperation::unwrap_key));
  EXPECT_FALSE(permits({.use = "sig"}, KeyOperation::unwrap_key));
  EXPECT_FALSE(permits({.use = "enc"}, KeyOperation::verify));
  EXPECT_TRUE(permits({.alg = "RSA-OAEP"}, KeyOperation::wrap_key));
  EXPECT_FALSE(permits({.alg = "RSA-OAEP-256"}, KeyOperation::wrap_key));
  EXPECT_TRUE(permits({.key_ops = {"wrapKey", "deriveBits"}}, KeyOperation::derive_bits));
  EXPECT_FALSE(permits({.key_ops = {"wrapKey", "deriveBits"}}, KeyOperation::unwrap_key));
  EXPECT_FALSE(permits({.key_ops = {"wrapKey", "deriveBits"}}, KeyOperation::encrypt));
}

TEST(Jwk, OctetsMustBeAsLongAsTheHash) {
  EXPECT_FALSE(octets_key(31).can_sign(Algorithm::hs256));
  EXPECT_TRUE(octets_key(32).can_sign(Algorithm::hs256));
  EXPECT_FALSE(octets_key(47).can_verify(Algorithm::hs384));
  EXPECT_FALSE(octets_key(63).can_verify(Algorithm::hs512));
  EXPECT_TRUE(octets_key(64).can_verify(Algorithm::hs512));
  EXPECT_FALSE(Jwk::from_octets(Secret(std::string(31, 'k')), {.alg = "HS256"}));
  EXPECT_FALSE(Jwk::from_octets(Secret(), {}));
  EXPECT_FALSE(Jwk::from_octets(Secret(std::string(4097, 'k')), {}));
}

TEST(Jwk, PemThatIsNoKeyIsRefusedAndLeavesNoErrorsBehind) {
  for (const std::string bad : {"", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "hello",
                                "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"}) {
    EXPECT_EQ(Jwk::from_pem(Secret(bad)).error().code, Errc::malformed);
  }
  EXPECT_EQ(Jwk::from_pem(Secret(std::string(100'000, 'A'))).error().code, Errc::refused);
  EXPECT_EQ(Jwk::from_pem(Secret("-----BEGIN ENCRYPTED PRIVATE KEY-----\n")).error().code, Errc::malformed);
  EXPECT_EQ(ERR_peek_error(), 0U);
}

TEST(Jwk, DuplicateMembersAreRefused) {
  EXPECT_FALSE(Jwk::parse_text(R"({"kty":"oct","k":"AAAA","k":"BBBB"})"));
}

TEST(Jwk, OneKeyServesManyThreads) {
  const auto key = p256_key();
  const auto other = rsa_key();
  std::vector<std::thread> threads;
  std::atomic<int> good = 0;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 20; ++n) {
        const auto a = make_signature(key, Algorithm::es256, "text");
        const auto b = make_signature(other, Algorithm::ps256, "text");
        if (a && b && check_signature(key, Algorithm::es256, "text", *a) &&
            check_signature(other, Algorithm::ps256, "text", *b)) {
          ++good;
        }
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(good, 80);
}

}  // namespace
}  // namespace oidcop::jose
