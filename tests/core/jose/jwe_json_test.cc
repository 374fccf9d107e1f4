#include "jose/jwe_json.h"

#include "core/jose/jwe_data.h"

#include <functional>

namespace oidcop::jose {
namespace {

using namespace testing;  // NOLINT: the helpers of this folder

const std::string kPlaintext = R"({"sub":"diana"})";

Jwk octets(char fill, std::size_t size = 16, const char* kid = "") {
  return *Jwk::from_octets(Secret(std::string(size, fill)), {.kid = kid});
}

JweJsonOrder order_for(std::vector<JweRecipient> recipients,
                       ContentEncryption encryption = ContentEncryption::a128gcm) {
  for (auto& recipient : recipients) recipient.choices.p2c = 1000;
  return {.encryption = encryption, .recipients = std::move(recipients)};
}

Json encrypt(const JweJsonOrder& order, JweSyntax syntax = JweSyntax::general) {
  const auto text = encrypt_json(kPlaintext, order, syntax, system_random());
  EXPECT_TRUE(text) << (text ? "" : text.error().detail);
  return *parse_json(text.value_or("{}"));
}

Result<DecryptedJsonJwe> decrypt(const Json& message, const Jwk& key,
                                 const JwePolicy& policy = allow_everything()) {
  return decrypt_json(dump_json(message), JwkSet({key}), policy, system_random());
}

Errc code_of(const Json& message, const Jwk& key = octets('a')) {
  const auto decrypted = decrypt(message, key);
  EXPECT_FALSE(decrypted);
  return decrypted ? Errc::internal : decrypted.error().code;
}

TEST(JweJson, BothFormsDecryptForEveryAlgorithm) {
  for (const auto management : KeyManagementSet::all().list()) {
    for (const auto encryption : ContentEncryptionSet::all().list()) {
      const JweAlgorithms algorithms{management, encryption};
      SCOPED_TRACE(name_of(algorithms));
      for (const auto& key : keys_for(algorithms)) {
        auto order = order_for({{public_half(key), management}}, encryption);
        order.aad = "in the clear";
        order.integrity_protected.set("typ", "JOSE+JSON");
        order.unprotected.set("jku", "https://op.example/jwks");
        for (const auto syntax : {JweSyntax::flattened, JweSyntax::general}) {
          const auto message = encrypt(order, syntax);
          EXPECT_EQ(message.contains("recipients"), syntax == JweSyntax::general);
          const auto decrypted = decrypt(message, key);
          ASSERT_TRUE(decrypted) << decrypted.error().detail;
          EXPECT_EQ(decrypted->plaintext.reveal(), kPlaintext);
          EXPECT_EQ(decrypted->aad, "in the clear");
          EXPECT_EQ(decrypted->integrity_protected.text("typ"), "JOSE+JSON");
          EXPECT_EQ(decrypted->integrity_protected.text("alg"), algorithm_name(management));
          EXPECT_FALSE(decrypted->integrity_protected.has("jku"));
          EXPECT_EQ(decrypted->header.text("jku"), "https://op.example/jwks");
        }
      }
    }
  }
}

TEST(JweJson, EachOfSeveralRecipientsDecryptsWithTheirOwnKey) {
  std::vector<JweRecipient> recipients;
  std::vector<Jwk> keys;
  for (const auto management : KeyManagementSet::all().list()) {
    if (has_no_encrypted_key(management)) continue;
    const auto key = keys_for({management, ContentEncryption::a256cbc_hs512}).front();
    const auto labelled = *key.with_labels({.kid = std::string(algorithm_name(management))});
    keys.push_back(labelled);
    recipients.push_back({public_half(labelled), management});
  }
  auto policy = allow_everything();
  EXPECT_EQ(keys.size(), 16U);
  const auto message = encrypt(order_for(recipients, ContentEncryption::a256cbc_hs512));
  for (const auto& key : keys) {
    const auto decrypted = decrypt(message, key, policy);
    ASSERT_TRUE(decrypted) << key.kid() << ": " << decrypted.error().detail;
    EXPECT_EQ(decrypted->plaintext.reveal(), kPlaintext);
    EXPECT_EQ(decrypted->kid, key.kid());
    EXPECT_EQ(algorithm_name(decrypted->algorithms.management), key.kid());
  }
  policy.max_recipients = 15;
  EXPECT_EQ(decrypt(message, keys.front(), policy).error().code, Errc::refused);
}

TEST(JweJson, ARecipientWithAlgorithmsNobodyAllowsIsLeftAside) {
  auto message =
      encrypt(order_for({{octets('a'), KeyManagement::a128kw}, {octets('b'), KeyManagement::a128kw}}));
  for (const auto* name : {"RSA1_5", "unknown", "A256KW"}) {
    message["recipients"][0]["header"]["alg"] = name;
    EXPECT_TRUE(decrypt(message, octets('b'))) << name;
  }
  const JwePolicy other{.algorithms = {KeyManagement::dir}, .encryptions = ContentEncryptionSet::all()};
  EXPECT_EQ(decrypt(message, octets('b'), other).error().code, Errc::refused);
}

TEST(JweJson, WhatIsWrongWithOneRecipientIsNoMatterForTheOthers) {
  const auto agreement = KeyManagement::ecdh_es_a128kw;
  const auto key = curve_key(Curve::p256);
  const auto good = encrypt(order_for({{public_half(key), agreement}, {octets('b'), KeyManagement::a128kw}}));
  const std::vector<std::function<void(Json&)>> changes = {
      [](Json& other) { other["header"]["epk"]["x"] = base64url_encode(std::string(32, '\1')); },
      [](Json& other) { other["header"]["apu"] = base64url_encode(std::string(1025, 'x')); },
      [](Json& other) { other["header"].erase("alg"); },
      [](Json& other) { other["header"].erase("epk"); },
      [](Json& other) { other["header"]["kid"] = 1; },
      [](Json& other) { other["header"]["enc"] = "A128GCM"; },
      [](Json& other) { other["header"]["crit"] = {"x"}; },
      [](Json& other) { other["header"] = "x"; },
      [](Json& other) { other["encrypted_key"] = "A"; }};
  for (const auto& change : changes) {
    auto message = good;
    auto& other = message["recipients"][0];
    change(other);
    const auto decrypted = decrypt(message, octets('b'));
    EXPECT_TRUE(decrypted) << other.dump() << decrypted.error().detail;
    message["recipients"].erase(1);
    EXPECT_EQ(code_of(message, key), Errc::malformed) << message.dump();
  }
}

TEST(JweJson, OnlyOneRecipientCanHaveAKeyThatIsAgreedOn) {
  const auto direct = JweRecipient{octets('a'), KeyManagement::dir};
  const auto wrapped = JweRecipient{octets('b'), KeyManagement::a128kw};
  EXPECT_EQ(encrypt_json("x", order_for({direct, wrapped}), JweSyntax::general, system_random()).error().code,
            Errc::refused);
  EXPECT_EQ(encrypt_json("x", order_for({wrapped, direct}), JweSyntax::general, system_random()).error().code,
            Errc::refused);
  EXPECT_EQ(
      encrypt_json("x", order_for({wrapped, wrapped}), JweSyntax::flattened, system_random()).error().code,
      Errc::refused);
  EXPECT_EQ(encrypt_json("x", order_for({}), JweSyntax::general, system_random()).error().code,
            Errc::refused);
  auto message = encrypt(order_for({wrapped, wrapped}));
  message["recipients"][1] = {{"header", {{"alg", "dir"}}}};
  EXPECT_EQ(code_of(message, octets('b')), Errc::malformed);
}

TEST(JweJson, WhatIsAuthenticatedCannotBeAltered) {
  auto order = order_for({{octets('a'), KeyManagement::a128kw}});
  order.aad = "in the clear";
  const auto message = encrypt(order, JweSyntax::flattened);
  ASSERT_TRUE(decrypt(message, octets('a')));
  for (const auto* name : {"aad", "ciphertext", "tag", "iv", "encrypted_key"}) {
    auto altered = message;
    altered[name] = with_flipped_bit(text(message, name), 0);
    const auto decrypted = decrypt(altered, octets('a'));
    ASSERT_FALSE(decrypted) << name;
    EXPECT_EQ(decrypted.error().code, Errc::bad_signature) << name;
    EXPECT_EQ(decrypted.error().detail, "the JWE does not decrypt");
  }
  auto without = message;
  without.erase("aad");
  EXPECT_EQ(code_of(without), Errc::bad_signature);
  auto empty = message;
  empty["aad"] = "";
  EXPECT_EQ(code_of(empty), Errc::malformed);
}

TEST(JweJson, NoNameStandsInTwoHeaders) {
  const auto message = encrypt(order_for({{octets('a'), KeyManagement::a128kw}}));
  ASSERT_TRUE(decrypt(message, octets('a')));
  for (const auto& [name, value] :
       {std::pair{"alg", "A128KW"}, std::pair{"alg", "dir"}, std::pair{"enc", "A128GCM"}}) {
    auto shared = message;
    shared["unprotected"] = {{name, value}};
    EXPECT_EQ(code_of(shared), Errc::malformed);
    auto own = message;
    own["recipients"][0]["header"] = {{name, value}};
    EXPECT_EQ(code_of(own), Errc::malformed);
  }
  auto twice = message;
  twice["unprotected"] = {{"x", 1}};
  twice["recipients"][0]["header"] = {{"x", 1}};
  EXPECT_EQ(code_of(twice), Errc::malformed);
}

TEST(JweJson, AnUnprotectedAlgorithmIsJudgedLikeAProtectedOne) {
  auto message =
      encrypt(order_for({{octets('a'), KeyManagement::a128kw}, {octets('b'), KeyManagement::a128kw}}));
  const JwePolicy strict{.algorithms = {KeyManagement::a128kw}, .encryptions = {ContentEncryption::a128gcm}};
  ASSERT_TRUE(decrypt(message, octets('a'), strict));
  const auto dropped = [&](const char* alg) {
    auto altered = message;
    altered["recipients"] = Json::array({{{"header", {{"alg", alg}}}}});
    return decrypt(altered, octets('a'), strict).error().code;
  };
  EXPECT_EQ(dropped("dir"), Errc::refused);
  EXPECT_EQ(dropped("RSA1_5"), Errc::refused);
  EXPECT_EQ(dropped("none"), Errc::refused);
}

TEST(JweJson, CritAndZipInAnUnprotectedHeaderAreNotTaken) {
  auto policy = allow_everything();
  policy.understood_crit = {"x"};
  auto message = encrypt(order_for({{octets('a'), KeyManagement::a128kw}}));
  message["unprotected"] = {{"crit", {"x"}}, {"x", 1}};
  EXPECT_EQ(decrypt(message, octets('a'), policy).error().code, Errc::malformed);
  message["unprotected"] = {{"zip", "DEF"}};
  EXPECT_EQ(decrypt(message, octets('a'), policy).error().code, Errc::refused);
}

TEST(JweJson, AllRecipientsHaveTheSameContentEncryption) {
  auto message =
      encrypt(order_for({{octets('a'), KeyManagement::a128kw}, {octets('b'), KeyManagement::a128kw}}));
  message.erase("protected");
  message["recipients"][0]["header"]["enc"] = "A128GCM";
  message["recipients"][1]["header"]["enc"] = "A256GCM";
  EXPECT_EQ(code_of(message), Errc::malformed);
}

TEST(JweJson, AtMostEightKeysAreTriedInAll) {
  std::vector<JweRecipient> recipients(9, {octets('z'), KeyManagement::a128kw});
  recipients.back().key = octets('a');
  const auto message = encrypt(order_for(recipients));
  EXPECT_EQ(decrypt(message, octets('a')).error().detail,
            "the JWE does not decrypt (tried: 8 of 9 keys that fit)");
  recipients.erase(recipients.begin());
  EXPECT_TRUE(decrypt(encrypt(order_for(recipients)), octets('a')));
}

TEST(JweJson, IterationsAreBoundedForAllRecipientsTogether) {
  constexpr auto kPassword = KeyManagement::pbes2_hs256_a128kw;
  const auto for_recipients = [&](std::size_t others) {
    std::vector<JweRecipient> recipients(others, {octets('z'), kPassword});
    recipients.push_back({octets('a'), kPassword});
    return encrypt(order_for(recipients));  // each of 1000 iterations
  };
  auto policy = allow_everything();
  policy.iterations.most = 3999;
  EXPECT_TRUE(decrypt(for_recipients(2), octets('a'), policy));
  const auto untried = decrypt(for_recipients(3), octets('a'), policy);
  ASSERT_FALSE(untried);
  EXPECT_EQ(untried.error().code, Errc::bad_signature);
  EXPECT_EQ(untried.error().detail, "the JWE does not decrypt (tried: 3 of 4 keys that fit)");
  // Who asks for less than is left is tried all the same.
  std::vector<JweRecipient> recipients(5, {octets('z'), kPassword});
  recipients.push_back({octets('a'), KeyManagement::a128kw});
  EXPECT_TRUE(decrypt(encrypt(order_for(recipients)), octets('a'), policy));
}

TEST(JweJson, MalformedMessagesAreRefused) {
  const auto message = encrypt(order_for({{octets('a'), KeyManagement::a128kw}}), JweSyntax::flattened);
  ASSERT_TRUE(decrypt(message, octets('a')));
  const auto with = [&](const char* name, const Json& value) {
    auto altered = message;
    altered[name] = value;
    return code_of(altered);
  };
  for (const auto* name : {"protected", "iv", "ciphertext", "tag", "encrypted_key", "aad"}) {
    EXPECT_EQ(with(name, 1), Errc::malformed) << name;
    EXPECT_EQ(with(name, nullptr), Errc::malformed) << name;
    EXPECT_EQ(with(name, Json::array()), Errc::malformed) << name;
    EXPECT_EQ(with(name, "a b"), Errc::malformed) << name;
    EXPECT_EQ(with(name, "AB=="), Errc::malformed) << name;
    EXPECT_EQ(with(name, "AB"), Errc::malformed) << name;  // unused bits that are not zero
  }
  for (const Json& value : {Json("x"), Json(1), Json::array(), Json()}) {
    EXPECT_EQ(with("unprotected", value), Errc::malformed);
    EXPECT_EQ(with("header", value), Errc::malformed);
  }
  EXPECT_EQ(with("recipients", Json::array()), Errc::malformed);
  EXPECT_EQ(with("recipients", Json::array({Json::object()})), Errc::malformed);  // flattened and general
  auto general = encrypt(order_for({{octets('a'), KeyManagement::a128kw}}));
  for (const Json& value :
       {Json("x"), Json(1), Json::array(), Json::object(), Json::array({1}), Json::array({"x"})}) {
    general["recipients"] = value;
    EXPECT_EQ(code_of(general), Errc::malformed);
  }
  for (const auto* name : {"ciphertext", "tag", "iv", "protected"}) {
    auto without = message;
    without.erase(name);
    EXPECT_EQ(code_of(without), Errc::malformed) << name;
  }
  const JwkSet keys({octets('a')});
  for (const auto* text :
       {"", "{}", "[]", "null", "\"x\"", "{\"protected\":\"e30\",\"protected\":\"e30\"}"}) {
    EXPECT_FALSE(decrypt_json(text, keys, allow_everything(), system_random())) << text;
  }
  auto small = allow_everything();
  small.max_octets = 10;
  EXPECT_EQ(decrypt(message, octets('a'), small).error().code, Errc::refused);
}

TEST(JweJson, MembersNobodyKnowsAreIgnored) {
  auto message = encrypt(order_for({{octets('a'), KeyManagement::a128kw}}));
  message["signatures"] = "whatever";
  message["recipients"][0]["more"] = 1;
  EXPECT_TRUE(decrypt(message, octets('a')));
}

TEST(JweJson, TheCallerCannotWriteHeaderParametersThatAreOursOrTwice) {
  const auto refused = [](const JweJsonOrder& order) {
    return encrypt_json("x", order, JweSyntax::general, system_random()).error().code;
  };
  for (const auto* name : {"alg", "enc", "zip", "kid", "crit", "epk", "iv", "tag", "p2s", "p2c"}) {
    auto order = order_for({{octets('a'), KeyManagement::a128kw}});
    order.integrity_protected.set(name, "x");
    EXPECT_EQ(refused(order), Errc::refused) << name;
    order = order_for({{octets('a'), KeyManagement::a128kw}});
    order.unprotected.set(name, "x");
    EXPECT_EQ(refused(order), Errc::refused) << name;
    order = order_for({{octets('a'), KeyManagement::a128kw}});
    order.recipients.front().header.set(name, "x");
    EXPECT_EQ(refused(order), Errc::refused) << name;
  }
  auto order = order_for({{octets('a'), KeyManagement::a128kw}});
  order.unprotected.set("x", "1");
  order.recipients.front().header.set("x", "1");
  EXPECT_EQ(refused(order), Errc::refused);
  order = order_for({{octets('a'), KeyManagement::a128kw}});
  order.unprotected.set("x", "1");
  order.integrity_protected.set("x", "1");
  EXPECT_EQ(refused(order), Errc::refused);
}

}  // namespace
}  // namespace oidcop::jose
