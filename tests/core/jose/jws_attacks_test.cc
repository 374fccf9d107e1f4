// What forgers try: the groups of Project Wycheproof's json_web_signature, with keys of our own.

#include "core/jose/jose_data.h"
#include "jose/jws_json.h"
#include "jose/key_material.h"
#include "jose/signature.h"

#include <gmock/gmock.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <map>

namespace oidcop::jose {
namespace {

using namespace testing;  // NOLINT: the helpers of this folder

const std::string kPayload = R"({"sub":"diana"})";

AlgorithmSet everything() {
  auto set = AlgorithmSet::asymmetric();
  for (auto algorithm : AlgorithmSet::symmetric().list()) set.insert(algorithm);
  return set;
}

/// A key for each type and curve that signs, made once.
const std::vector<Jwk>& all_keys() {
  static const std::vector<Jwk> keys = {rsa_key(),
                                        p256_key(),
                                        *generate_ec(Curve::p384, {}),
                                        *generate_ec(Curve::p521, {}),
                                        *generate_ec(Curve::secp256k1, {}),
                                        ed25519_key(),
                                        *generate_okp(Curve::ed448, {}),
                                        octets_key()};
  return keys;
}

std::string input_for(const std::string& header) {
  return base64url_encode(header) + '.' + base64url_encode(kPayload);
}
std::string input_for(Algorithm algorithm) {
  return input_for(R"({"alg":")" + std::string(algorithm_name(algorithm)) + "\"}");
}

bool verifies(const std::string& input, const std::string& signature, const Jwk& key) {
  return verify_compact(input + '.' + base64url_encode(signature), key, {.algorithms = everything()})
      .has_value();
}

std::string spki(const Jwk& key) {
  unsigned char* der = nullptr;
  const int size = i2d_PUBKEY(key.material().key.get(), &der);
  std::string octets(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size));  // NOLINT
  OPENSSL_free(der);
  return octets;
}

TEST(JwsAttacks, NothingThatIsPublicIsASecret) {
  for (const auto& key : all_keys()) {
    if (key.type() == KeyType::oct) continue;
    const auto public_half = *key.public_key();
    const auto json = *key.public_json();
    std::vector<std::string> guesses = {*key.public_pem(), spki(key), dump_json(json), key.thumbprint()};
    guesses.push_back(guesses[0].substr(0, guesses[0].size() - 1));  // without the newline
    for (const auto* member : {"n", "x"}) {
      if (!json.contains(member)) continue;
      guesses.push_back(text(json, member));
      guesses.push_back(*base64url_decode(text(json, member)));
    }
    for (const auto& guess : guesses) {
      if (guess.size() < 32) continue;
      const auto input = input_for(Algorithm::hs256);
      const auto mac = *make_signature(*Jwk::from_octets(Secret(guess)), Algorithm::hs256, input);
      EXPECT_FALSE(verifies(input, mac, public_half));
      EXPECT_FALSE(verifies(input, mac, key));
    }
  }
}

TEST(JwsAttacks, ASignatureUnderAnotherAlgorithmsNameIsNone) {
  for (const auto& key : all_keys()) {
    for (auto made : key.signing_algorithms()) {
      for (auto named : everything().list()) {
        if (on_curve(made, key.curve()) == on_curve(named, key.curve())) continue;
        const auto input = input_for(named);
        EXPECT_FALSE(verifies(input, *make_signature(key, made, input), key))
            << algorithm_name(made) << " as " << algorithm_name(named);
      }
    }
  }
}

TEST(JwsAttacks, EachAlgorithmTakesKeysOfItsKindOnly) {
  for (const auto& signer : all_keys()) {
    for (auto algorithm : signer.signing_algorithms()) {
      const auto input = input_for(algorithm);
      const auto signature = *make_signature(signer, algorithm, input);
      for (const auto& other : all_keys()) {
        EXPECT_EQ(verifies(input, signature, other), other.thumbprint() == signer.thumbprint());
      }
    }
  }
}

TEST(JwsAttacks, CutAndPaddedSignaturesAreRefused) {
  for (const auto& key : all_keys()) {
    for (auto algorithm : key.signing_algorithms()) {
      SCOPED_TRACE(std::string(algorithm_name(algorithm)));
      const auto input = input_for(algorithm);
      const auto good = *make_signature(key, algorithm, input);
      ASSERT_TRUE(verifies(input, good, key));
      for (const auto size : {std::size_t{0}, std::size_t{1}, std::size_t{8}, std::size_t{16},
                              good.size() / 2, good.size() - 1}) {
        EXPECT_FALSE(verifies(input, good.substr(0, size), key)) << size;
        EXPECT_FALSE(verifies(input, good.substr(good.size() - size), key)) << size;
      }
      EXPECT_FALSE(verifies(input, good + '\0', key));
      EXPECT_FALSE(verifies(input, '\0' + good, key));
      EXPECT_FALSE(verifies(input, good + good, key));
      EXPECT_FALSE(verifies(input, std::string(good.size(), '\0'), key));
      EXPECT_FALSE(verifies(input, std::string(good.size(), '\xff'), key));
    }
  }
}

// One in 256 begins with a zero octet, and is the same number without it: RFC 8017, 8.1.2, wants all octets.
TEST(JwsAttacks, AnRsaSignatureThatBeginsWithAZeroIsNoneWithoutIt) {
  const auto key = rsa_key();
  for (auto algorithm : {Algorithm::rs256, Algorithm::ps256}) {
    SCOPED_TRACE(std::string(algorithm_name(algorithm)));
    std::string input;
    std::string signature(1, 'x');
    for (int i = 0; signature.front() != '\0'; ++i) {
      input = input_for(algorithm) + std::to_string(i);
      signature = *make_signature(key, algorithm, input);
    }
    EXPECT_TRUE(check_signature(key, algorithm, input, signature));
    EXPECT_FALSE(check_signature(key, algorithm, input, signature.substr(1)));
  }
}

std::string padded(const BIGNUM* number, std::size_t width) {
  std::string octets(width, '\0');
  EXPECT_EQ(BN_bn2binpad(number, octets_of(octets.data()), static_cast<int>(width)), static_cast<int>(width));
  return octets;
}

TEST(JwsAttacks, EllipticSignaturesWithEdgeNumbersAreRefused) {
  for (const auto& key : all_keys()) {
    if (key.type() != KeyType::ec) continue;
    const auto algorithm = key.signing_algorithms().at(0);
    SCOPED_TRACE(std::string(algorithm_name(algorithm)));
    BIGNUM* raw = nullptr;
    ASSERT_EQ(EVP_PKEY_get_bn_param(key.material().key.get(), OSSL_PKEY_PARAM_EC_ORDER, &raw), 1);
    const BigNumber order(raw);
    const auto width = curve_octets(key.curve());
    std::vector<std::string> edges = {std::string(width, '\0'), std::string(width - 1, '\0') + '\1',
                                      std::string(width, '\xff'), padded(order.get(), width)};
    BN_sub_word(order.get(), 1);
    edges.push_back(padded(order.get(), width));
    BN_add_word(order.get(), 2);
    edges.push_back(padded(order.get(), width));
    const auto input = input_for(algorithm);
    const auto good = *make_signature(key, algorithm, input);
    for (const auto& r : edges) {
      for (const auto& s : edges) EXPECT_FALSE(verifies(input, r + s, key));
      EXPECT_FALSE(verifies(input, r + good.substr(width), key));
      EXPECT_FALSE(verifies(input, good.substr(0, width) + r, key));
    }
    EXPECT_FALSE(verifies(input, good.substr(width) + good.substr(0, width), key));  // S and R
  }
}

TEST(JwsAttacks, EllipticSignaturesInDerAreRefused) {
  for (const auto& key : all_keys()) {
    if (key.type() != KeyType::ec) continue;
    const auto algorithm = key.signing_algorithms().at(0);
    const auto input = input_for(algorithm);
    const MdContext context(EVP_MD_CTX_new());
    const auto* digest = algorithm == Algorithm::es384   ? "SHA384"
                         : algorithm == Algorithm::es512 ? "SHA512"
                                                         : "SHA256";
    ASSERT_EQ(EVP_DigestSignInit_ex(context.get(), nullptr, digest, nullptr, nullptr,
                                    key.material().key.get(), nullptr),
              1);
    std::string der(256, '\0');
    std::size_t size = der.size();
    ASSERT_EQ(EVP_DigestSign(context.get(), octets_of(der.data()), &size, octets_of(input), input.size()), 1);
    EXPECT_FALSE(verifies(input, der.substr(0, size), key)) << digest;
  }
}

/// The private RSA operation on a block of the forger's making.
std::string raw_rsa(const Jwk& key, const std::string& block) {
  const EvpKeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, key.material().key.get(), nullptr));
  EXPECT_EQ(EVP_PKEY_sign_init(context.get()), 1);
  EXPECT_EQ(EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_NO_PADDING), 1);
  std::string signature(block.size(), '\0');
  std::size_t size = signature.size();
  EXPECT_EQ(EVP_PKEY_sign(context.get(), octets_of(signature.data()), &size, octets_of(block), block.size()),
            1);
  return signature;
}

TEST(JwsAttacks, RsaSignaturesWithLoosePaddingAreRefused) {
  const auto key = rsa_key();
  const auto input = input_for(Algorithm::rs256);
  const std::string hash(sha256(input).octets());
  const auto unhex = [](const char* hex) {
    const auto octets = base64url_decode(hex);
    return octets.value_or("");
  };
  // DigestInfo of SHA-256 (RFC 8017, 9.2), as OpenSSL and every verifier has it, in base64url.
  const auto info = unhex("MDEwDQYJYIZIAWUDBAIBBQAEIA");
  ASSERT_EQ(info.size(), 19U);
  const auto block = [](char type, char filler, const std::string& tail, std::size_t fill) {
    auto made = std::string("\0", 1) + type + std::string(fill, filler) + std::string("\0", 1) + tail;
    made.resize(256, '\0');
    return made;
  };
  const auto tail = info + hash;
  const auto whole = 256 - 3 - tail.size();
  EXPECT_TRUE(verifies(input, raw_rsa(key, block('\1', '\xff', tail, whole)), key));
  EXPECT_FALSE(verifies(input, raw_rsa(key, block('\1', '\xff', tail, 8)), key));  // garbage behind
  EXPECT_FALSE(verifies(input, raw_rsa(key, block('\2', '\x55', tail, whole)), key));
  EXPECT_FALSE(verifies(input, raw_rsa(key, block('\1', '\xfe', tail, whole)), key));
  EXPECT_FALSE(verifies(input, raw_rsa(key, block('\1', '\xff', hash, 256 - 3 - hash.size())), key));
  // Without the NULL of the parameters.
  auto bare = unhex("MC8wCwYJYIZIAWUDBAIBBCA") + hash;
  ASSERT_EQ(bare.size(), 49U);
  EXPECT_FALSE(verifies(input, raw_rsa(key, block('\1', '\xff', bare, 256 - 3 - bare.size())), key));
  EXPECT_FALSE(verifies(input, std::string(255, '\0') + '\1', key));
  EXPECT_FALSE(verifies(input, *base64url_decode(text(*key.public_json(), "n")), key));
}

TEST(JwsAttacks, PssSignaturesHaveASaltAsLongAsTheHashAndOneHash) {
  const auto key = rsa_key();
  const auto input = input_for(Algorithm::ps256);
  const auto sign = [&](int salt, const EVP_MD* mask) {
    const MdContext context(EVP_MD_CTX_new());
    EVP_PKEY_CTX* parameters = nullptr;
    std::string signature(256, '\0');
    std::size_t size = signature.size();
    EXPECT_EQ(EVP_DigestSignInit_ex(context.get(), &parameters, "SHA256", nullptr, nullptr,
                                    key.material().key.get(), nullptr),
              1);
    EXPECT_EQ(EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PSS_PADDING), 1);
    EXPECT_EQ(EVP_PKEY_CTX_set_rsa_pss_saltlen(parameters, salt), 1);
    EXPECT_EQ(EVP_PKEY_CTX_set_rsa_mgf1_md(parameters, mask), 1);
    EXPECT_EQ(
        EVP_DigestSign(context.get(), octets_of(signature.data()), &size, octets_of(input), input.size()), 1);
    return signature;
  };
  EXPECT_TRUE(verifies(input, sign(32, EVP_sha256()), key));
  EXPECT_FALSE(verifies(input, sign(0, EVP_sha256()), key));
  EXPECT_FALSE(verifies(input, sign(31, EVP_sha256()), key));
  EXPECT_FALSE(verifies(input, sign(RSA_PSS_SALTLEN_MAX, EVP_sha256()), key));
  EXPECT_FALSE(verifies(input, sign(32, EVP_sha1()), key));
}

TEST(JwsAttacks, NonCanonicalBase64IsRefusedInEveryPart) {
  const auto key = octets_key();
  // Header and payload are signed as they stand here, so that only the encoding can be the reason.
  const auto verdict = [&](const std::string& header, const std::string& payload, const std::string& ending) {
    const auto input = header + '.' + payload;
    const auto signature = base64url_encode(*make_signature(key, Algorithm::hs256, input)) + ending;
    return verify_compact(input + '.' + signature, key, {.algorithms = {Algorithm::hs256}}).has_value();
  };
  const auto header = base64url_encode(R"({"alg":"HS256"})");   // 20 characters, no bits over
  const auto longer = base64url_encode(R"({"alg":"HS256" })");  // 22, four bits over
  ASSERT_TRUE(verdict(header, "_-8", ""));
  ASSERT_TRUE(verdict(longer, "_-8", ""));
  for (const auto* payload : {"/+8", "_-9", "_-8=", "_-8 ", " _-8", "_-\n8", "_-8\r\n", "_-8%3D", "A"}) {
    EXPECT_FALSE(verdict(header, payload, "")) << payload;
  }
  EXPECT_FALSE(verdict(header, std::string("_-8\0", 4), ""));
  for (const auto* ending : {"=", "==", "\n", " ", "A", "%3D"}) {
    EXPECT_FALSE(verdict(header, "_-8", ending)) << ending;
    EXPECT_FALSE(verdict(header + ending, "_-8", "")) << ending;
  }
  auto trailing = longer;
  ++trailing.back();
  EXPECT_FALSE(verdict(trailing, "_-8", ""));
}

TEST(JwsAttacks, RepeatedMembersAreRefusedAtEveryDepth) {
  const auto key = octets_key();
  for (const auto* header : {R"({"alg":"none","alg":"HS256"})", R"({"alg":"HS256","alg":"none"})",
                             R"({"alg":"HS256","x":{"a":1,"a":2}})", R"({"alg":"HS256","x":[{"a":1,"a":2}]})",
                             R"({"alg":"HS256","\u0061lg":"HS256"})",
                             R"({"alg":"HS256","crit":["x"],"x":1,"crit":["y"],"y":1})"}) {
    const auto input = input_for(header);
    EXPECT_FALSE(verifies(input, *make_signature(key, Algorithm::hs256, input), key)) << header;
  }
}

TEST(JwsAttacks, KeysInTheHeaderAreNeverTrusted) {
  const auto victim = p256_key({.kid = "victim"});
  const auto forger = *generate_ec(Curve::p256, {.kid = "victim"});
  const auto jwk = dump_json(*forger.public_json());
  for (const auto& extra : {R"("jwk":)" + jwk, std::string(R"("jku":"https://forger.example/jwks")"),
                            std::string(R"("x5u":"https://forger.example/cert")"),
                            std::string(R"("x5c":["MIIB"])"), R"("jwk":)" + jwk + R"(,"kid":"victim")",
                            R"("jwk":)" + jwk + R"(,"kid":")" + forger.thumbprint() + '"'}) {
    const auto input = input_for(R"({"alg":"ES256",)" + extra + '}');
    const auto signature = *make_signature(forger, Algorithm::es256, input);
    EXPECT_FALSE(verifies(input, signature, victim)) << extra;
    EXPECT_FALSE(verify_compact(input + '.' + base64url_encode(signature), JwkSet(),
                                {.algorithms = {Algorithm::es256}}))
        << extra;
    // And a header key does no harm to who signs with the right one.
    EXPECT_EQ(verifies(input, *make_signature(victim, Algorithm::es256, input), victim),
              extra.find(forger.thumbprint()) == std::string::npos)
        << extra;
  }
}

TEST(JwsAttacks, NoneIsRefusedByWhateverNameAndInEveryForm) {
  const auto key = rsa_key();
  for (const auto* name : {"none", "None", "NONE", "nOnE", "nonE", "none\\u0000", "null", ""}) {
    const auto header = std::string(R"({"alg":")") + name + "\"}";
    for (const std::string signature : {"", "AAAA"}) {
      const auto policy =
          JwsPolicy{.algorithms = everything(), .algorithm_place = AlgorithmPlace::any_header};
      EXPECT_FALSE(verify_compact(input_for(header) + '.' + signature, key, policy)) << name;
      const Json flattened = {{"payload", base64url_encode(kPayload)},
                              {"protected", base64url_encode(header)},
                              {"signature", signature}};
      EXPECT_FALSE(verify_json(dump_json(flattened), JwkSet({key}), policy, SignatureRule::any)) << name;
    }
  }
}

TEST(JwsAttacks, LabelsOfTheKeyAreHonoured) {
  const auto input = input_for(Algorithm::es256);
  const auto signature = *make_signature(p256_key(), Algorithm::es256, input);
  const std::pair<KeyLabels, bool> cases[] = {
      {{}, true},
      {{.use = "sig"}, true},
      {{.use = "enc"}, false},
      {{.use = "other"}, false},
      {{.alg = "ES256"}, true},
      {{.alg = "ES384"}, false},
      {{.alg = "ECDH-ES"}, false},
      {{.alg = "es256"}, false},
      {{.key_ops = {"verify"}}, true},
      {{.key_ops = {"sign"}}, false},
      {{.key_ops = {"deriveKey"}}, false},
      {{.key_ops = {"Verify"}}, false},
  };
  for (const auto& [labels, passes] : cases) {
    EXPECT_EQ(verifies(input, signature, p256_key(labels)), passes)
        << labels.use << labels.alg << (labels.key_ops.empty() ? "" : labels.key_ops[0]);
  }
}

TEST(JwsAttacks, WhatIsWrongWithAHeaderIsSaid) {
  const auto said = [](const std::string& header) {
    const auto verified =
        verify_compact(compact_of(header, "x", "y"), octets_key(), {.algorithms = {Algorithm::hs256}});
    return verified ? "" : verified.error().detail;
  };
  const std::string deep = std::string(20, '[') + std::string(20, ']');
  const std::pair<std::string, std::string> cases[] = {
      {R"({"alg":"HS256","alg":"HS256"})", "a member that occurs twice at line 1, column 20"},
      {R"({"alg":"HS256","x":)" + deep + "}", "nesting that is too deep"},
      {R"({"alg":"HS256","x":18446744073709551616})", "an integer that is too large"},
      {"{\"alg\":\"HS256\",\"x\":\"\xff\"}", "a syntax error"},
      {R"({"alg":"HS256","x":")" + std::string(17'000, 'x') + "\"}", "larger than 16384 octets"}};
  for (const auto& [header, why] : cases) {
    EXPECT_THAT(said(header), ::testing::StartsWith("the header of the JWS: JSON: " + why)) << header;
  }
  EXPECT_EQ(said("[]"), "the header of the JWS is not a JSON object");
  EXPECT_EQ(said("\xEF\xBB\xBF{\"alg\":\"HS256\"}"), "the header of the JWS begins with a byte order mark");
}

TEST(JwsAttacks, OnlyTheFirstEightOfTheKeysAreTriedAndThatIsSaid) {
  std::vector<Jwk> keys;
  for (std::size_t size = 65; size < 73; ++size) keys.push_back(octets_key(size));
  keys.push_back(octets_key(64));
  const auto compact = *sign_compact("x", keys.back(), Algorithm::hs256);
  const JwsPolicy policy{.algorithms = {Algorithm::hs256}};
  const auto verified = verify_compact(compact, JwkSet(keys), policy);
  ASSERT_FALSE(verified);
  EXPECT_EQ(verified.error().code, Errc::bad_signature);
  EXPECT_EQ(verified.error().detail, "the signature of the JWS does not match (tried: 8 of 9 keys that fit)");
  keys.erase(keys.begin());
  EXPECT_TRUE(verify_compact(compact, JwkSet(keys), policy));
}

}  // namespace
}  // namespace oidcop::jose
