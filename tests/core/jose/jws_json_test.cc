#include "jose/jws_json.h"

#include "core/jose/jose_data.h"
#include "jose/signature.h"

namespace oidcop::jose {
namespace {

using namespace testing;  // NOLINT: the helpers of this folder

const std::string kPayload = R"({"sub":"diana"})";

JwsPolicy allow(AlgorithmSet algorithms) {
  return {.algorithms = algorithms};
}

const AlgorithmSet kBoth = {Algorithm::es256, Algorithm::hs256};

JwkSet both_keys() {
  return JwkSet({p256_key({.kid = "e"}), octets_key(64, {.kid = "s"})});
}

Json parsed(const Result<std::string>& text) {
  EXPECT_TRUE(text) << text.error().detail;
  return *parse_json(text.value_or("{}"));
}

Json two_signatures() {
  const auto keys = both_keys();
  return parsed(sign_general(kPayload, {{keys.keys()[0], Algorithm::es256, {.typ = "JOSE+JSON"}},
                                        {keys.keys()[1], Algorithm::hs256}}));
}

Errc code(const Json& jws, const JwkSet& keys, const JwsPolicy& policy,
          SignatureRule rule = SignatureRule::all) {
  const auto verified = verify_json(dump_json(jws), keys, policy, rule);
  return verified ? Errc::internal : verified.error().code;
}
constexpr auto kPasses = Errc::internal;  // no failure of ours is internal

TEST(JwsJson, EachSignerIsVerifiedAndNamed) {
  const auto verified =
      verify_json(dump_json(two_signatures()), both_keys(), allow(kBoth), SignatureRule::all);
  ASSERT_TRUE(verified) << verified.error().detail;
  EXPECT_EQ(verified->payload, kPayload);
  ASSERT_EQ(verified->signatures.size(), 2U);
  EXPECT_EQ(verified->signatures[0].kid, "e");
  EXPECT_EQ(verified->signatures[0].protected_header.text("typ"), "JOSE+JSON");
  EXPECT_EQ(verified->signatures[1].kid, "s");
  EXPECT_EQ(verified->signatures[1].algorithm, Algorithm::hs256);
  EXPECT_EQ(verified->signatures[1].position, 1U);
}

TEST(JwsJson, TheFlattenedFormHoldsOneSignature) {
  Message unprotected;
  unprotected.set("note", "hello");
  const auto jws = parsed(sign_flattened(kPayload, {p256_key(), Algorithm::es256, {}, unprotected}));
  EXPECT_FALSE(jws.contains("signatures"));
  const auto verified = verify_json(dump_json(jws), JwkSet({p256_key()}), allow(kBoth), SignatureRule::all);
  ASSERT_TRUE(verified) << verified.error().detail;
  EXPECT_EQ(verified->signatures.at(0).unprotected_header.text("note"), "hello");
  EXPECT_FALSE(verified->signatures.at(0).protected_header.has("note"));
}

TEST(JwsJson, TheCallerSaysWhetherAllOrAnySignatureMustVerify) {
  const auto jws = two_signatures();
  const JwkSet first({both_keys().keys()[0]});
  EXPECT_EQ(code(jws, first, allow(kBoth), SignatureRule::all), Errc::not_found);
  EXPECT_EQ(code(jws, both_keys(), allow({Algorithm::es256}), SignatureRule::all), Errc::refused);
  const auto any = verify_json(dump_json(jws), first, allow(kBoth), SignatureRule::any);
  ASSERT_TRUE(any);
  ASSERT_EQ(any->signatures.size(), 1U);
  EXPECT_EQ(any->signatures[0].position, 0U);
  EXPECT_EQ(code(jws, JwkSet(), allow(kBoth), SignatureRule::any), Errc::not_found);
  auto forged = jws;
  forged["payload"] = base64url_encode("other");
  EXPECT_EQ(code(forged, both_keys(), allow(kBoth), SignatureRule::any), Errc::bad_signature);
}

TEST(JwsJson, AnExtensionOfAnotherSignerSpoilsTheirSignatureOnly) {
  const auto key = octets_key(64, {.kid = "s"});
  for (const auto* header :
       {R"({"alg":"HS256","kid":"s","crit":["x"],"x":1})", R"({"alg":"HS256","kid":"s","crit":[]})",
        R"({"alg":"HS256","kid":"s","crit":["b64"],"b64":false})"}) {
    auto jws = two_signatures();
    const auto protected_text = base64url_encode(header);
    const auto signature =
        *make_signature(key, Algorithm::hs256, protected_text + '.' + base64url_encode(kPayload));
    jws["signatures"][1] = {{"protected", protected_text}, {"signature", base64url_encode(signature)}};
    for (const bool is_first : {false, true}) {
      if (is_first) std::swap(jws["signatures"][0], jws["signatures"][1]);
      const auto any = verify_json(dump_json(jws), both_keys(), allow(kBoth), SignatureRule::any);
      ASSERT_TRUE(any) << header << any.error().detail;
      ASSERT_EQ(any->signatures.size(), 1U);
      EXPECT_EQ(any->signatures[0].kid, "e");
      EXPECT_NE(code(jws, both_keys(), allow(kBoth), SignatureRule::all), kPasses) << header;
    }
    // Alone it is what it was.
    jws["signatures"].erase(1);
    EXPECT_NE(code(jws, both_keys(), allow(kBoth), SignatureRule::any), kPasses) << header;
  }
}

TEST(JwsJson, HeadersThatShareAMemberAreRefused) {
  auto jws = two_signatures();
  jws["signatures"][1]["header"] = {{"kid", "s"}};
  EXPECT_EQ(code(jws, both_keys(), allow(kBoth), SignatureRule::any), Errc::malformed);
  jws["signatures"][1]["header"] = {{"other", "s"}};
  EXPECT_EQ(code(jws, both_keys(), allow(kBoth)), kPasses);
  Message unprotected;
  unprotected.set("kid", "e");
  EXPECT_FALSE(sign_flattened(kPayload, {p256_key({.kid = "e"}), Algorithm::es256, {}, unprotected}));
}

TEST(JwsJson, WhatMustBeProtectedIsNotTakenFromTheUnprotectedHeader) {
  const auto key = octets_key();
  const auto unprotected_alg = [&](const std::string& name) {
    const auto signature = *make_signature(key, Algorithm::hs256, '.' + base64url_encode(kPayload));
    return Json{{"payload", base64url_encode(kPayload)},
                {"header", {{"alg", name}}},
                {"signature", base64url_encode(signature)}};
  };
  const JwkSet keys({key});
  auto lenient = allow({Algorithm::hs256, Algorithm::none});
  EXPECT_EQ(code(unprotected_alg("HS256"), keys, lenient), Errc::refused);
  lenient.algorithm_place = AlgorithmPlace::any_header;
  EXPECT_EQ(code(unprotected_alg("HS256"), keys, lenient), kPasses);
  EXPECT_EQ(code(unprotected_alg("none"), keys, lenient), Errc::refused);
  auto bare = unprotected_alg("none");
  bare["signature"] = "";
  EXPECT_EQ(code(bare, keys, lenient), Errc::refused);
  lenient.understood_crit = {"x"};
  lenient.unencoded = UnencodedPayload::allowed;
  for (const auto& extra : {Json{{"crit", {"x"}}, {"x", 1}}, Json{{"b64", false}}, Json{{"b64", true}}}) {
    auto jws = unprotected_alg("HS256");
    jws["header"].update(extra);
    EXPECT_EQ(code(jws, keys, lenient), Errc::malformed) << extra.dump();
  }
  for (const auto* name : {"alg", "crit", "b64"}) {
    Message unprotected;
    unprotected.set(name, "x");
    EXPECT_FALSE(sign_flattened(kPayload, {key, Algorithm::hs256, {}, unprotected})) << name;
  }
}

TEST(JwsJson, FormsThatAreNeitherGeneralNorFlattenedAreRefused) {
  const auto good = two_signatures();
  const auto changed = [&](auto&& change) {
    auto jws = good;
    change(jws);
    return code(jws, both_keys(), allow(kBoth), SignatureRule::any);
  };
  EXPECT_EQ(changed([](Json&) {}), kPasses);
  EXPECT_EQ(changed([](Json& jws) { jws["extension"] = 1; }), kPasses);  // RFC 7515, 7.2.1: ignored
  EXPECT_EQ(changed([](Json& jws) { jws["signature"] = "AAAA"; }), Errc::malformed);
  EXPECT_EQ(changed([](Json& jws) { jws["protected"] = jws["signatures"][0]["protected"]; }),
            Errc::malformed);
  EXPECT_EQ(changed([](Json& jws) { jws["header"] = Json::object(); }), Errc::malformed);
  EXPECT_EQ(changed([](Json& jws) { jws["signatures"] = Json::array(); }), Errc::malformed);
  EXPECT_EQ(changed([](Json& jws) { jws["signatures"] = "x"; }), Errc::malformed);
  EXPECT_EQ(changed([](Json& jws) { jws["signatures"].push_back(1); }), Errc::malformed);
  EXPECT_EQ(changed([](Json& jws) { jws["signatures"][1].erase("signature"); }), Errc::malformed);
  EXPECT_EQ(changed([](Json& jws) { jws["signatures"][1]["protected"] = ""; }), Errc::malformed);
  EXPECT_EQ(changed([](Json& jws) { jws["signatures"][1]["header"] = "x"; }), Errc::malformed);
  EXPECT_EQ(changed([](Json& jws) { jws.erase("payload"); }), Errc::malformed);
  EXPECT_EQ(changed([](Json& jws) { jws["payload"] = 1; }), Errc::malformed);
  EXPECT_EQ(changed([](Json& jws) { jws["payload"] = jws["payload"].get<std::string>() + "="; }),
            Errc::malformed);
  EXPECT_FALSE(verify_json("[]", both_keys(), allow(kBoth), SignatureRule::any));
  EXPECT_FALSE(verify_json("", both_keys(), allow(kBoth), SignatureRule::any));
  const auto text = dump_json(good);
  EXPECT_FALSE(
      verify_json(R"({"payload":"",)" + text.substr(1), both_keys(), allow(kBoth), SignatureRule::any));
}

TEST(JwsJson, WorkIsBounded) {
  auto jws = two_signatures();
  while (jws["signatures"].size() < 9) jws["signatures"].push_back(jws["signatures"][0]);
  EXPECT_EQ(code(jws, both_keys(), allow(kBoth)), Errc::refused);
  jws["signatures"].erase(8);
  EXPECT_EQ(code(jws, both_keys(), allow(kBoth)), kPasses);
  auto policy = allow(kBoth);
  policy.max_octets = 100;
  EXPECT_EQ(code(jws, both_keys(), policy), Errc::refused);
  EXPECT_FALSE(sign_general(kPayload, {}));
  const auto key = octets_key();
  EXPECT_FALSE(sign_general(kPayload, std::vector<JwsSigner>(9, JwsSigner{key, Algorithm::hs256})));
}

TEST(JwsJson, ADetachedPayloadIsSignedWithoutBeingThere) {
  const auto keys = both_keys();
  const JwsSigner signer{keys.keys()[0], Algorithm::es256};
  for (const auto& text : {sign_flattened(kPayload, signer, PayloadPlace::detached),
                           sign_general(kPayload, {signer}, PayloadPlace::detached)}) {
    EXPECT_FALSE(parsed(text).contains("payload"));
    EXPECT_EQ(verify_json(*text, keys, allow(kBoth), SignatureRule::all, kPayload)->payload, kPayload);
    EXPECT_FALSE(verify_json(*text, keys, allow(kBoth), SignatureRule::all, "other"));
    EXPECT_EQ(verify_json(*text, keys, allow(kBoth), SignatureRule::all).error().code, Errc::malformed);
  }
  const auto included = *sign_flattened(kPayload, signer);
  EXPECT_EQ(verify_json(included, keys, allow(kBoth), SignatureRule::all, kPayload).error().code,
            Errc::malformed);
}

}  // namespace
}  // namespace oidcop::jose
