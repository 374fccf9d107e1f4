// What the RFCs print, one loop per list of rfc_jwe.json.

#include "base/system_clock.h"
#include "core/jose/jwe_data.h"
#include "jose/jwe_json.h"
#include "jose/key_agreement.h"
#include "jose/key_encryption.h"
#include "jose/key_material.h"
#include "jose/nested_jwt.h"

#include <gmock/gmock.h>

namespace oidcop::jose {
namespace {

using namespace testing;  // NOLINT: the helpers of this folder

/// A message of any form, decrypted.
Result<DecryptedJsonJwe> decrypt_any(const Json& message, const Jwk& key) {
  if (!message.is_string()) {
    return decrypt_json(dump_json(message), JwkSet({key}), allow_everything(), system_random());
  }
  auto compact = decrypt(message.get<std::string>(), key);
  if (!compact) return fail(std::move(compact).error());
  return DecryptedJsonJwe{compact->algorithms, compact->header, compact->header, compact->plaintext, {},
                          compact->kid};
}

/// Parts of a message of any form, decoded.
struct Decoded {
  std::string encrypted_key, iv, ciphertext, tag, associated;
};

Decoded decode(const Json& message, const Json& entry) {
  if (message.is_string()) {
    const CompactParts parts(message.get<std::string>());
    return {*base64url_decode(parts.encrypted_key), *base64url_decode(parts.iv),
            *base64url_decode(parts.ciphertext), *base64url_decode(parts.tag), parts.header};
  }
  Json recipient = message;
  if (message.contains("recipients")) {
    recipient = message.at("recipients").at(entry.value("recipient", std::size_t{0}));
  }
  auto associated = text(message, "protected");
  if (message.contains("aad")) associated += '.' + text(message, "aad");
  return {*base64url_decode(text(recipient, "encrypted_key")), *base64url_decode(text(message, "iv")),
          *base64url_decode(text(message, "ciphertext")), *base64url_decode(text(message, "tag")),
          associated};
}

void expect_refused(const Json& entry, const Result<DecryptedJsonJwe>& decrypted) {
  ASSERT_FALSE(decrypted);
  if (entry.contains("unanswered")) {
    EXPECT_EQ(decrypted.error().code, Errc::not_found) << decrypted.error().detail;
  } else {
    EXPECT_EQ(decrypted.error().code, Errc::refused) << decrypted.error().detail;
    EXPECT_THAT(decrypted.error().detail, ::testing::HasSubstr(text(entry, "refused")));
  }
}

TEST(JweVectors, MessagesOfTheRfcsDecryptAndRsa15AndZipNever) {
  const auto data = load_data("rfc_jwe.json");
  ASSERT_EQ(data.at("cases").size(), 25U);
  for (const auto& entry : data.at("cases")) {
    const auto key = *Jwk::parse(entry.at("keys").at(0));
    for (const auto& [form, message] : entry.at("messages").items()) {
      SCOPED_TRACE(text(entry, "name") + ", " + form);
      const auto decrypted = decrypt_any(message, key);
      if (entry.contains("refused") || entry.contains("unanswered")) {
        expect_refused(entry, decrypted);
        continue;
      }
      ASSERT_TRUE(decrypted) << decrypted.error().detail;
      EXPECT_EQ(base64url_encode(decrypted->plaintext.reveal()), text(entry, "plaintext"));
      EXPECT_EQ(algorithm_name(decrypted->algorithms.management), text(entry, "alg"));
      EXPECT_EQ(algorithm_name(decrypted->algorithms.encryption), text(entry, "enc"));
    }
  }
}

TEST(JweVectors, ContentAndWrappedKeysOfTheRfcsAreMadeAgainOctetForOctet) {
  const auto data = load_data("rfc_jwe.json");
  std::size_t contents = 0;
  std::size_t wrapped = 0;
  for (const auto& entry : data.at("cases")) {
    if (entry.contains("refused") || entry.contains("unanswered")) continue;
    const auto key = *Jwk::parse(entry.at("keys").at(0));
    const JweAlgorithms algorithms{*parse_key_management(text(entry, "alg")),
                                   *parse_content_encryption(text(entry, "enc"))};
    for (const auto& [form, message] : entry.at("messages").items()) {
      SCOPED_TRACE(text(entry, "name") + ", " + form);
      const auto parts = decode(message, entry);
      const auto decrypted = decrypt_any(message, key);
      ASSERT_TRUE(decrypted);
      const auto parameters = *read_key_parameters(decrypted->header.json(), algorithms.management, {});
      const auto cek = *recover_key(key, algorithms, {parameters, parts.encrypted_key}, system_random());
      if (entry.contains("cek")) {
        EXPECT_EQ(base64url_encode(cek.reveal()), text(entry, "cek"));
      }
      const auto sealed = encrypt_content(algorithms.encryption, cek, {parts.iv, parts.associated},
                                          *base64url_decode(text(entry, "plaintext")));
      ASSERT_TRUE(sealed);
      EXPECT_EQ(sealed->ciphertext, parts.ciphertext);
      EXPECT_EQ(sealed->tag, parts.tag);
      ++contents;
      if (!entry.value("wraps", false)) continue;
      ++wrapped;
      if (is_password_based(algorithms.management)) {  // the salt there has another length than ours
        const auto kek = password_key(key.material().octets, algorithms.management, parameters);
        EXPECT_EQ(aes_wrap(*kek, cek), parts.encrypted_key);
        continue;
      }
      ScriptedRandom random(std::string(has_no_encrypted_key(algorithms.management) ? "" : cek.reveal()) +
                            (is_gcm_key_wrap(algorithms.management) ? parameters.iv : ""));
      const auto established = establish_key(key, algorithms, {}, random);
      ASSERT_TRUE(established) << established.error().detail;
      EXPECT_EQ(established->encrypted_key, parts.encrypted_key);
      EXPECT_EQ(established->parameters.tag, parameters.tag);
      EXPECT_TRUE(random.is_used_up());
    }
  }
  EXPECT_EQ(contents, 35U);
  EXPECT_EQ(wrapped, 22U);
}

TEST(JweVectors, TheWholeMessageOfRfc7516A3IsMadeAgain) {
  const auto data = load_data("rfc_jwe.json");
  std::size_t made = 0;
  for (const auto& entry : data.at("cases")) {
    if (!entry.value("whole", false)) continue;
    const auto compact = text(entry.at("messages"), "compact");
    ScriptedRandom random(*base64url_decode(text(entry, "cek")) +
                          *base64url_decode(CompactParts(compact).iv));
    const auto again =
        encrypt_compact(*base64url_decode(text(entry, "plaintext")), *Jwk::parse(entry.at("keys").at(0)),
                        {KeyManagement::a128kw, ContentEncryption::a128cbc_hs256}, random);
    ASSERT_TRUE(again);
    EXPECT_EQ(*again, compact);
    ++made;
  }
  EXPECT_EQ(made, 1U);
}

TEST(JweVectors, ContentEncryptionOfRfc7518AppendixBIsMadeAgainAndDecrypts) {
  const auto data = load_data("rfc_jwe.json");
  ASSERT_EQ(data.at("content").size(), 4U);
  for (const auto& entry : data.at("content")) {
    SCOPED_TRACE(text(entry, "name"));
    const auto octets = [&](const char* name) { return *base64url_decode(text(entry, name)); };
    const auto encryption = *parse_content_encryption(text(entry, "enc"));
    const Secret cek(octets("key"));
    const auto iv = octets("iv");
    const auto aad = octets("aad");
    const auto sealed = encrypt_content(encryption, cek, {iv, aad}, octets("plaintext"));
    ASSERT_TRUE(sealed);
    EXPECT_EQ(sealed->ciphertext, octets("ciphertext"));
    EXPECT_EQ(sealed->tag, octets("tag"));
    const auto opened = decrypt_content(encryption, cek, {iv, aad}, {octets("ciphertext"), octets("tag")});
    ASSERT_TRUE(opened);
    EXPECT_EQ(opened->reveal(), octets("plaintext"));
  }
}

TEST(JweVectors, AgreedKeysOfRfc7518AppendixCAndRfc8037AreAgreedOnAgain) {
  const auto data = load_data("rfc_jwe.json");
  ASSERT_EQ(data.at("agreement").size(), 3U);
  for (const auto& entry : data.at("agreement")) {
    SCOPED_TRACE(text(entry, "name"));
    const auto own = *Jwk::parse(entry.at("own"));
    const auto shared = shared_secret(own, *Jwk::parse(entry.at("peer")));
    ASSERT_TRUE(shared) << shared.error().detail;
    EXPECT_EQ(base64url_encode(shared->reveal()), text(entry, "shared"));
    if (entry.contains("peer_private_d")) {
      auto peer = entry.at("peer");
      peer["d"] = entry.at("peer_private_d");
      EXPECT_EQ(shared_secret(*Jwk::parse(peer), *own.public_key())->reveal(), shared->reveal());
    }
    if (!entry.contains("derived")) continue;
    const auto derived = concat_kdf(*shared, {text(entry, "alg_id"), *base64url_decode(text(entry, "apu")),
                                              *base64url_decode(text(entry, "apv")), 16});
    ASSERT_TRUE(derived);
    EXPECT_EQ(base64url_encode(derived->reveal()), text(entry, "derived"));
  }
}

TEST(JweVectors, TheNestedJwtOfRfc7520Section6IsDecryptedAndVerified) {
  const auto nested = load_data("rfc_jwe.json").at("nested");
  const JwkSet decryption({*Jwk::parse(nested.at("decryption"))});
  const JwkSet verification({*Jwk::parse(nested.at("verification"))});
  const NestedJwtPolicy policy{
      {.algorithms = {KeyManagement::rsa_oaep}, .encryptions = {ContentEncryption::a128gcm}},
      {.algorithms = {Algorithm::ps256}},
      {.issuer = "hobbiton.example"}};
  const auto before = from_unix(1300819380 - 1);
  const auto verified =
      verify_nested_jwt(text(nested, "compact"), {decryption, verification}, policy, before, system_random());
  ASSERT_TRUE(verified) << verified.error().detail;
  EXPECT_EQ(verified->jwt.claims.json(), nested.at("claims"));
  EXPECT_EQ(verified->encryption_header.text("cty"), "JWT");
  const auto late = verify_nested_jwt(text(nested, "compact"), {decryption, verification}, policy,
                                      from_unix(1300819380), system_random());
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, Errc::expired);
}

}  // namespace
}  // namespace oidcop::jose
