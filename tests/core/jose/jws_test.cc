#include "jose/jws.h"

#include "core/jose/jose_data.h"
#include "jose/signature.h"

#include <openssl/err.h>

namespace oidcop::jose {
namespace {

using namespace testing;  // NOLINT: the helpers of this folder

const std::string kPayload = R"({"sub":"diana"})";

JwsPolicy allow(AlgorithmSet algorithms) {
  return {.algorithms = algorithms};
}

/// A header of our choice over the payload, properly signed.
std::string signed_with(const Jwk& key, Algorithm algorithm, const std::string& header) {
  const auto input = base64url_encode(header) + '.' + base64url_encode(kPayload);
  return input + '.' + base64url_encode(make_signature(key, algorithm, input).value_or("no signature"));
}

TEST(Jws, WhatIsSignedVerifiesWithEveryAlgorithm) {
  auto algorithms = AlgorithmSet::asymmetric().list();
  for (auto algorithm : AlgorithmSet::symmetric().list()) algorithms.push_back(algorithm);
  const JwkSet keys({rsa_key({.kid = "r"}), p256_key({.kid = "e"}), *generate_ec(Curve::p384, {.kid = "e3"}),
                     *generate_ec(Curve::p521, {.kid = "e5"}), ed25519_key({.kid = "o"}),
                     *generate_okp(Curve::ed448, {.kid = "o4"}), *generate_ec(Curve::secp256k1, {.kid = "k"}),
                     octets_key(64, {.kid = "s"})});
  for (auto algorithm : algorithms) {
    SCOPED_TRACE(std::string(algorithm_name(algorithm)));
    const auto key = keys.candidates(algorithm, "", {algorithm}).at(0);
    const auto compact = sign_compact(kPayload, key, algorithm, {.typ = "at+jwt"});
    ASSERT_TRUE(compact);
    const auto verified = verify_compact(*compact, keys, allow({algorithm}));
    ASSERT_TRUE(verified) << verified.error().detail;
    EXPECT_EQ(verified->payload, kPayload);
    EXPECT_EQ(verified->kid, key.kid());
    EXPECT_EQ(verified->header.text("typ"), "at+jwt");
    EXPECT_EQ(verified->header.text("kid"), key.kid());
    EXPECT_EQ(verify_compact(*compact, keys, allow({})).error().code, Errc::refused);
    EXPECT_EQ(verify_compact(*compact, JwkSet(), allow({algorithm})).error().code, Errc::not_found);
  }
}

TEST(Jws, EveryAlteredCharacterIsNoticed) {
  const auto key = ed25519_key({.kid = "o"});
  const auto compact = *sign_compact(kPayload, key, Algorithm::eddsa);
  for (std::size_t i = 0; i < compact.size(); ++i) {
    auto altered = compact;
    altered[i] = altered[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(verify_compact(altered, key, allow({Algorithm::eddsa}))) << i;
  }
  for (std::size_t size = 0; size < compact.size(); ++size) {
    EXPECT_FALSE(verify_compact(compact.substr(0, size), key, allow({Algorithm::eddsa}))) << size;
  }
}

TEST(Jws, APublicKeyIsNeverAMacSecret) {
  const auto key = rsa_key({.kid = "r"});
  // The classic: HS256 with what the verifier publishes.
  for (const auto& secret : {*key.public_pem(), dump_json(*key.public_json())}) {
    const auto forger = *Jwk::from_octets(Secret(secret), {.kid = "r"});
    const auto compact = *sign_compact(kPayload, forger, Algorithm::hs256);
    EXPECT_FALSE(verify_compact(compact, key, allow({Algorithm::rs256})));
    EXPECT_FALSE(verify_compact(compact, key, allow({Algorithm::rs256, Algorithm::hs256})));
    EXPECT_FALSE(
        verify_compact(compact, JwkSet({key, octets_key()}), allow({Algorithm::rs256, Algorithm::hs256})));
  }
}

TEST(Jws, NoneIsTakenOnlyByItsExactNameAndOnlyWhenNamed) {
  const auto key = rsa_key();
  const auto unsecured = *make_unsecured(kPayload);
  EXPECT_TRUE(verify_compact(unsecured, JwkSet(), allow({Algorithm::none})));
  EXPECT_EQ(verify_compact(unsecured, key, allow(AlgorithmSet::asymmetric())).error().code, Errc::refused);
  EXPECT_FALSE(verify_compact(unsecured + "AAAA", JwkSet(), allow({Algorithm::none})));
  for (const auto* name : {"None", "NONE", "nONE", "none ", " none", "", "n\\u006fne\\u0000"}) {
    const auto compact = compact_of(std::string(R"({"alg":")") + name + "\"}", kPayload, "");
    EXPECT_FALSE(verify_compact(compact, key, allow({Algorithm::none, Algorithm::rs256}))) << name;
  }
  // A signed token does not become unsecured by losing its signature.
  const auto compact = *sign_compact(kPayload, key, Algorithm::rs256);
  const auto stripped = compact.substr(0, compact.rfind('.') + 1);
  EXPECT_FALSE(verify_compact(stripped, key, allow({Algorithm::none, Algorithm::rs256})));
  EXPECT_FALSE(sign_compact(kPayload, key, Algorithm::none));
}

TEST(Jws, EllipticSignaturesAreRawAndOfExactLength) {
  const auto key = p256_key();
  const auto input = base64url_encode(R"({"alg":"ES256"})") + '.' + base64url_encode(kPayload);
  const auto raw = *make_signature(key, Algorithm::es256, input);
  ASSERT_EQ(raw.size(), 64U);
  const auto verdict = [&](const std::string& signature) {
    return verify_compact(input + '.' + base64url_encode(signature), key, allow({Algorithm::es256}))
        .has_value();
  };
  EXPECT_TRUE(verdict(raw));
  EXPECT_FALSE(verdict(""));
  EXPECT_FALSE(verdict(raw.substr(1)));
  EXPECT_FALSE(verdict(raw.substr(0, 63)));
  EXPECT_FALSE(verdict(raw + '\0'));
  EXPECT_FALSE(verdict('\0' + raw));
  EXPECT_FALSE(verdict(std::string(64, '\0')));
  EXPECT_FALSE(verdict(std::string(64, '\xff')));
  EXPECT_FALSE(verdict(raw.substr(0, 32) + std::string(32, '\0')));
  // The same two numbers as DER.
  const auto number = [](std::string octets) {
    if ((static_cast<unsigned char>(octets[0]) & 0x80U) != 0) octets.insert(0, 1, '\0');
    return std::string("\x02") + static_cast<char>(octets.size()) + octets;
  };
  const auto body = number(raw.substr(0, 32)) + number(raw.substr(32));
  EXPECT_FALSE(verdict(std::string("\x30") + static_cast<char>(body.size()) + body));
}

TEST(Jws, TheKeyMustFitTheAlgorithm) {
  const auto p384 = *generate_ec(Curve::p384, {});
  const auto compact = *sign_compact(kPayload, p384, Algorithm::es384);
  EXPECT_EQ(verify_compact(compact, p256_key(), allow(AlgorithmSet::asymmetric())).error().code,
            Errc::not_found);
  EXPECT_EQ(verify_compact(compact, p384, allow({Algorithm::es256})).error().code, Errc::refused);
  EXPECT_FALSE(sign_compact(kPayload, p384, Algorithm::es256));
  EXPECT_FALSE(sign_compact(kPayload, octets_key(31), Algorithm::hs256));
  EXPECT_FALSE(sign_compact(kPayload, *rsa_key().public_key(), Algorithm::rs256));
  const auto rs256 = *sign_compact(kPayload, rsa_key(), Algorithm::rs256);
  EXPECT_FALSE(verify_compact(rs256, rsa_key({.alg = "PS256"}), allow(AlgorithmSet::asymmetric())));
  EXPECT_FALSE(verify_compact(rs256, rsa_key({.use = "enc"}), allow(AlgorithmSet::asymmetric())));
  // An RS256 signature under a header that says PS256 is none.
  EXPECT_FALSE(verify_compact(signed_with(rsa_key(), Algorithm::rs256, R"({"alg":"PS256"})"), rsa_key(),
                              allow(AlgorithmSet::asymmetric())));
}

TEST(Jws, AKidOfAnotherKeyFindsNothing) {
  const auto compact = *sign_compact(kPayload, p256_key({.kid = "a"}), Algorithm::es256);
  EXPECT_EQ(verify_compact(compact, p256_key({.kid = "b"}), allow({Algorithm::es256})).error().code,
            Errc::not_found);
  EXPECT_TRUE(verify_compact(compact, p256_key(), allow({Algorithm::es256})));
  EXPECT_EQ(verify_compact(compact, *generate_ec(Curve::p256, {.kid = "a"}), allow({Algorithm::es256}))
                .error()
                .code,
            Errc::bad_signature);
}

TEST(Jws, CriticalExtensionsAreUnderstoodOrRefused) {
  const auto key = octets_key();
  const auto verdict = [&](const std::string& header, std::vector<std::string> understood) {
    return verify_compact(signed_with(key, Algorithm::hs256, header), key,
                          {.algorithms = {Algorithm::hs256}, .understood_crit = std::move(understood)});
  };
  EXPECT_TRUE(verdict(R"({"alg":"HS256","crit":["x"],"x":1})", {"x"}));
  EXPECT_EQ(verdict(R"({"alg":"HS256","crit":["x"],"x":1})", {}).error().code, Errc::refused);
  EXPECT_EQ(verdict(R"({"alg":"HS256","crit":["b64"],"b64":false})", {}).error().code, Errc::refused);
  for (const auto* crit : {"[]", "\"x\"", "[1]", "[\"x\",\"x\"]", "[\"y\"]", "[\"alg\"]", "{}", "null"}) {
    EXPECT_FALSE(verdict(std::string(R"({"alg":"HS256","x":1,"crit":)") + crit + "}", {"x", "y", "alg"}))
        << crit;
  }
}

TEST(Jws, HeadersThatAreNotStrictJsonObjectsAreRefused) {
  const auto key = octets_key();
  for (const auto* header :
       {R"({"alg":"HS256","alg":"HS256"})", R"({"alg":"HS256","kid":"a","kid":"b"})", R"(["HS256"])",
        R"("HS256")", R"({"alg":null})", R"({"alg":["HS256"]})", R"({"kid":"a"})",
        R"({"alg":"HS256","kid":7})", R"({"alg":"HS256","typ":{}})",
        R"({"alg":"HS256"} )"
        "x",
        R"({"alg":"HS256",})", "", "{\"alg\":\"HS256\xff\"}", R"({"alg":"hs256"})", R"({"alg":"HS1"})"}) {
    EXPECT_FALSE(verify_compact(signed_with(key, Algorithm::hs256, header), key, allow({Algorithm::hs256})))
        << header;
  }
}

TEST(Jws, OnlyCanonicalBase64UrlIsRead) {
  const auto key = octets_key();
  const auto compact = *sign_compact(kPayload, key, Algorithm::hs256);
  const auto policy = allow({Algorithm::hs256});
  ASSERT_TRUE(verify_compact(compact, key, policy));
  // 32 octets take 43 characters, of which the last has two unused bits.
  for (const char c : std::string("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")) {
    auto altered = compact;
    altered.back() = c;
    EXPECT_EQ(verify_compact(altered, key, policy).has_value(), c == compact.back()) << c;
  }
  EXPECT_FALSE(verify_compact(compact + "=", key, policy));
  EXPECT_FALSE(verify_compact(compact + "\n", key, policy));
  EXPECT_FALSE(verify_compact(" " + compact, key, policy));
  EXPECT_FALSE(verify_compact("." + compact, key, policy));
  EXPECT_FALSE(verify_compact(compact + ".", key, policy));
  EXPECT_FALSE(verify_compact("", key, policy));
  EXPECT_FALSE(verify_compact("..", key, policy));
}

TEST(Jws, HugeInputIsRefusedBeforeItIsRead) {
  const auto key = octets_key();
  const auto compact = *sign_compact(std::string(70'000, 'x'), key, Algorithm::hs256);
  EXPECT_EQ(verify_compact(compact, key, allow({Algorithm::hs256})).error().code, Errc::refused);
  EXPECT_TRUE(verify_compact(compact, key, {.algorithms = {Algorithm::hs256}, .max_octets = 100'000}));
  EXPECT_EQ(peek_unverified_header(compact).error().code, Errc::refused);
  const auto deep =
      std::string(R"({"alg":"HS256","x":)") + std::string(200, '[') + std::string(200, ']') + "}";
  EXPECT_FALSE(verify_compact(signed_with(key, Algorithm::hs256, deep), key, allow({Algorithm::hs256})));
}

TEST(Jws, ExtraHeaderParametersCannotReplaceOurs) {
  for (const auto* name : {"alg", "kid", "typ", "cty", "crit", "b64"}) {
    JwsHeader header;
    header.extra.set(name, "x");
    EXPECT_EQ(sign_compact(kPayload, octets_key(), Algorithm::hs256, header).error().code, Errc::refused)
        << name;
  }
  JwsHeader header;
  header.extra.set("jwk", *p256_key().public_json());
  const auto compact = sign_compact(kPayload, p256_key(), Algorithm::es256, header);
  EXPECT_TRUE(peek_unverified_header(*compact)->find("jwk")->is_object());
}

TEST(Jws, PeekingReadsWithoutBelieving) {
  const auto compact = compact_of(R"({"alg":"RS256","kid":"a"})", R"({"iss":"me"})", "whatever");
  EXPECT_EQ(peek_unverified_header(compact)->text("kid"), "a");
  EXPECT_EQ(peek_unverified_claims(compact)->text("iss"), "me");
  EXPECT_FALSE(peek_unverified_claims(compact_of("{}", "[]", "")));
  EXPECT_FALSE(peek_unverified_claims(compact_of("{}", R"({"iss":"a","iss":"b"})", "")));
  EXPECT_FALSE(peek_unverified_claims("a.b"));
}

TEST(Jws, FailuresLeaveNoErrorsOfOpensslBehind) {
  const auto compact = *sign_compact(kPayload, rsa_key(), Algorithm::rs256);
  EXPECT_FALSE(verify_compact(compact, *generate_rsa(2048, {}), allow({Algorithm::rs256})));
  EXPECT_FALSE(
      verify_compact(compact_of(R"({"alg":"EdDSA"})", "", ""), ed25519_key(), allow({Algorithm::eddsa})));
  EXPECT_EQ(ERR_peek_error(), 0U);
}

}  // namespace
}  // namespace oidcop::jose
