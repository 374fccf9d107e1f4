#include "jose/jwe.h"

#include "core/jose/jwe_data.h"
#include "jose/nested_jwt.h"
#include "support/fixed_random.h"

#include <openssl/err.h>

#include <algorithm>
#include <cctype>

namespace oidcop::jose {
namespace {

using namespace testing;  // NOLINT: the helpers of this folder
using oidcop::testing::FixedRandom;

const std::string kPlaintext = R"({"sub":"diana"})";
constexpr JweAlgorithms kDirect{KeyManagement::dir, ContentEncryption::a256gcm};
constexpr JweAlgorithms kOaep{KeyManagement::rsa_oaep_256, ContentEncryption::a128cbc_hs256};

std::vector<JweAlgorithms> all_pairs() {
  std::vector<JweAlgorithms> pairs;
  for (const auto management : KeyManagementSet::all().list()) {
    for (const auto encryption : ContentEncryptionSet::all().list())
      pairs.push_back({management, encryption});
  }
  return pairs;
}

void expect_round_trip(const JweAlgorithms& algorithms) {
  const auto keys = keys_for(algorithms);
  ASSERT_FALSE(keys.empty());
  for (const auto& key : keys) {
    for (const auto& plaintext : {std::string(), std::string("x"), std::string(16, 'y'), kPlaintext}) {
      const auto compact =
          encrypt(plaintext, public_half(key), algorithms, quick({.typ = "JOSE", .cty = "text"}));
      const JwePolicy policy{.algorithms = {algorithms.management}, .encryptions = {algorithms.encryption}};
      const auto decrypted = decrypt(compact, key, policy);
      ASSERT_TRUE(decrypted) << decrypted.error().detail;
      EXPECT_EQ(decrypted->plaintext.reveal(), plaintext);
      EXPECT_EQ(decrypted->algorithms.management, algorithms.management);
      EXPECT_EQ(decrypted->algorithms.encryption, algorithms.encryption);
      EXPECT_EQ(decrypted->header.text("typ"), "JOSE");
      EXPECT_EQ(decrypted->header.text("cty"), "text");
    }
    const auto compact = encrypt(kPlaintext, public_half(key), algorithms);
    EXPECT_EQ(CompactParts(compact).encrypted_key.empty(), has_no_encrypted_key(algorithms.management));
    EXPECT_EQ(decrypt(compact, key, {.algorithms = {algorithms.management}}).error().code, Errc::refused);
    EXPECT_EQ(decrypt(compact, key, {.encryptions = {algorithms.encryption}}).error().code, Errc::refused);
    EXPECT_EQ(decrypt_compact(compact, JwkSet(), allow_everything(), system_random()).error().code,
              Errc::not_found);
  }
}

TEST(Jwe, WhatIsEncryptedDecryptsAndOnlyWhereItIsAllowed) {
  for (const auto& algorithms : all_pairs()) {
    SCOPED_TRACE(name_of(algorithms));
    expect_round_trip(algorithms);
  }
}

void expect_alterations_noticed(const JweAlgorithms& algorithms) {
  const auto key = keys_for(algorithms).front();
  const auto compact = encrypt(kPlaintext, public_half(key), algorithms);
  for (auto part :
       {&CompactParts::encrypted_key, &CompactParts::iv, &CompactParts::ciphertext, &CompactParts::tag}) {
    CompactParts altered(compact);
    if ((altered.*part).empty()) continue;
    const auto size = base64url_decode(altered.*part)->size();
    for (const auto octet : {std::size_t{0}, size / 2, size - 1}) {
      altered = CompactParts(compact);
      altered.*part = with_flipped_bit(altered.*part, octet);
      EXPECT_TRUE(does_not_decrypt_like_all(decrypt(altered.joined(), key))) << octet;
    }
  }
  CompactParts altered(compact);
  auto header = altered.header_json();
  header["extra"] = true;
  altered.set_header(header);
  EXPECT_TRUE(does_not_decrypt_like_all(decrypt(altered.joined(), key)));
}

TEST(Jwe, WhateverIsAlteredDoesNotDecryptAndAlwaysInTheSameWords) {
  for (const auto& algorithms : all_pairs()) {
    SCOPED_TRACE(name_of(algorithms));
    expect_alterations_noticed(algorithms);
  }
}

void expect_lengths_noticed(const JweAlgorithms& algorithms) {
  const auto key = keys_for(algorithms).front();
  const CompactParts parts(encrypt(kPlaintext, public_half(key), algorithms));
  const auto encrypted_key = *base64url_decode(parts.encrypted_key);
  for (const std::size_t size : {0U, 1U, 7U, 8U, 16U, 23U, 24U, 40U, 41U, 72U, 80U, 255U, 257U, 2000U}) {
    if (size == encrypted_key.size()) continue;
    CompactParts altered = parts;
    auto other = encrypted_key;
    other.resize(size, 'x');
    altered.encrypted_key = base64url_encode(other);
    const auto decrypted = decrypt(altered.joined(), key);
    if (has_no_encrypted_key(algorithms.management)) {
      EXPECT_EQ(decrypted.error().code, Errc::malformed) << size;
    } else {
      EXPECT_TRUE(does_not_decrypt_like_all(decrypted)) << size;
    }
  }
}

TEST(Jwe, AnEncryptedKeyOfAnyLengthFailsLikeAllElse) {
  for (const auto& algorithms : all_pairs()) {
    SCOPED_TRACE(name_of(algorithms));
    expect_lengths_noticed(algorithms);
  }
}

TEST(Jwe, EveryAlteredCharacterIsNoticed) {
  const auto key = octets_key(32);
  const auto compact = encrypt(kPlaintext, key, kDirect);
  for (std::size_t i = 0; i < compact.size(); ++i) {
    auto altered = compact;
    altered[i] = altered[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(decrypt(altered, key)) << i;
  }
  for (std::size_t size = 0; size < compact.size(); ++size)
    EXPECT_FALSE(decrypt(compact.substr(0, size), key));
}

TEST(Jwe, AKeyThatIsNotTheRecipientsGivesTheSameAnswerAsAnyFault) {
  const auto strange_rsa = *generate_rsa(2048, {});
  for (const auto& algorithms : all_pairs()) {
    SCOPED_TRACE(name_of(algorithms));
    const auto key = keys_for(algorithms).front();
    const auto compact = encrypt(kPlaintext, public_half(key), algorithms);
    const auto stranger =
        is_rsa(algorithms.management) ? strange_rsa
        : is_key_agreement(algorithms.management)
            ? *generate_ec(Curve::p256, {})
            : *Jwk::from_octets(Secret(std::string(static_cast<std::size_t>(key.bits()) / 8, 'z')));
    EXPECT_TRUE(does_not_decrypt_like_all(decrypt(compact, *stranger.with_labels({}))));
  }
}

TEST(Jwe, KeysMustHaveExactlyTheLengthOfTheirAlgorithm) {
  for (const std::size_t size : {1U, 8U, 15U, 16U, 17U, 24U, 31U, 32U, 33U, 48U, 63U, 64U, 65U}) {
    const auto key = octets_key(size);
    for (const auto& algorithms : all_pairs()) {
      const auto management = algorithms.management;
      if (is_rsa(management) || is_key_agreement(management)) {
        EXPECT_FALSE(can_encrypt(key, algorithms) || can_decrypt(key, algorithms));
        continue;
      }
      const auto name = std::string(algorithm_name(management));
      bool fits = is_password_based(management);
      if (management == KeyManagement::dir) fits = size == cek_octets(algorithms.encryption);
      for (const auto& [prefix, octets] :
           {std::pair{"A128", 16U}, std::pair{"A192", 24U}, std::pair{"A256", 32U}}) {
        if (name.starts_with(prefix)) fits = size == octets;
      }
      EXPECT_EQ(can_decrypt(key, algorithms), fits) << size << ' ' << name_of(algorithms);
      EXPECT_EQ(can_encrypt(key, algorithms), fits);
      if (!fits) {
        const auto refused = encrypt_compact(kPlaintext, key, algorithms, system_random());
        EXPECT_EQ(refused.error().code, Errc::refused);
      }
    }
  }
}

TEST(Jwe, WhatAKeySaysOfItsUseIsHonoured) {
  const auto labels = [](const char* alg, const char* use, std::vector<std::string> key_ops) {
    return KeyLabels{.alg = alg, .use = use, .key_ops = std::move(key_ops)};
  };
  struct Case {
    KeyLabels labels;
    bool encrypts;
    bool decrypts;
  };
  const JweAlgorithms oaep{KeyManagement::rsa_oaep, ContentEncryption::a128gcm};
  for (const auto& [label, encrypts, decrypts] :
       {Case{labels("", "", {}), true, true}, Case{labels("RSA-OAEP", "enc", {}), true, true},
        Case{labels("RSA-OAEP-256", "", {}), false, false}, Case{labels("RS256", "", {}), false, false},
        Case{labels("RSA1_5", "", {}), false, false}, Case{labels("", "sig", {}), false, false},
        Case{labels("", "", {"wrapKey"}), true, false}, Case{labels("", "", {"unwrapKey"}), false, true},
        Case{labels("", "", {"encrypt", "decrypt"}), true, true},
        Case{labels("", "", {"sign", "verify"}), false, false}}) {
    SCOPED_TRACE(label.alg + ' ' + label.use + ' ' + (label.key_ops.empty() ? "" : label.key_ops.front()));
    EXPECT_EQ(can_encrypt(rsa_key(label), oaep), encrypts);
    EXPECT_EQ(can_decrypt(rsa_key(label), oaep), decrypts);
  }
  const auto agreement = [&](std::vector<std::string> key_ops) {
    return *curve_key(Curve::p256).with_labels(labels("", "", std::move(key_ops)));
  };
  const JweAlgorithms ecdh{KeyManagement::ecdh_es, ContentEncryption::a128gcm};
  EXPECT_TRUE(can_decrypt(agreement({"deriveKey"}), ecdh));
  EXPECT_TRUE(can_decrypt(agreement({"deriveBits"}), ecdh));
  EXPECT_FALSE(can_decrypt(agreement({"unwrapKey"}), ecdh));
  const auto named = [&](const char* alg) { return octets_key(32, labels(alg, "", {})); };
  EXPECT_TRUE(can_decrypt(named("A256GCM"), kDirect));
  EXPECT_TRUE(can_decrypt(named("dir"), kDirect));
  EXPECT_FALSE(can_decrypt(named("A256KW"), kDirect));
  EXPECT_FALSE(can_decrypt(named("A128CBC-HS256"), kDirect));
  EXPECT_FALSE(can_decrypt(named("A256GCM"), {KeyManagement::a256kw, ContentEncryption::a256gcm}));
  EXPECT_FALSE(can_decrypt(rsa_key(), kDirect));
  EXPECT_FALSE(can_decrypt(public_half(rsa_key()), oaep));
  EXPECT_FALSE(can_decrypt(curve_key(Curve::ed25519), ecdh));
  EXPECT_FALSE(can_decrypt(curve_key(Curve::secp256k1), ecdh));
}

TEST(Jwe, TheKidChoosesAmongKeysAndKeysWithoutOneAreTriedToo) {
  const auto named = [](const char* kid, char fill) {
    return *Jwk::from_octets(Secret(std::string(32, fill)), {.kid = kid});
  };
  const auto ours = named("a", 'k');
  const auto compact = encrypt(kPlaintext, ours, kDirect);
  const auto with = [&](std::vector<Jwk> keys) {
    return decrypt_compact(compact, JwkSet(std::move(keys)), allow_everything(), system_random());
  };
  EXPECT_EQ(with({named("b", 'x'), ours}).value().kid, "a");
  EXPECT_EQ(with({named("b", 'k')}).error().code, Errc::not_found);
  EXPECT_TRUE(with({named("", 'k')}));
  EXPECT_TRUE(with({named("a", 'x'), named("", 'y'), named("", 'k')}));
  EXPECT_TRUE(does_not_decrypt_like_all(with({named("a", 'x'), named("", 'y')})));
}

TEST(Jwe, AMessageBuysAtMostEightTries) {
  const JweAlgorithms wrap{KeyManagement::a256kw, ContentEncryption::a128gcm};
  const auto compact = encrypt(kPlaintext, octets_key(32), wrap);
  std::vector<Jwk> strangers;
  for (char fill = 'a'; fill < 'h'; ++fill)
    strangers.push_back(*Jwk::from_octets(Secret(std::string(32, fill))));
  strangers.push_back(octets_key(32));
  FixedRandom random;
  EXPECT_TRUE(decrypt_compact(compact, JwkSet(strangers), allow_everything(), random));
  EXPECT_EQ(random.calls(), 8U);
  strangers.insert(strangers.begin(), *Jwk::from_octets(Secret(std::string(32, 'z'))));
  const auto ninth = decrypt_compact(compact, JwkSet(strangers), allow_everything(), random);
  ASSERT_FALSE(ninth);
  EXPECT_EQ(ninth.error().code, Errc::bad_signature);
  EXPECT_EQ(ninth.error().detail, "the JWE does not decrypt (tried: 8 of 9 keys that fit)");
  EXPECT_EQ(random.calls(), 16U);
}

TEST(Jwe, WithoutRandomnessNothingIsEncryptedAndNoKeyRecovered) {
  for (const auto& algorithms : all_pairs()) {
    SCOPED_TRACE(name_of(algorithms));
    const auto key = keys_for(algorithms).front();
    FixedRandom counting;
    ASSERT_TRUE(encrypt_compact(kPlaintext, key, algorithms, counting, quick()));
    for (std::size_t call = 1; call <= counting.calls(); ++call) {
      FixedRandom failing(1, call);
      const auto encrypted = encrypt_compact(kPlaintext, key, algorithms, failing, quick());
      ASSERT_FALSE(encrypted);
      EXPECT_EQ(encrypted.error().code, Errc::unavailable);
    }
    FixedRandom failing(1, 1);
    const auto compact = encrypt(kPlaintext, key, algorithms);
    const auto decrypted = decrypt_compact(compact, JwkSet({key}), allow_everything(), failing);
    EXPECT_EQ(decrypted.has_value(), has_no_encrypted_key(algorithms.management));
  }
}

TEST(Jwe, TheCallerCannotWriteHeaderParametersThatAreOurs) {
  for (const auto* name :
       {"alg", "enc", "zip", "kid", "typ", "cty", "crit", "epk", "apu", "apv", "iv", "tag", "p2s", "p2c"}) {
    JweHeader header;
    header.extra.set(name, "x");
    EXPECT_EQ(encrypt_compact("x", octets_key(32), kDirect, system_random(), header).error().code,
              Errc::refused);
  }
  JweHeader header;
  header.extra.set("jku", "https://op.example/jwks");
  const auto decrypted = decrypt(encrypt("x", octets_key(32), kDirect, header), octets_key(32));
  EXPECT_EQ(decrypted.value().header.text("jku"), "https://op.example/jwks");
}

TEST(Jwe, SizesAreBoundedBothWays) {
  const auto key = octets_key(32);
  EXPECT_EQ(encrypt_compact(std::string((16U << 20U) + 1, 'x'), key, kDirect, system_random()).error().code,
            Errc::refused);
  const auto compact = encrypt(std::string(1000, 'x'), key, kDirect);
  auto policy = allow_everything();
  policy.max_octets = compact.size();
  EXPECT_TRUE(decrypt(compact, key, policy));
  policy.max_octets = compact.size() - 1;
  EXPECT_EQ(decrypt(compact, key, policy).error().code, Errc::refused);
  JweHeader large;
  large.extra.set("x", std::string(17U << 10U, 'x'));
  EXPECT_EQ(decrypt(encrypt("x", key, kDirect, large), key).error().code, Errc::malformed);
}

TEST(Jwe, ApuAndApvAreBoundIntoTheKey) {
  const JweAlgorithms ecdh{KeyManagement::ecdh_es, ContentEncryption::a128gcm};
  const auto key = curve_key(Curve::x25519);
  const auto compact = encrypt(kPlaintext, public_half(key), ecdh, {.key = {.apu = "Alice", .apv = "Bob"}});
  EXPECT_TRUE(decrypt(compact, key));
  CompactParts parts(compact);
  auto header = parts.header_json();
  EXPECT_EQ(header.at("apu"), "QWxpY2U");
  header["apv"] = base64url_encode("Eve");
  parts.set_header(header);
  EXPECT_TRUE(does_not_decrypt_like_all(decrypt(parts.joined(), key)));
}

TEST(Jwe, NothingIsWrittenThatNoReaderTakes) {
  const JweAlgorithms ecdh{KeyManagement::ecdh_es, ContentEncryption::a128gcm};
  const auto key = public_half(curve_key(Curve::x25519));
  const auto encrypted_for = [&](const KeyChoices& parties) {
    return encrypt_compact(kPlaintext, key, ecdh, system_random(), {.key = parties});
  };
  const std::string longest(1024, 'x');
  EXPECT_TRUE(encrypted_for({.apu = longest, .apv = longest}));
  EXPECT_EQ(encrypted_for({.apu = longest + 'x'}).error().code, Errc::refused);
  EXPECT_EQ(encrypted_for({.apv = longest + 'x'}).error().code, Errc::refused);
}

TEST(Jwe, TheHeaderCanBeLookedAtBeforeAnythingIsDecrypted) {
  const auto compact = encrypt(kPlaintext, octets_key(32, {.kid = "k"}), kDirect);
  EXPECT_TRUE(looks_encrypted(compact));
  EXPECT_FALSE(looks_encrypted("a.b.c"));
  EXPECT_EQ(peek_encryption_header(compact).value().text("kid"), "k");
  EXPECT_EQ(peek_encryption_header("a.b.c").error().code, Errc::malformed);
  EXPECT_EQ(peek_encryption_header(compact, 10).error().code, Errc::refused);
}

TEST(Jwe, NothingIsLeftInOpensslsErrorQueue) {
  const auto key = rsa_key();
  CompactParts parts(encrypt(kPlaintext, public_half(key), kOaep));
  parts.encrypted_key = with_flipped_bit(parts.encrypted_key, 5);
  EXPECT_TRUE(does_not_decrypt_like_all(decrypt(parts.joined(), key)));
  EXPECT_EQ(ERR_peek_error(), 0U);
}

class NestedJwt : public ::testing::Test {
 protected:
  Message claims() const {
    Message claims;
    claims.set("sub", "diana");
    claims.set_number("exp", 2'000'000'000);
    return claims;
  }
  Result<VerifiedNestedJwt> verify(const std::string& compact) {
    const JwkSet decryption({rsa_key()});
    const JwkSet verification({p256_key()});
    return verify_nested_jwt(compact, {decryption, verification},
                             {allow_everything(), {.algorithms = {Algorithm::es256}}, {}}, TimePoint{},
                             system_random());
  }
  const std::string jwt_ = *sign_jwt(claims(), p256_key(), Algorithm::es256);
};

TEST_F(NestedJwt, WhatIsSignedAndEncryptedIsDecryptedAndVerified) {
  const auto compact = encrypt_jwt(jwt_, {public_half(rsa_key()), kOaep}, system_random());
  ASSERT_TRUE(compact);
  const auto verified = verify(*compact);
  ASSERT_TRUE(verified) << verified.error().detail;
  EXPECT_EQ(verified->jwt.claims.text("sub"), "diana");
  EXPECT_EQ(verified->encryption_header.text("cty"), "JWT");
}

TEST_F(NestedJwt, OnlyASignedJwtIsNestedOrTakenOut) {
  EXPECT_EQ(encrypt_jwt("{}", {rsa_key(), kOaep}, system_random()).error().code, Errc::refused);
  EXPECT_EQ(verify(encrypt(jwt_, public_half(rsa_key()), kOaep)).error().code, Errc::malformed);
  EXPECT_EQ(verify(encrypt(jwt_, public_half(rsa_key()), kOaep, {.cty = "JWE"})).error().code,
            Errc::malformed);
  EXPECT_EQ(verify(encrypt("{}", public_half(rsa_key()), kOaep, {.cty = "JWT"})).error().code,
            Errc::malformed);
  EXPECT_TRUE(verify(encrypt(jwt_, public_half(rsa_key()), kOaep, {.cty = "jwt"})));
  const auto twice = *encrypt_jwt(jwt_, {public_half(rsa_key()), kOaep}, system_random());
  EXPECT_EQ(verify(encrypt(twice, public_half(rsa_key()), kOaep, {.cty = "JWT"})).error().code,
            Errc::malformed);
  EXPECT_EQ(verify(jwt_).error().code, Errc::malformed);
}

TEST_F(NestedJwt, EncryptingSaysNothingOfWhoSigned) {
  const auto forged = *sign_jwt(claims(), *generate_ec(Curve::p256, {}), Algorithm::es256);
  const auto compact = *encrypt_jwt(forged, {public_half(rsa_key()), kOaep}, system_random());
  EXPECT_FALSE(verify(compact));
  const auto unsecured = *make_unsecured(dump_json(claims().json()));
  EXPECT_EQ(verify(*encrypt_jwt(unsecured, {public_half(rsa_key()), kOaep}, system_random())).error().code,
            Errc::refused);
}

}  // namespace
}  // namespace oidcop::jose
