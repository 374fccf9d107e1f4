#include "jose/algorithm.h"

#include "core/jose/jose_data.h"
#include "jose/jws.h"
#include "jose/signature.h"

namespace oidcop::jose {
namespace {

using namespace testing;  // NOLINT: the helpers of this folder

const std::string kPayload = "text";

Jwk ed448_key(KeyLabels labels = {}) {
  static const Jwk key = *generate_okp(Curve::ed448, {});
  return *key.with_labels(std::move(labels));
}

bool passes(Algorithm named, const Jwk& signer, const Jwk& verifier, AlgorithmSet allowed) {
  const auto compact = sign_compact(kPayload, signer, named);
  EXPECT_TRUE(compact) << algorithm_name(named);
  return compact && verify_compact(*compact, verifier, {.algorithms = allowed}).has_value();
}

TEST(Algorithm, EveryNameIsReadBack) {
  for (auto algorithm : AlgorithmSet::asymmetric().list()) {
    EXPECT_EQ(parse_algorithm(algorithm_name(algorithm)), algorithm);
  }
  for (const auto* unknown : {"ESP256", "es256", "ED25519", "EdDSA ", "Ed25519ph", "ES256k", "RS1", ""}) {
    EXPECT_FALSE(parse_algorithm(unknown)) << unknown;
  }
}

TEST(Algorithm, WhatTwoSetsAllowIsReadByTheCurve) {
  const AlgorithmSet old_name = {Algorithm::eddsa, Algorithm::es256};
  const AlgorithmSet new_names = {Algorithm::ed25519, Algorithm::rs256};
  EXPECT_EQ(old_name.common_with(new_names), AlgorithmSet{Algorithm::ed25519});
  EXPECT_EQ(new_names.common_with(old_name), AlgorithmSet{Algorithm::ed25519});
  EXPECT_EQ(AlgorithmSet{Algorithm::ed448}.common_with({Algorithm::ed25519}), AlgorithmSet{});
  EXPECT_EQ(AlgorithmSet::asymmetric().common_with(old_name),
            (AlgorithmSet{Algorithm::es256, Algorithm::eddsa, Algorithm::ed25519, Algorithm::ed448}));
}

TEST(Algorithm, BothNamesOfEd25519InteroperateWhateverTheKeySays) {
  for (const auto* label : {"", "EdDSA", "Ed25519"}) {
    for (auto named : {Algorithm::eddsa, Algorithm::ed25519}) {
      for (auto allowed : {Algorithm::eddsa, Algorithm::ed25519}) {
        EXPECT_TRUE(passes(named, ed25519_key({.alg = label}), ed25519_key({.alg = label}), {allowed}))
            << label << ' ' << algorithm_name(named) << ' ' << algorithm_name(allowed);
      }
    }
  }
}

TEST(Algorithm, BothNamesOfEd448InteroperateWhateverTheKeySays) {
  for (const auto* label : {"", "EdDSA", "Ed448"}) {
    for (auto named : {Algorithm::eddsa, Algorithm::ed448}) {
      for (auto allowed : {Algorithm::eddsa, Algorithm::ed448}) {
        EXPECT_TRUE(passes(named, ed448_key({.alg = label}), ed448_key({.alg = label}), {allowed}))
            << label << ' ' << algorithm_name(named) << ' ' << algorithm_name(allowed);
      }
    }
  }
}

TEST(Algorithm, ANameOfOneCurveIsNeverServedByTheOther) {
  // An Ed448 signature under a header that says Ed25519.
  const auto input = base64url_encode(R"({"alg":"Ed25519"})") + '.' + base64url_encode(kPayload);
  const auto compact = input + '.' + base64url_encode(*make_signature(ed448_key(), Algorithm::eddsa, input));
  EXPECT_FALSE(verify_compact(compact, ed448_key(), {.algorithms = AlgorithmSet::asymmetric()}));
  EXPECT_FALSE(ed448_key().can_verify(Algorithm::ed25519));
  EXPECT_FALSE(ed25519_key().can_sign(Algorithm::ed448));
  EXPECT_FALSE(ed448_key({.alg = "Ed25519"}).can_verify(Algorithm::eddsa));
  EXPECT_FALSE(ed448_key({.alg = "Ed25519"}).can_verify(Algorithm::ed448));
  // "EdDSA" with an Ed448 key where only Ed25519 is allowed, and the other way round.
  EXPECT_FALSE(passes(Algorithm::eddsa, ed448_key(), ed448_key(), {Algorithm::ed25519}));
  EXPECT_FALSE(passes(Algorithm::eddsa, ed25519_key(), ed25519_key(), {Algorithm::ed448}));
}

TEST(Algorithm, Es256kIsForSecp256k1Alone) {
  const auto key = *generate_ec(Curve::secp256k1, {});
  EXPECT_TRUE(passes(Algorithm::es256k, key, *key.public_key(), {Algorithm::es256k}));
  EXPECT_FALSE(passes(Algorithm::es256k, key, key, {Algorithm::es256}));
  EXPECT_FALSE(key.can_sign(Algorithm::es256));
  EXPECT_FALSE(p256_key().can_sign(Algorithm::es256k));
  EXPECT_EQ(key.signing_algorithms(), std::vector<Algorithm>{Algorithm::es256k});
}

TEST(Algorithm, AnEmptySetAllowsNothing) {
  for (auto algorithm : AlgorithmSet::asymmetric().list()) {
    EXPECT_FALSE(AlgorithmSet{}.allows(algorithm)) << algorithm_name(algorithm);
  }
  EXPECT_FALSE(AlgorithmSet::asymmetric().allows(Algorithm::none));
  EXPECT_FALSE(AlgorithmSet{Algorithm::none}.allows(Algorithm::eddsa));
}

}  // namespace
}  // namespace oidcop::jose
