// What an attacker may send, after the cases of Project Wycheproof's group json_web_encryption.

#include "core/jose/jwe_data.h"
#include "jose/openssl.h"

#include <gmock/gmock.h>

#include <functional>

namespace oidcop::jose {
namespace {

using namespace testing;  // NOLINT: the helpers of this folder
using ::testing::HasSubstr;

const std::string kPlaintext = R"({"sub":"diana"})";
constexpr JweAlgorithms kDirect{KeyManagement::dir, ContentEncryption::a256gcm};
constexpr JweAlgorithms kEcdh{KeyManagement::ecdh_es, ContentEncryption::a128gcm};
constexpr JweAlgorithms kPassword{KeyManagement::pbes2_hs256_a128kw, ContentEncryption::a128gcm};
constexpr JweAlgorithms kGcmWrap{KeyManagement::a256gcmkw, ContentEncryption::a128gcm};

/// The message with the header changed; it was made for the key.
Result<DecryptedJwe> with_header(const Jwk& key, const JweAlgorithms& algorithms,
                                 const std::function<void(Json&)>& change,
                                 const JwePolicy& policy = allow_everything()) {
  CompactParts parts(encrypt(kPlaintext, public_half(key), algorithms));
  auto header = parts.header_json();
  change(header);
  parts.set_header(header);
  return decrypt(parts.joined(), key, policy);
}

Errc code_of(const Result<DecryptedJwe>& result) {
  EXPECT_FALSE(result);
  return result ? Errc::internal : result.error().code;
}

/// A header of our choice before a message that is otherwise in order.
Result<DecryptedJwe> with_header_text(const std::string& header) {
  CompactParts parts(encrypt(kPlaintext, octets_key(32), kDirect));
  parts.header = base64url_encode(header);
  return decrypt(parts.joined(), octets_key(32));
}

/// Content of these whole blocks, padding included, under a tag that is right.
SealedOctets with_padding(ContentEncryption encryption, const Secret& cek, const std::string& iv,
                          const std::string& blocks) {
  const auto keys = cek.reveal();
  auto ciphertext = *aes_cbc_encrypt(keys.substr(keys.size() / 2), iv, blocks);
  ciphertext.resize(blocks.size());  // without the padding that was added
  const auto* hash = encryption == ContentEncryption::a128cbc_hs256   ? "SHA256"
                     : encryption == ContentEncryption::a192cbc_hs384 ? "SHA384"
                                                                      : "SHA512";
  const auto input = "aad" + iv + ciphertext + std::string(7, '\0') + '\x18';
  std::string tag(64, '\0');
  std::size_t size = 0;
  EVP_Q_mac(nullptr, "HMAC", nullptr, hash, nullptr, keys.data(), keys.size() / 2, octets_of(input),
            input.size(), octets_of(tag.data()), tag.size(), &size);
  tag.resize(tag_octets(encryption));
  return {ciphertext, tag};
}

TEST(JweAttacks, TagsAndIvsOfAnotherLengthAreRefused) {
  for (const auto encryption : ContentEncryptionSet::all().list()) {
    const JweAlgorithms algorithms{KeyManagement::dir, encryption};
    SCOPED_TRACE(name_of(algorithms));
    const auto key = keys_for(algorithms).front();
    const CompactParts parts(encrypt(kPlaintext, key, algorithms));
    for (auto part : {&CompactParts::tag, &CompactParts::iv}) {
      const auto whole = *base64url_decode(parts.*part);
      for (std::size_t size = 0; size <= whole.size() + 16; ++size) {
        if (size == whole.size()) continue;
        auto octets = whole;
        octets.resize(size);
        auto altered = parts;
        altered.*part = base64url_encode(octets);
        EXPECT_EQ(code_of(decrypt(altered.joined(), key)), Errc::malformed) << size;
      }
    }
  }
}

TEST(JweAttacks, CiphertextsThatAreCutOrExtendedDoNotDecrypt) {
  for (const auto encryption : ContentEncryptionSet::all().list()) {
    const JweAlgorithms algorithms{KeyManagement::dir, encryption};
    SCOPED_TRACE(name_of(algorithms));
    const auto key = keys_for(algorithms).front();
    const CompactParts parts(encrypt(std::string(40, 'x'), key, algorithms));
    const auto whole = *base64url_decode(parts.ciphertext);
    for (std::size_t size = 0; size <= whole.size() + 17; ++size) {
      if (size == whole.size()) continue;
      auto octets = whole;
      octets.resize(size);
      auto altered = parts;
      altered.ciphertext = base64url_encode(octets);
      EXPECT_FALSE(decrypt(altered.joined(), key)) << size;
    }
  }
}

TEST(JweAttacks, AWellAuthenticatedContentWithBadPaddingFailsLikeAWrongTag) {
  // Only somebody with the key can make one: the tag is right, the padding is not.
  for (const auto encryption : {ContentEncryption::a128cbc_hs256, ContentEncryption::a192cbc_hs384,
                                ContentEncryption::a256cbc_hs512}) {
    const Secret cek(std::string(cek_octets(encryption), 'k'));
    const std::string iv(16, 'i');
    for (const auto& last : {std::string(1, '\0'), std::string(1, '\x11'), std::string(1, '\xFF'),
                             std::string("\x01\x02"), std::string("\x02\x03\x03")}) {
      const auto blocks = std::string(32 - last.size(), 'x') + last;
      const auto sealed = with_padding(encryption, cek, iv, blocks);
      const auto opened = decrypt_content(encryption, cek, {iv, "aad"}, sealed);
      ASSERT_FALSE(opened);
      EXPECT_EQ(opened.error().code, Errc::bad_signature);
      EXPECT_EQ(opened.error().detail, does_not_decrypt().detail);
    }
    const auto good = with_padding(encryption, cek, iv, std::string(31, 'x') + '\x01');
    EXPECT_EQ(decrypt_content(encryption, cek, {iv, "aad"}, good).value().reveal(), std::string(31, 'x'));
  }
}

TEST(JweAttacks, OneAlgorithmIsNotTakenForAnother) {
  const auto rsa = rsa_key();
  const auto as = [](const char* alg) { return [alg](Json& header) { header["alg"] = alg; }; };
  // A key that decrypts with one algorithm is not used with another, whatever the header says.
  EXPECT_EQ(code_of(with_header(octets_key(32), kDirect, as("A256KW"))), Errc::bad_signature);
  EXPECT_EQ(
      code_of(with_header(octets_key(16), {KeyManagement::a128kw, ContentEncryption::a256gcm}, as("dir"))),
      Errc::not_found);
  EXPECT_EQ(
      code_of(with_header(octets_key(16), {KeyManagement::a128kw, ContentEncryption::a128gcm}, as("dir"))),
      Errc::malformed);  // an encrypted key where there is none
  const JweAlgorithms oaep{KeyManagement::rsa_oaep, ContentEncryption::a128gcm};
  EXPECT_EQ(code_of(with_header(rsa, oaep, as("dir"))), Errc::not_found);
  EXPECT_EQ(code_of(with_header(rsa, oaep, as("RSA-OAEP-256"))), Errc::bad_signature);
  EXPECT_EQ(code_of(with_header(rsa, oaep, as("ECDH-ES"))), Errc::malformed);
  EXPECT_EQ(code_of(with_header(rsa, oaep, as("RS256"))), Errc::refused);
  EXPECT_EQ(code_of(with_header(rsa, oaep, as("none"))), Errc::refused);
  EXPECT_EQ(code_of(with_header(rsa, oaep, as("rsa-oaep"))), Errc::refused);
  EXPECT_EQ(code_of(with_header(rsa, oaep, as("A128GCM"))), Errc::refused);
  const auto fifteen = with_header(rsa, oaep, as("RSA1_5"));
  EXPECT_EQ(code_of(fifteen), Errc::refused);
  EXPECT_THAT(fifteen.error().detail, HasSubstr("RSA1_5"));
  const auto enc = [](const char* name) { return [name](Json& header) { header["enc"] = name; }; };
  EXPECT_EQ(code_of(with_header(octets_key(32), kDirect, enc("A128GCM"))), Errc::not_found);
  EXPECT_EQ(code_of(with_header(octets_key(32), kDirect, enc("A128CBC-HS256"))), Errc::malformed);
  EXPECT_EQ(code_of(with_header(octets_key(32), kDirect, enc("dir"))), Errc::refused);
  EXPECT_EQ(code_of(with_header(octets_key(32), kDirect, enc("none"))), Errc::refused);
}

TEST(JweAttacks, AgreementIsWithTheCurveOfTheKey) {
  const auto rsa_with_epk = [](Json& header) {
    header["alg"] = "ECDH-ES";
    header["epk"] = *curve_key(Curve::p256).public_json();
  };
  EXPECT_EQ(
      code_of(with_header(rsa_key(), {KeyManagement::rsa_oaep, ContentEncryption::a128gcm}, rsa_with_epk)),
      Errc::not_found);
  for (const auto own : kAgreementCurves) {
    for (const auto other : kAgreementCurves) {
      if (own == other) continue;
      const auto decrypted = with_header(
          curve_key(own), kEcdh, [other](Json& header) { header["epk"] = *curve_key(other).public_json(); });
      EXPECT_EQ(code_of(decrypted), Errc::not_found);
    }
    for (const auto never : {Curve::ed25519, Curve::secp256k1}) {
      const auto decrypted = with_header(
          curve_key(own), kEcdh, [never](Json& header) { header["epk"] = *curve_key(never).public_json(); });
      EXPECT_EQ(code_of(decrypted), Errc::refused);
    }
  }
}

TEST(JweAttacks, AnEphemeralKeyMustBeAWholePointOnItsCurve) {
  const auto key = curve_key(Curve::p256);
  const auto bad_epk = [&](const std::function<void(Json&)>& change) {
    return code_of(with_header(key, kEcdh, [&](Json& header) { change(header["epk"]); }));
  };
  const auto flipped = [](const char* name) {
    return [name](Json& epk) { epk[name] = with_flipped_bit(text(epk, name), 31); };
  };
  EXPECT_EQ(bad_epk(flipped("x")), Errc::malformed);
  EXPECT_EQ(bad_epk(flipped("y")), Errc::malformed);
  const auto zeros = base64url_encode(std::string(32, '\0'));
  EXPECT_EQ(bad_epk([&](Json& epk) { epk["x"] = epk["y"] = zeros; }),
            Errc::malformed);  // infinity, as some write it
  EXPECT_EQ(bad_epk([&](Json& epk) { epk["x"] = epk["y"] = ""; }), Errc::malformed);
  EXPECT_EQ(bad_epk([&](Json& epk) { epk["x"] = base64url_encode(std::string(32, '\xFF')); }),
            Errc::malformed);
  EXPECT_EQ(bad_epk([&](Json& epk) { epk["y"] = text(epk, "x"); }), Errc::malformed);
  EXPECT_EQ(bad_epk([](Json& epk) { epk.erase("y"); }), Errc::malformed);
  EXPECT_EQ(bad_epk([](Json& epk) { epk["x"] = '\0' + text(epk, "x"); }), Errc::malformed);
  EXPECT_EQ(bad_epk([](Json& epk) { epk = Json(); }), Errc::malformed);
  EXPECT_EQ(bad_epk([](Json& epk) { epk = "epk"; }), Errc::malformed);
  EXPECT_EQ(bad_epk([](Json& epk) { epk = Json::array(); }), Errc::malformed);
  EXPECT_EQ(bad_epk([](Json& epk) { epk["crv"] = "P-257"; }), Errc::refused);
  EXPECT_EQ(bad_epk([](Json& epk) { epk["kty"] = "OKP"; }), Errc::refused);
  EXPECT_EQ(bad_epk([](Json& epk) { epk = {{"kty", "oct"}, {"k", "AAAA"}}; }), Errc::refused);
  EXPECT_EQ(bad_epk([](Json& epk) { epk = *rsa_key().public_json(); }), Errc::refused);
  EXPECT_EQ(bad_epk([](Json& epk) { epk = *curve_key(Curve::p256).private_json(); }), Errc::malformed);
  EXPECT_EQ(code_of(with_header(key, kEcdh, [](Json& header) { header.erase("epk"); })), Errc::malformed);
}

TEST(JweAttacks, WhatAnEphemeralKeySaysBesideItsPointIsIgnored) {
  for (const auto curve : kAgreementCurves) {
    for (const Json& labels : {Json{{"key_ops", Json::array()}, {"ext", true}}, Json{{"use", "sig"}},
                               Json{{"use", ""}, {"alg", 1}}, Json{{"key_ops", "none"}, {"alg", "ES256"}}}) {
      const auto decrypted =
          with_header(curve_key(curve), kEcdh, [&](Json& header) { header["epk"].update(labels); });
      EXPECT_EQ(code_of(decrypted), Errc::bad_signature) << labels;  // the header was altered, and read
    }
  }
}

TEST(JweAttacks, PointsOfSmallOrderAreRefused) {
  // 0, 1, p - 1, p, p + 1 on both curves, and the points of order 8 of Curve25519, little-endian.
  const std::string ones_25519(30, '\xFF');
  const std::string half_448(27, '\xFF');
  const auto p448 = [&](const char* first, const char* middle) {
    return first + half_448 + middle + std::string(27, '\xFF');
  };
  const std::vector<std::pair<Curve, std::string>> points = {
      {Curve::x25519, std::string(32, '\0')},
      {Curve::x25519, '\x01' + std::string(31, '\0')},
      {Curve::x25519, '\xEC' + ones_25519 + '\x7F'},
      {Curve::x25519, '\xED' + ones_25519 + '\x7F'},
      {Curve::x25519, '\xEE' + ones_25519 + '\x7F'},
      {Curve::x25519, from_hex("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800")},
      {Curve::x25519, from_hex("5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157")},
      {Curve::x448, std::string(56, '\0')},
      {Curve::x448, '\x01' + std::string(55, '\0')},
      {Curve::x448, p448("\xFE", "\xFE")},  // p = 2^448 - 2^224 - 1
      {Curve::x448, p448("\xFF", "\xFE")},
      {Curve::x448, std::string(28, '\0') + std::string(28, '\xFF')}};
  for (const auto& [curve, u] : points) {
    const auto octets = u;
    const auto decrypted = with_header(
        curve_key(curve), kEcdh, [&octets](Json& header) { header["epk"]["x"] = base64url_encode(octets); });
    ASSERT_FALSE(decrypted);
    EXPECT_THAT(decrypted.error().code, ::testing::AnyOf(Errc::refused, Errc::malformed))
        << base64url_encode(u);
  }
  for (const std::size_t size : {0U, 31U, 33U, 56U}) {
    EXPECT_EQ(code_of(with_header(curve_key(Curve::x25519), kEcdh,
                                  [size](Json& header) {
                                    header["epk"]["x"] = base64url_encode(std::string(size, '\x09'));
                                  })),
              Errc::malformed);
  }
}

TEST(JweAttacks, AnEphemeralKeyOnTheTwistIsRefused) {
  // -y² = x³ - 3x + b, of P-256
  const auto x = from_hex("72554af938a3921665267ee03cef95ade6290625a9f99d6c57ae49809900fbad");
  const auto y = from_hex("9c25ea7b968c23b822d01a219de340ebcdc8156eaea919851f4fb668a930bdda");
  EXPECT_EQ(code_of(with_header(curve_key(Curve::p256), kEcdh,
                                [&](Json& header) {
                                  header["epk"]["x"] = base64url_encode(x);
                                  header["epk"]["y"] = base64url_encode(y);
                                })),
            Errc::malformed);
}

TEST(JweAttacks, IterationsAreBoundedOnBothSides) {
  const auto key = octets_key(20);
  const auto p2c = [&](const Json& count) {
    return code_of(with_header(key, kPassword, [&](Json& header) { header["p2c"] = count; }));
  };
  for (const Json& count :
       {Json(0), Json(1), Json(999), Json(1'000'001), Json(2'147'483'647), Json(4'294'967'296)}) {
    EXPECT_EQ(p2c(count), Errc::refused) << count;
  }
  for (const Json& count : {Json(-1), Json(1000.5), Json(1e300), Json("1000"), Json(), Json(true),
                            Json::array({1000}), Json(18'446'744'073'709'551'615U)}) {
    EXPECT_EQ(p2c(count), Errc::malformed) << count;
  }
  EXPECT_EQ(p2c(1001), Errc::bad_signature);
  EXPECT_EQ(code_of(with_header(key, kPassword, [](Json& header) { header.erase("p2c"); })), Errc::malformed);
  auto policy = allow_everything();
  policy.iterations = {5000, 10000};
  EXPECT_EQ(code_of(with_header(
                key, kPassword, [](Json&) {}, policy)),
            Errc::refused);
  EXPECT_EQ(encrypt_compact("x", key, kPassword, system_random(), {.key = {.p2c = 999}}).error().code,
            Errc::refused);
}

TEST(JweAttacks, IterationsAreBoundedForAllKeysTogether) {
  const auto compact = encrypt(kPlaintext, octets_key(20), kPassword);  // of 1000 iterations
  auto policy = allow_everything();
  policy.iterations.most = 3999;
  const auto behind = [&](std::size_t others) {
    std::vector<Jwk> keys;
    for (std::size_t i = 0; i < others; ++i) keys.push_back(octets_key(21 + i));
    keys.push_back(octets_key(20));
    return decrypt_compact(compact, JwkSet(keys), policy, system_random());
  };
  EXPECT_TRUE(behind(2));
  const auto untried = behind(3);
  EXPECT_EQ(code_of(untried), Errc::bad_signature);
  EXPECT_EQ(untried.error().detail, "the JWE does not decrypt (tried: 3 of 4 keys that fit)");
  policy.iterations.most = 4000;
  EXPECT_TRUE(behind(3));
}

TEST(JweAttacks, SaltsThatAreMissingShortOrEndlessAreRefused) {
  const auto key = octets_key(20);
  const auto p2s = [&](const std::string& salt) {
    return code_of(
        with_header(key, kPassword, [&](Json& header) { header["p2s"] = base64url_encode(salt); }));
  };
  EXPECT_EQ(p2s(""), Errc::malformed);
  EXPECT_EQ(p2s("7octets"), Errc::malformed);
  EXPECT_EQ(p2s("8 octets"), Errc::bad_signature);
  EXPECT_EQ(p2s(std::string(1025, 'x')), Errc::malformed);
  EXPECT_EQ(code_of(with_header(key, kPassword, [](Json& header) { header.erase("p2s"); })), Errc::malformed);
  EXPECT_EQ(code_of(with_header(key, kPassword, [](Json& header) { header["p2s"] = 8; })), Errc::malformed);
}

TEST(JweAttacks, TheIvAndTagOfAWrappedKeyHaveTheirExactLengths) {
  const auto key = octets_key(32);
  for (const auto* name : {"iv", "tag"}) {
    const auto changed = [&](const Json& value) {
      return code_of(with_header(key, kGcmWrap, [&](Json& header) { header[name] = value; }));
    };
    for (const std::size_t size : {0U, 1U, 8U, 11U, 13U, 15U, 17U, 24U}) {
      EXPECT_EQ(changed(base64url_encode(std::string(size, 'x'))), Errc::malformed) << size;
    }
    EXPECT_EQ(changed(12), Errc::malformed);
    EXPECT_EQ(changed("x"), Errc::malformed);
    EXPECT_EQ(changed(base64url_encode(std::string(std::string(name) == "iv" ? 12 : 16, 'x'))),
              Errc::bad_signature);
    EXPECT_EQ(code_of(with_header(key, kGcmWrap, [&](Json& header) { header.erase(name); })),
              Errc::malformed);
  }
}

TEST(JweAttacks, PartyInformationIsBoundedBase64url) {
  for (const auto* name : {"apu", "apv"}) {
    const auto changed = [&](const Json& value) {
      return code_of(with_header(curve_key(Curve::p256), kEcdh, [&](Json& header) { header[name] = value; }));
    };
    EXPECT_EQ(changed(base64url_encode("x")), Errc::bad_signature);
    EXPECT_EQ(changed(base64url_encode(std::string(1025, 'x'))), Errc::malformed);
    EXPECT_EQ(changed("!"), Errc::malformed);
    EXPECT_EQ(changed(1), Errc::malformed);
    EXPECT_EQ(changed(Json::array({"x"})), Errc::malformed);
  }
  // Moving octets from one to the other changes the key: each has its length before it.
  const auto key = curve_key(Curve::p256);
  CompactParts parts(encrypt("x", public_half(key), kEcdh, {.key = {.apu = "ab", .apv = "c"}}));
  auto header = parts.header_json();
  header["apu"] = base64url_encode("a");
  header["apv"] = base64url_encode("bc");
  parts.set_header(header);
  EXPECT_EQ(code_of(decrypt(parts.joined(), key)), Errc::bad_signature);
}

TEST(JweAttacks, ExtensionsThatAreNotUnderstoodAreRefused) {
  const auto key = octets_key(32);
  const auto crit = [&](const Json& value, const Json& x, const JwePolicy& policy) {
    return code_of(with_header(
        key, kDirect,
        [&](Json& header) {
          header["crit"] = value;
          if (!x.is_null()) header["x"] = x;
        },
        policy));
  };
  auto policy = allow_everything();
  EXPECT_EQ(crit({"x"}, 1, policy), Errc::refused);
  policy.understood_crit = {"x", "alg", "p2c"};
  EXPECT_EQ(crit({"x"}, 1, policy), Errc::bad_signature);  // understood; but the header is another one
  EXPECT_EQ(crit({"x"}, Json(), policy), Errc::malformed);
  EXPECT_EQ(crit({"x", "x"}, 1, policy), Errc::malformed);
  EXPECT_EQ(crit({"alg"}, 1, policy), Errc::malformed);
  EXPECT_EQ(crit({"p2c"}, 1, policy), Errc::malformed);
  EXPECT_EQ(crit(Json::array(), 1, policy), Errc::malformed);
  EXPECT_EQ(crit("x", 1, policy), Errc::malformed);
  EXPECT_EQ(crit(Json(), 1, policy), Errc::malformed);
  EXPECT_EQ(crit({1}, 1, policy), Errc::malformed);
}

TEST(JweAttacks, CompressedContentIsRefusedWhateverZipSays) {
  for (const Json& zip : {Json("DEF"), Json(""), Json("GZ"), Json(1), Json()}) {
    EXPECT_EQ(code_of(with_header(octets_key(32), kDirect, [&](Json& header) { header["zip"] = zip; })),
              Errc::refused);
  }
}

TEST(JweAttacks, HeadersThatAreNotOneObjectWithEachMemberOnceAreRefused) {
  EXPECT_EQ(code_of(with_header_text(R"({"alg":"dir","enc":"A256GCM","alg":"dir"})")), Errc::malformed);
  EXPECT_EQ(code_of(with_header_text(R"({"alg":"dir","enc":"A256GCM","\u0061lg":"A256KW"})")),
            Errc::malformed);
  EXPECT_EQ(code_of(with_header_text(R"({"alg":"dir","enc":"A256GCM"} )")), Errc::bad_signature);
  EXPECT_EQ(code_of(with_header_text(R"({"alg":"dir","enc":"A256GCM"}x)")), Errc::malformed);
  for (const auto* header :
       {"", "{", "[]", "null", "\"alg\"", "{}", R"({"alg":"dir"})", R"({"enc":"A256GCM"})",
        R"({"alg":1,"enc":"A256GCM"})", R"({"alg":"dir","enc":["A256GCM"]})",
        R"({"alg":null,"enc":"A256GCM"})", R"({"alg":"dir","enc":"A256GCM","kid":1})",
        "{\"alg\":\"dir\",\"enc\":\"A256GCM\",\"x\":\"\xFF\"}"}) {
    EXPECT_EQ(code_of(with_header_text(header)), Errc::malformed) << header;
  }
  EXPECT_EQ(code_of(with_header_text("{\"alg\":\"dir\",\"enc\":\"A256GCM\",\"x\":" + std::string(50, '[') +
                                     std::string(50, ']') + "}")),
            Errc::malformed);
}

TEST(JweAttacks, WhatIsWrongWithAHeaderIsSaid) {
  const auto said = [](const std::string& header) {
    const auto decrypted = with_header_text(header);
    return decrypted ? "" : decrypted.error().detail;
  };
  EXPECT_EQ(said(R"({"alg":"dir","enc":"A256GCM","alg":"dir"})"),
            "the header of the JWE: JSON: a member that occurs twice at line 1, column 34");
  EXPECT_THAT(said(R"({"alg":"dir","x":18446744073709551616})"), HasSubstr("an integer that is too large"));
  EXPECT_EQ(said("\xEF\xBB\xBF{\"alg\":\"dir\",\"enc\":\"A256GCM\"}"),
            "the header of the JWE begins with a byte order mark");
}

TEST(JweAttacks, Base64urlIsStrictInEveryPart) {
  const auto key = octets_key(16);
  const JweAlgorithms wrap{KeyManagement::a128kw, ContentEncryption::a128gcm};
  const CompactParts parts(encrypt(kPlaintext, key, wrap));
  for (auto part : {&CompactParts::header, &CompactParts::encrypted_key, &CompactParts::iv,
                    &CompactParts::ciphertext, &CompactParts::tag}) {
    for (const auto& change : std::vector<std::function<std::string(std::string)>>{
             [](auto text) { return text + "="; }, [](auto text) { return text + "=="; },
             [](auto text) { return text + " "; }, [](auto text) { return "\n" + text; },
             [](auto text) { return text + '\0'; }, [](auto text) { return "+/" + text; },
             [](auto text) { return "\xC3\xA4" + text; }}) {
      auto altered = parts;
      altered.*part = change(parts.*part);
      EXPECT_EQ(code_of(decrypt(altered.joined(), key)), Errc::malformed) << altered.*part;
    }
  }
  // A 16-octet tag leaves four unused bits: any that are set would be another spelling of the same tag.
  auto altered = parts;
  altered.tag.back() = altered.tag.back() == 'A' ? 'B' : static_cast<char>(altered.tag.back() + 1);
  EXPECT_EQ(code_of(decrypt(altered.joined(), key)), Errc::malformed);
  EXPECT_EQ(code_of(decrypt(parts.joined() + ".", key)), Errc::malformed);
  EXPECT_EQ(code_of(decrypt("." + parts.joined(), key)), Errc::malformed);
  EXPECT_EQ(code_of(decrypt("", key)), Errc::malformed);
  EXPECT_EQ(code_of(decrypt("....", key)), Errc::malformed);
}

TEST(JweAttacks, AnRsaCiphertextAboveTheModulusOrOfAnotherKeySizeFailsLikeAllElse) {
  const JweAlgorithms oaep{KeyManagement::rsa_oaep_256, ContentEncryption::a256gcm};
  const auto key = rsa_key();
  CompactParts parts(encrypt(kPlaintext, public_half(key), oaep));
  for (const auto& octets : {std::string(256, '\xFF'), std::string(256, '\0'),
                             std::string(255, '\0') + '\x01', std::string(1, '\x01'), std::string()}) {
    parts.encrypted_key = base64url_encode(octets);
    EXPECT_TRUE(does_not_decrypt_like_all(decrypt(parts.joined(), key)));
  }
  // A key of another length than "enc" needs, properly encrypted.
  const CompactParts shorter(
      encrypt(kPlaintext, public_half(key), {KeyManagement::rsa_oaep_256, ContentEncryption::a128gcm}));
  parts.encrypted_key = shorter.encrypted_key;
  EXPECT_TRUE(does_not_decrypt_like_all(decrypt(parts.joined(), key)));
}

}  // namespace
}  // namespace oidcop::jose
