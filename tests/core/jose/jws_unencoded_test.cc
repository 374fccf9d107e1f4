// "b64": false (RFC 7797) and detached payloads.

#include "core/jose/jose_data.h"
#include "jose/jws_json.h"
#include "jose/jwt.h"
#include "jose/signature.h"

namespace oidcop::jose {
namespace {

using namespace testing;  // NOLINT: the helpers of this folder

JwsPolicy understanding() {
  return {.algorithms = {Algorithm::hs256}, .unencoded = UnencodedPayload::allowed};
}

const JwsHeader kUnencoded = {.encoding = PayloadEncoding::unencoded};

/// A signature over exactly these texts.
std::string signed_with(const std::string& header, const std::string& payload_text,
                        const std::string& shown_payload) {
  const auto encoded = base64url_encode(header);
  return encoded + '.' + shown_payload + '.' +
         base64url_encode(*make_signature(octets_key(), Algorithm::hs256, encoded + '.' + payload_text));
}

TEST(JwsUnencoded, ThePayloadStandsInTheCompactFormAsItIs) {
  const auto compact = sign_compact("hello, world", octets_key(), Algorithm::hs256, kUnencoded);
  ASSERT_TRUE(compact) << compact.error().detail;
  EXPECT_NE(compact->find(".hello, world."), std::string::npos);
  const auto verified = verify_compact(*compact, octets_key(), understanding());
  ASSERT_TRUE(verified) << verified.error().detail;
  EXPECT_EQ(verified->payload, "hello, world");
}

TEST(JwsUnencoded, OnlyWhoUnderstandsItReadsIt) {
  const auto compact = *sign_compact("hello", octets_key(), Algorithm::hs256, kUnencoded);
  EXPECT_EQ(verify_compact(compact, octets_key(), {.algorithms = {Algorithm::hs256}}).error().code,
            Errc::refused);
  // A JWT is never unencoded (RFC 7797, 7), even if a caller claims to know "b64".
  const JwsPolicy claims_to{.algorithms = {Algorithm::hs256}, .understood_crit = {"b64"}};
  const auto jwt = *sign_compact(R"({"exp":4102444800})", octets_key(), Algorithm::hs256, kUnencoded);
  EXPECT_EQ(verify_jwt_signature(jwt, JwkSet({octets_key()}), claims_to).error().code, Errc::refused);
}

TEST(JwsUnencoded, CharactersThatTheCompactFormCannotHoldAreDetachedOnly) {
  const std::string all = std::string("a.b\n\0\xff", 6);
  EXPECT_EQ(sign_compact("$.02", octets_key(), Algorithm::hs256, kUnencoded).error().code, Errc::refused);
  EXPECT_FALSE(sign_compact("a\nb", octets_key(), Algorithm::hs256, kUnencoded));
  EXPECT_FALSE(verify_compact(signed_with(R"({"alg":"HS256","b64":false,"crit":["b64"]})", "a\nb", "a\nb"),
                              octets_key(), understanding()));
  const auto compact = sign_compact_detached(all, octets_key(), Algorithm::hs256, kUnencoded);
  ASSERT_TRUE(compact);
  const JwkSet keys({octets_key()});
  EXPECT_EQ(verify_compact_detached(*compact, all, keys, understanding())->payload, all);
  EXPECT_FALSE(verify_compact_detached(*compact, all + 'x', keys, understanding()));
  EXPECT_FALSE(verify_compact(*compact, keys, understanding()));
}

TEST(JwsUnencoded, B64IsTrueOrFalseAndFalseIsCritical) {
  const auto code = [](const std::string& header, const std::string& payload_text) {
    const auto verified =
        verify_compact(signed_with(header, payload_text, payload_text), octets_key(), understanding());
    return verified ? Errc::internal : verified.error().code;
  };
  constexpr auto kPasses = Errc::internal;
  EXPECT_EQ(code(R"({"alg":"HS256","b64":false,"crit":["b64"]})", "abcd"), kPasses);
  EXPECT_EQ(code(R"({"alg":"HS256","b64":true,"crit":["b64"]})", "abcd"), kPasses);
  EXPECT_EQ(code(R"({"alg":"HS256","b64":true})", "abcd"), kPasses);
  EXPECT_EQ(code(R"({"alg":"HS256","b64":false})", "abcd"), Errc::malformed);
  EXPECT_EQ(code(R"({"alg":"HS256","crit":["b64"]})", "abcd"), Errc::malformed);
  EXPECT_EQ(code(R"({"alg":"HS256","b64":false,"crit":["b64","b64"]})", "abcd"), Errc::malformed);
  EXPECT_EQ(code(R"({"alg":"HS256","b64":false,"crit":["B64"]})", "abcd"), Errc::malformed);
  for (const auto* value : {"\"false\"", "0", "null", "[false]"}) {
    EXPECT_EQ(code(std::string(R"({"alg":"HS256","crit":["b64"],"b64":)") + value + "}", "abcd"),
              Errc::malformed)
        << value;
  }
}

TEST(JwsUnencoded, TheTwoReadingsOfOnePayloadAreNotExchanged) {
  const JwkSet keys({octets_key()});
  // Signed over the encoded text, presented as unencoded, and the other way round.
  const std::string header = R"({"alg":"HS256","b64":false,"crit":["b64"]})";
  EXPECT_FALSE(verify_compact_detached(signed_with(header, base64url_encode("text"), ""), "text", keys,
                                       understanding()));
  EXPECT_FALSE(
      verify_compact_detached(signed_with(R"({"alg":"HS256"})", "text", ""), "text", keys, understanding()));
}

TEST(JwsUnencoded, SignaturesOfOneJwsEncodeThePayloadAlike) {
  const auto key = octets_key();
  const auto encoded = *parse_json(*sign_flattened("text", {key, Algorithm::hs256}));
  const auto plain = *parse_json(*sign_flattened("text", {key, Algorithm::hs256, kUnencoded}));
  EXPECT_EQ(plain.at("payload"), "text");
  const auto verdict = [&](const Json& a, const Json& b) {
    const Json jws = {{"payload", "text"},
                      {"signatures",
                       {{{"protected", a.at("protected")}, {"signature", a.at("signature")}},
                        {{"protected", b.at("protected")}, {"signature", b.at("signature")}}}}};
    return verify_json(dump_json(jws), JwkSet({key}), understanding(), SignatureRule::any).has_value();
  };
  EXPECT_TRUE(verdict(plain, plain));
  EXPECT_FALSE(verdict(plain, encoded));
  EXPECT_FALSE(verdict(encoded, plain));
  EXPECT_FALSE(sign_general("text", {{key, Algorithm::hs256}, {key, Algorithm::hs256, kUnencoded}}));
}

TEST(JwsUnencoded, JsonHoldsTextOnly) {
  const auto key = octets_key();
  const auto text = sign_flattened("na\xc3\xafve \"text\".\n", {key, Algorithm::hs256, kUnencoded});
  ASSERT_TRUE(text) << text.error().detail;
  EXPECT_EQ(verify_json(*text, JwkSet({key}), understanding(), SignatureRule::all)->payload,
            "na\xc3\xafve \"text\".\n");
  EXPECT_EQ(sign_flattened("\xff", {key, Algorithm::hs256, kUnencoded}).error().code, Errc::refused);
  EXPECT_TRUE(sign_flattened("\xff", {key, Algorithm::hs256, kUnencoded}, PayloadPlace::detached));
  EXPECT_FALSE(make_unsecured("text", kUnencoded));
}

TEST(JwsUnencoded, ADetachedPayloadMayBeEncodedToo) {
  const auto compact = *sign_compact_detached("text", octets_key(), Algorithm::hs256);
  const JwkSet keys({octets_key()});
  EXPECT_EQ(verify_compact_detached(compact, "text", keys, {.algorithms = {Algorithm::hs256}})->payload,
            "text");
  EXPECT_FALSE(verify_compact_detached(compact, "Text", keys, {.algorithms = {Algorithm::hs256}}));
  const auto whole = *sign_compact("text", octets_key(), Algorithm::hs256);
  EXPECT_EQ(verify_compact_detached(whole, "text", keys, {.algorithms = {Algorithm::hs256}}).error().code,
            Errc::malformed);
}

}  // namespace
}  // namespace oidcop::jose
