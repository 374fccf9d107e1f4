// What the RFCs print and what other implementations made, one loop per file.

#include "core/jose/jose_data.h"
#include "jose/jws.h"
#include "jose/jws_json.h"
#include "jose/signature.h"

#include <set>

namespace oidcop::jose {
namespace {

using namespace testing;  // NOLINT: the helpers of this folder

/// "file list name" of everything in the files of the RFCs.
std::set<std::string> entries_of_the_rfcs() {
  std::set<std::string> entries;
  for (const auto* file : {"rfc_jwe.json", "rfc_jws.json", "rfc_jws_json.json", "rfc_keys.json"}) {
    const auto data = load_data(file);
    for (const auto& [list, members] : data.items()) {
      if (!members.is_array()) continue;
      for (const auto& entry : members) {
        if (entry.contains("name"))
          entries.insert(std::string(file) + ' ' + list + ' ' + text(entry, "name"));
      }
    }
  }
  return entries;
}

TEST(ForeignVectors, EveryExampleOfTheRfcsIsHereAndEachEntryIsOneOfThem) {
  const auto index = load_data("rfc_examples.json");
  EXPECT_EQ(index.at("examples").size(), 76U);
  auto unnamed = entries_of_the_rfcs();
  const auto all = unnamed;
  for (const auto& example : index.at("examples")) {
    for (const auto& name : example.at("names")) {
      const auto entry =
          text(example, "in") + ' ' + text(example, "list") + ' ' + name.get_ref<const std::string&>();
      EXPECT_EQ(all.count(entry), 1U) << text(example, "example") << ": " << entry;
      unnamed.erase(entry);
    }
  }
  EXPECT_TRUE(unnamed.empty()) << *unnamed.begin() << " is no published example";
}

TEST(ForeignVectors, KeysOfTheRfcsReadWriteAndHaveTheirThumbprints) {
  const auto data = load_data("rfc_keys.json");
  ASSERT_GE(data.at("keys").size(), 19U);
  for (const auto& entry : data.at("keys")) {
    SCOPED_TRACE(text(entry, "name"));
    const auto key = Jwk::parse(entry.at("key"));
    ASSERT_TRUE(key) << key.error().detail;
    EXPECT_EQ(key->thumbprint(), text(entry, "thumbprint"));
    const auto again = key->is_private() ? key->private_json() : key->public_json();
    ASSERT_TRUE(again);
    for (const auto& [name, value] : entry.at("key").items()) {
      if (name == "x5c") continue;  // RFC 7517 B: certificates are ignored
      EXPECT_EQ(again->value(name, Json()), value) << name;
    }
  }
}

TEST(ForeignVectors, SignaturesOfTheRfcsVerifyAndDeterministicOnesAreMadeAgain) {
  const auto data = load_data("rfc_jws.json");
  ASSERT_GE(data.at("cases").size(), 11U);
  for (const auto& entry : data.at("cases")) {
    SCOPED_TRACE(text(entry, "name"));
    const auto algorithm = *parse_algorithm(text(entry, "alg"));
    JwkSet keys;
    if (entry.at("key").is_object()) keys.add(*Jwk::parse(entry.at("key")));
    const auto compact = text(entry, "compact");
    const auto verified = verify_compact(compact, keys, {.algorithms = {algorithm}});
    ASSERT_TRUE(verified) << verified.error().detail;
    EXPECT_EQ(base64url_encode(verified->payload), text(entry, "payload"));
    if (!entry.value("deterministic", false) || algorithm == Algorithm::none) continue;
    const auto dot = compact.rfind('.');
    const auto signature = make_signature(keys.keys().front(), algorithm, compact.substr(0, dot));
    ASSERT_TRUE(signature);
    EXPECT_EQ(base64url_encode(*signature), compact.substr(dot + 1));
  }
}

struct JsonCase {
  JwkSet keys;
  JwsPolicy policy;
  std::string payload;
};

JsonCase json_case(const Json& entry) {
  JsonCase read;
  for (const auto& key : entry.at("keys")) read.keys.add(*Jwk::parse(key));
  for (const auto& name : entry.at("algs"))
    read.policy.algorithms.insert(*parse_algorithm(name.get_ref<const std::string&>()));
  if (entry.value("unencoded", false)) read.policy.unencoded = UnencodedPayload::allowed;
  if (entry.value("unprotected_alg", false)) read.policy.algorithm_place = AlgorithmPlace::any_header;
  read.payload = *base64url_decode(text(entry, "payload"));
  return read;
}

TEST(ForeignVectors, JsonSerialisationsOfTheRfcsVerify) {
  const auto data = load_data("rfc_jws_json.json");
  ASSERT_EQ(data.at("json").size(), 19U);
  for (const auto& entry : data.at("json")) {
    SCOPED_TRACE(text(entry, "name"));
    const auto [keys, policy, payload] = json_case(entry);
    std::optional<std::string_view> detached;
    if (entry.value("detached", false)) detached = payload;
    const auto jws = dump_json(entry.at("jws"));
    const auto verified = verify_json(jws, keys, policy, SignatureRule::all, detached);
    ASSERT_TRUE(verified) << verified.error().detail;
    EXPECT_EQ(verified->payload, payload);
    EXPECT_EQ(verified->signatures.size(), entry.at("algs").size());
    EXPECT_FALSE(verify_json(jws, JwkSet(), policy, SignatureRule::any, detached));
    if (policy.algorithm_place == AlgorithmPlace::protected_header) continue;
    // RFC 7520 4.7 and 4.8 leave "alg" unprotected: only for callers who ask for that.
    auto strict = policy;
    strict.algorithm_place = AlgorithmPlace::protected_header;
    EXPECT_EQ(verify_json(jws, keys, strict, SignatureRule::all, detached).error().code, Errc::refused);
  }
}

TEST(ForeignVectors, DetachedPayloadsOfTheRfcsVerify) {
  const auto data = load_data("rfc_jws_json.json");
  ASSERT_EQ(data.at("detached").size(), 2U);
  for (const auto& entry : data.at("detached")) {
    SCOPED_TRACE(text(entry, "name"));
    const auto [keys, policy, payload] = json_case(entry);
    const auto verified = verify_compact_detached(text(entry, "compact"), payload, keys, policy);
    ASSERT_TRUE(verified) << verified.error().detail;
    EXPECT_EQ(verified->payload, payload);
    EXPECT_FALSE(verify_compact_detached(text(entry, "compact"), payload + ' ', keys, policy));
    EXPECT_FALSE(verify_compact(text(entry, "compact"), keys, policy));
  }
}

TEST(ForeignVectors, TheNegativeExampleOfRfc7515IsRefused) {
  const auto entry = load_data("rfc_jws_json.json").at("refused").at(0);
  const auto verified = verify_compact(text(entry, "compact"), JwkSet(), {.algorithms = {Algorithm::none}});
  ASSERT_FALSE(verified);
  EXPECT_EQ(verified.error().code, Errc::refused) << verified.error().detail;
}

TEST(ForeignVectors, SignaturesOfOtherImplementationsVerify) {
  const auto data = load_data("foreign_signatures.json");
  for (const auto& entry : data.at("signatures")) {
    SCOPED_TRACE(text(entry, "made_by") + " " + text(entry, "alg"));
    const auto key =
        entry.contains("key") ? Jwk::parse(entry.at("key")) : Jwk::from_pem(Secret(text(entry, "pem")));
    ASSERT_TRUE(key) << key.error().detail;
    if (entry.contains("thumbprint")) {
      EXPECT_EQ(key->thumbprint(), text(entry, "thumbprint"));
    }
    const auto algorithm = *parse_algorithm(text(entry, "alg"));
    const auto verified = verify_compact(text(entry, "compact"), *key, {.algorithms = {algorithm}});
    ASSERT_TRUE(verified) << verified.error().detail;
    EXPECT_EQ(verified->payload, text(data, "payload"));
  }
}

TEST(ForeignVectors, PemFilesOfOpensslReadAndWriteTheSamePublicHalf) {
  const auto data = load_data("foreign_signatures.json");
  auto entries = data.at("pems");
  for (const auto& entry : data.at("signatures")) {
    if (entry.contains("private_pem")) entries.push_back(entry);
  }
  ASSERT_EQ(entries.size(), 7U);
  for (const auto& entry : entries) {
    SCOPED_TRACE(text(entry, "made_by"));
    const auto key = Jwk::from_pem(Secret(text(entry, "private_pem")));
    ASSERT_TRUE(key) << key.error().detail;
    EXPECT_TRUE(key->is_private());
    if (entry.contains("thumbprint")) {
      EXPECT_EQ(key->thumbprint(), text(entry, "thumbprint"));
    }
    EXPECT_EQ(*key->public_pem(), text(entry, "pem"));
    const auto public_half = Jwk::from_pem(Secret(text(entry, "pem")));
    ASSERT_TRUE(public_half);
    EXPECT_FALSE(public_half->is_private());
    EXPECT_EQ(public_half->thumbprint(), key->thumbprint());
    const auto again = Jwk::from_pem(*key->private_pem());
    ASSERT_TRUE(again);
    EXPECT_EQ(*again->private_json(), *key->private_json());
  }
}

TEST(ForeignVectors, BadKeysAreRefusedForTheRightReason) {
  const auto data = load_data("bad_keys.json");
  ASSERT_GE(data.at("keys").size(), 60U);
  for (const auto& entry : data.at("keys")) {
    SCOPED_TRACE(text(entry, "name"));
    const auto key = Jwk::parse(entry.at("key"));
    ASSERT_FALSE(key);
    EXPECT_EQ(key.error().code, text(entry, "error") == "refused" ? Errc::refused : Errc::malformed)
        << key.error().detail;
    EXPECT_FALSE(key.error().detail.empty());
  }
}

}  // namespace
}  // namespace oidcop::jose
