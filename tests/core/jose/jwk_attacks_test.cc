// Keys that are none: the groups of Project Wycheproof's json_web_key, beside tests/data/jose/bad_keys.json.

#include "core/jose/jose_data.h"

#include <algorithm>
#include <map>

namespace oidcop::jose {
namespace {

using namespace testing;  // NOLINT: the helpers of this folder

struct CurveCase {
  Curve curve;
  std::string prime;  ///< most significant octet first
  Jwk key;
};

std::string filled(std::initializer_list<std::pair<int, std::size_t>> runs) {
  std::string octets;
  for (const auto& [octet, count] : runs) octets.append(count, static_cast<char>(octet));
  return octets;
}

/// The primes of FIPS 186-4, D.1.2 and SEC 2, 2.4.1.
const std::vector<CurveCase>& curves() {
  static const std::vector<CurveCase> cases = {
      {Curve::p256, filled({{0xff, 4}, {0, 3}, {1, 1}, {0, 12}, {0xff, 12}}), p256_key()},
      {Curve::p384, filled({{0xff, 31}, {0xfe, 1}, {0xff, 4}, {0, 8}, {0xff, 4}}),
       *generate_ec(Curve::p384, {})},
      {Curve::p521, filled({{1, 1}, {0xff, 65}}), *generate_ec(Curve::p521, {})},
      {Curve::secp256k1, filled({{0xff, 27}, {0xfe, 1}, {0xff, 2}, {0xfc, 1}, {0x2f, 1}}),
       *generate_ec(Curve::secp256k1, {})}};
  return cases;
}

std::string base64_of(const std::string& octets) {
  auto text = base64url_encode(octets);
  std::replace(text.begin(), text.end(), '-', '+');
  std::replace(text.begin(), text.end(), '_', '/');
  return text + std::string((4 - text.size() % 4) % 4, '=');
}

Errc code(const Json& key) {
  const auto read = Jwk::parse(key);
  return read ? Errc::internal : read.error().code;
}

TEST(JwkAttacks, PointsThatAreNotOnTheCurveAreRefused) {
  for (const auto& [curve, prime, key] : curves()) {
    SCOPED_TRACE(std::string(curve_name(curve)));
    const auto good = *key.public_json();
    ASSERT_EQ(code(good), Errc::internal);
    const auto with = [&](const char* member, const std::string& octets) {
      auto other = good;
      other[member] = base64url_encode(octets);
      return code(other);
    };
    const std::string zero(prime.size(), '\0');
    for (const auto* member : {"x", "y"}) {
      auto next = *base64url_decode(text(good, member));
      next.back() = static_cast<char>(next.back() ^ 1);
      EXPECT_EQ(with(member, next), Errc::malformed) << member;
      EXPECT_EQ(with(member, prime), Errc::malformed) << member;
      EXPECT_EQ(with(member, std::string(prime.size(), '\xff')), Errc::malformed) << member;
      EXPECT_EQ(with(member, zero), Errc::malformed) << member;
      EXPECT_EQ(with(member, next.substr(1)), Errc::malformed) << member;
      EXPECT_EQ(with(member, '\0' + *base64url_decode(text(good, member))), Errc::malformed) << member;
      EXPECT_EQ(with(member, ""), Errc::malformed) << member;
    }
    auto infinity = good;
    infinity["x"] = infinity["y"] = base64url_encode(zero);
    EXPECT_EQ(code(infinity), Errc::malformed);
    auto swapped = good;
    std::swap(swapped["x"], swapped["y"]);
    EXPECT_EQ(code(swapped), Errc::malformed);
  }
}

/// Points for attacks with invalid curves: an agreement with one tells the private key modulo its order.
TEST(JwkAttacks, PointsOfTheTwistAndOfSmallOrderOnOtherCurvesAreRefused) {
  const std::string zero(64, '0');
  const std::pair<std::string, std::string> points[] = {
      // -y² = x³ - 3x + b: on the twist of P-256, where x alone is of no point of the curve itself.
      {"72554af938a3921665267ee03cef95ade6290625a9f99d6c57ae49809900fbad",
       "9c25ea7b968c23b822d01a219de340ebcdc8156eaea919851f4fb668a930bdda"},
      {std::string(63, '0') + "1", "de17b2671045fe58740248c17a8bd2fb2ef7c3c49b01da9f903efa3dcda669c7"},
      // Of order 3 and of order 2 on curves that differ from P-256 in b only, which no formula for adding
      // uses.
      {"8b5b9db0c13db24256c829aa364aa90c6d2eba318b9232a4ab9313b954d3555f",
       "e2d7573db333c681bca3411300c686030b9e2a0856e8f14051e6b25af714dea7"},
      {"8b5b9db0c13db24256c829aa364aa90c6d2eba318b9232a4ab9313b954d3555f", zero},
      {zero, zero}};
  for (const auto& [x, y] : points) {
    auto key = *p256_key().public_json();
    key["x"] = base64url_encode(from_hex(x));
    key["y"] = base64url_encode(from_hex(y));
    EXPECT_EQ(code(key), Errc::malformed) << x;
    const auto der = from_hex("3059301306072a8648ce3d020106082a8648ce3d03010703420004" + x + y);
    const auto pem = "-----BEGIN PUBLIC KEY-----\n" + base64_of(der) + "\n-----END PUBLIC KEY-----\n";
    EXPECT_FALSE(Jwk::from_pem(Secret(pem))) << x;
  }
}

TEST(JwkAttacks, APointOfOneCurveIsNoneOfAnother) {
  for (const auto& from : curves()) {
    for (const auto& to : curves()) {
      if (from.curve == to.curve) continue;
      auto key = *from.key.public_json();
      key["crv"] = std::string(curve_name(to.curve));
      EXPECT_EQ(code(key), Errc::malformed) << curve_name(from.curve) << " as " << curve_name(to.curve);
    }
  }
  auto ed = *ed25519_key().private_json();
  ed["crv"] = "X25519";  // the same 32 octets, another public half
  EXPECT_EQ(code(ed), Errc::malformed);
  ed["crv"] = "Ed448";
  EXPECT_EQ(code(ed), Errc::malformed);
  ed["kty"] = "EC";
  EXPECT_EQ(code(ed), Errc::refused);
}

TEST(JwkAttacks, PrivateHalvesLieBelowTheOrderAndBelongToThePublicHalf) {
  for (const auto& [curve, prime, key] : curves()) {
    SCOPED_TRACE(std::string(curve_name(curve)));
    auto other = *key.private_json();
    for (const auto& d : {std::string(prime.size(), '\0'), std::string(prime.size(), '\xff'), prime,
                          std::string(prime.size() - 1, '\0') + '\1'}) {
      other["d"] = base64url_encode(d);
      EXPECT_EQ(code(other), Errc::malformed);
    }
  }
}

TEST(JwkAttacks, MembersAreCanonicalBase64url) {
  const std::pair<Jwk, std::vector<const char*>> cases[] = {{p256_key(), {"x", "y", "d"}},
                                                            {ed25519_key(), {"x", "d"}},
                                                            {octets_key(32), {"k"}},
                                                            {rsa_key(), {"n", "e", "d", "p"}}};
  for (const auto& [key, members] : cases) {
    const auto good = *key.private_json();
    for (const auto* member : members) {
      const auto value = text(good, member);
      for (const auto& bad : {value + "=", value + " ", " " + value, value + "\n", "+" + value.substr(1),
                              "/" + value.substr(1), value + "."}) {
        auto other = good;
        other[member] = bad;
        EXPECT_NE(code(other), Errc::internal) << member << ' ' << bad.substr(0, 4);
      }
      for (const Json& bad : {Json(1), Json(nullptr), Json::array({value}), Json::object(), Json(true)}) {
        auto other = good;
        other[member] = bad;
        EXPECT_EQ(code(other), Errc::malformed) << member << bad.dump();
      }
    }
  }
}

TEST(JwkAttacks, MismatchedRsaNumbersAreRefused) {
  const auto good = *rsa_key().private_json();
  const auto other = *generate_rsa(2048, {})->private_json();
  for (const auto* member : {"n", "e", "d", "p", "q", "dp", "dq", "qi"}) {
    auto mixed = good;
    mixed[member] = member == std::string("e") ? Json("Aw") : other.at(member);
    EXPECT_NE(code(mixed), Errc::internal) << member;
    mixed[member] = "";
    EXPECT_NE(code(mixed), Errc::internal) << member;
    mixed[member] = "AA";
    EXPECT_NE(code(mixed), Errc::internal) << member;
    mixed[member] = base64url_encode(std::string(1026, '\xff'));
    EXPECT_EQ(code(mixed), Errc::refused) << member;
  }
  auto negative = *rsa_key().public_json();
  for (const auto* e : {"AA", "AQ", "Ag", "AQAA", "gAAAAAAAAAAB"}) {  // 0, 1, 2, 65536, 2^71 + 1
    negative["e"] = e;
    EXPECT_NE(code(negative), Errc::internal) << e;
  }
}

TEST(JwkAttacks, RepeatedMembersAreRefusedInKeysAndSets) {
  const auto key = dump_json(*p256_key().public_json());
  EXPECT_FALSE(Jwk::parse_text(R"({"kty":"oct",)" + key.substr(1)));
  EXPECT_FALSE(Jwk::parse_text(R"({"kid":"a","kid":"b",)" + key.substr(1)));
  EXPECT_FALSE(JwkSet::parse_text(R"({"keys":[],"keys":[)" + key + "]}"));
  EXPECT_FALSE(JwkSet::parse_text(R"({"keys":[{"kid":"a","kid":"b",)" + key.substr(1) + "]}"));
}

TEST(JwkAttacks, ASetIsReadAroundItsBadKeys) {
  auto set = Json::object();
  set["keys"] =
      Json::array({Json{{"kty", "EC"}, {"crv", "P-256"}, {"x", "AA"}, {"y", "AA"}},
                   Json{{"kty", "OKP"}, {"crv", "X25519"}, {"x", base64url_encode(std::string(32, '\0'))}},
                   Json{{"kty", "AKP"}, {"alg", "ML-DSA-44"}}, Json(7), *p256_key().public_json()});
  const auto read = JwkSet::parse(set);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->keys().size(), 1U);
  EXPECT_EQ(read->skipped().size(), 4U);
  for (const Json& bad :
       {Json(Json::array()), Json::object(), Json{{"keys", Json::object()}}, Json(nullptr)}) {
    EXPECT_FALSE(JwkSet::parse(bad)) << bad.dump();
  }
}

TEST(JwkAttacks, CertificatesInAKeyAreNotBelieved) {
  auto key = *p256_key().public_json();
  key["x5c"] = Json::array({"MIIBforged"});
  key["x5t"] = "AAAA";
  key["x5u"] = "https://forger.example/cert";
  const auto read = Jwk::parse(key);
  ASSERT_TRUE(read) << read.error().detail;
  EXPECT_EQ(*read->public_json(), *p256_key().public_json());
}

}  // namespace
}  // namespace oidcop::jose
