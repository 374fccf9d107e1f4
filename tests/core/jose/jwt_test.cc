#include "jose/jwt.h"

#include "core/jose/jose_data.h"

#include <functional>

namespace oidcop::jose {
namespace {

using namespace testing;  // NOLINT: the helpers of this folder

constexpr std::int64_t kNow = 1'800'000'000;
const TimePoint kTime{Seconds(kNow)};

Json good_claims() {
  return {{"iss", "https://op"}, {"sub", "diana"},    {"aud", "client"},
          {"iat", kNow - 10},    {"exp", kNow + 100}, {"jti", "1"}};
}

JwtPolicy policy() {
  return {.issuer = "https://op", .subject = "diana", .audiences = {"client", "alias"}};
}

/// The fault of the good claims after a change, or nothing.
std::optional<ClaimFault> fault_of(const std::function<void(Json&)>& change,
                                   const JwtPolicy& wanted = policy()) {
  auto claims = good_claims();
  change(claims);
  auto verdict = validate_claims(Message(std::move(claims)), wanted, kTime);
  if (verdict) return std::nullopt;
  return verdict.error().fault;
}

std::function<void(Json&)> with(const std::string& name, const Json& value) {
  return [name, value](Json& claims) { claims[name] = value; };
}
std::function<void(Json&)> without(const std::string& name) {
  return [name](Json& claims) { claims.erase(name); };
}

TEST(JwtClaims, GoodOnesPass) {
  EXPECT_EQ(fault_of([](Json&) {}), std::nullopt);
}

TEST(JwtClaims, RequiredOnesAreRequired) {
  EXPECT_EQ(fault_of(without("exp")), ClaimFault::missing);
  EXPECT_EQ(fault_of(without("iss")), ClaimFault::missing);
  EXPECT_EQ(fault_of(without("sub")), ClaimFault::missing);
  EXPECT_EQ(fault_of(without("aud")), ClaimFault::missing);
  auto wanted = policy();
  wanted.required = {"jti", "nonce"};
  EXPECT_EQ(fault_of([](Json&) {}, wanted), ClaimFault::missing);
  EXPECT_EQ(fault_of(with("nonce", "n"), wanted), std::nullopt);
}

TEST(JwtClaims, PartiesAreComparedExactly) {
  EXPECT_EQ(fault_of(with("iss", "https://op/")), ClaimFault::wrong_issuer);
  EXPECT_EQ(fault_of(with("iss", "HTTPS://op")), ClaimFault::wrong_issuer);
  EXPECT_EQ(fault_of(with("sub", "other")), ClaimFault::wrong_subject);
  EXPECT_EQ(fault_of(with("aud", "other")), ClaimFault::wrong_audience);
  EXPECT_EQ(fault_of(with("aud", Json::array({"other", "client"}))), std::nullopt);
  EXPECT_EQ(fault_of(with("aud", Json::array({"other"}))), ClaimFault::wrong_audience);
}

TEST(JwtClaims, AudienceRulesGetStricter) {
  auto wanted = policy();
  wanted.audience_rule = AudienceRule::every_member;
  EXPECT_EQ(fault_of(with("aud", Json::array({"client", "alias"})), wanted), std::nullopt);
  EXPECT_EQ(fault_of(with("aud", Json::array({"client", "other"})), wanted), ClaimFault::wrong_audience);
  wanted.audience_rule = AudienceRule::single_string;
  EXPECT_EQ(fault_of([](Json&) {}, wanted), std::nullopt);
  EXPECT_EQ(fault_of(with("aud", Json::array({"client"})), wanted), ClaimFault::wrong_audience);
}

TEST(JwtClaims, RegisteredClaimsOfTheWrongTypeAreMalformedEvenWhenNotAskedFor) {
  JwtPolicy nothing;
  nothing.required = {};
  for (const auto* name : {"iss", "sub", "jti"}) {
    EXPECT_EQ(fault_of(with(name, 1), nothing), ClaimFault::malformed) << name;
    EXPECT_EQ(fault_of(with(name, ""), nothing), ClaimFault::malformed) << name;
    EXPECT_EQ(fault_of(with(name, nullptr), nothing), ClaimFault::malformed) << name;
  }
  for (const auto* name : {"exp", "nbf", "iat"}) {
    for (const Json& value :
         {Json("1"), Json(-1), Json(1e300), Json(nullptr), Json(true), Json::array({kNow})}) {
      EXPECT_EQ(fault_of(with(name, value), nothing), ClaimFault::malformed) << name << value;
    }
  }
  for (const Json& value : {Json(1), Json::array(), Json::array({1}), Json::object(), Json(nullptr)}) {
    EXPECT_EQ(fault_of(with("aud", value), nothing), ClaimFault::malformed) << value;
  }
}

TEST(JwtClaims, TimesAreComparedWithNow) {
  EXPECT_EQ(fault_of(with("exp", kNow + 1)), std::nullopt);
  EXPECT_EQ(fault_of(with("exp", kNow)), ClaimFault::expired);  // RFC 7519, 4.1.4: "on or after"
  EXPECT_EQ(fault_of(with("exp", kNow - 1)), ClaimFault::expired);
  EXPECT_EQ(fault_of(with("exp", static_cast<double>(kNow) + 0.5)), ClaimFault::expired);
  EXPECT_EQ(fault_of(with("nbf", kNow)), std::nullopt);
  EXPECT_EQ(fault_of(with("nbf", kNow + 1)), ClaimFault::not_yet_valid);
  EXPECT_EQ(fault_of(with("iat", kNow + 1)), ClaimFault::issued_in_future);
}

TEST(JwtClaims, FractionsOfASecondCountTowardsRefusal) {
  const auto at = [](double offset) { return static_cast<double>(kNow) + offset; };
  EXPECT_EQ(fault_of(with("exp", at(1.5))), std::nullopt);
  EXPECT_EQ(fault_of(with("exp", at(0.9))), ClaimFault::expired);
  EXPECT_EQ(fault_of(with("nbf", at(0.1))), ClaimFault::not_yet_valid);
  EXPECT_EQ(fault_of(with("nbf", at(-0.1))), std::nullopt);
  EXPECT_EQ(fault_of(with("nbf", at(0))), std::nullopt);  // 1800000000.0
  EXPECT_EQ(fault_of(with("iat", at(0.1))), ClaimFault::issued_in_future);
  auto wanted = policy();
  wanted.max_age = Seconds(10);
  EXPECT_EQ(fault_of(with("iat", at(-9.9)), wanted), std::nullopt);
  EXPECT_EQ(fault_of(with("iat", at(-10.1)), wanted), ClaimFault::too_old);
  wanted = policy();
  wanted.max_ahead = Seconds(300);
  EXPECT_EQ(fault_of(with("exp", at(300.1)), wanted), ClaimFault::lifetime_too_long);
  wanted = policy();
  wanted.max_lifetime = Seconds(110);  // exactly that of the good claims
  EXPECT_EQ(fault_of([](Json&) {}, wanted), std::nullopt);
  EXPECT_EQ(fault_of(with("exp", at(100.1)), wanted), ClaimFault::lifetime_too_long);
  EXPECT_EQ(fault_of(with("iat", at(-10.1)), wanted), ClaimFault::lifetime_too_long);
}

TEST(JwtClaims, LeewayHelpsClocksThatDisagree) {
  auto wanted = policy();
  wanted.leeway = Seconds(10);
  EXPECT_EQ(fault_of(with("exp", kNow - 9), wanted), std::nullopt);
  EXPECT_EQ(fault_of(with("exp", kNow - 10), wanted), ClaimFault::expired);
  EXPECT_EQ(fault_of(with("nbf", kNow + 10), wanted), std::nullopt);
  EXPECT_EQ(fault_of(with("nbf", kNow + 11), wanted), ClaimFault::not_yet_valid);
  EXPECT_EQ(fault_of(with("iat", kNow + 10), wanted), std::nullopt);
  EXPECT_EQ(fault_of(with("iat", kNow + 11), wanted), ClaimFault::issued_in_future);
}

TEST(JwtClaims, LifetimesAreBounded) {
  auto wanted = policy();
  wanted.max_ahead = Seconds(300);
  EXPECT_EQ(fault_of(with("exp", kNow + 300), wanted), std::nullopt);
  EXPECT_EQ(fault_of(with("exp", kNow + 301), wanted), ClaimFault::lifetime_too_long);
  wanted = policy();
  wanted.max_lifetime = Seconds(110);
  EXPECT_EQ(fault_of([](Json&) {}, wanted), std::nullopt);
  EXPECT_EQ(fault_of(with("iat", kNow - 11), wanted), ClaimFault::lifetime_too_long);
  EXPECT_EQ(fault_of(without("iat"), wanted), ClaimFault::missing);
  wanted = policy();
  wanted.max_age = Seconds(60);
  EXPECT_EQ(fault_of(with("iat", kNow - 60), wanted), std::nullopt);
  EXPECT_EQ(fault_of(with("iat", kNow - 61), wanted), ClaimFault::too_old);
  EXPECT_EQ(fault_of(without("iat"), wanted), ClaimFault::missing);
}

TEST(JwtClaims, HintsMayBeExpiredButMustSayWhen) {
  auto wanted = policy();
  wanted.expiry = ExpiryRule::ignored;
  EXPECT_EQ(fault_of(with("exp", 1), wanted), std::nullopt);
  EXPECT_EQ(fault_of(without("exp"), wanted), ClaimFault::missing);
}

TEST(JwtType, IsComparedWithoutCaseAndPrefix) {
  const auto verdict = [](const Json& header, std::vector<std::string> types) {
    return check_type(Message(header), {.types = std::move(types)}).has_value();
  };
  EXPECT_TRUE(verdict({{"typ", "at+jwt"}}, {"at+jwt"}));
  EXPECT_TRUE(verdict({{"typ", "application/AT+JWT"}}, {"at+jwt"}));
  EXPECT_FALSE(verdict({{"typ", "JWT"}}, {"at+jwt"}));
  EXPECT_FALSE(verdict(Json::object(), {"at+jwt"}));
  EXPECT_TRUE(verdict(Json::object(), {"", "jwt"}));
  EXPECT_TRUE(verdict({{"typ", "JWT"}}, {"", "jwt"}));
  EXPECT_FALSE(verdict({{"typ", ""}}, {"", "jwt"}));
  EXPECT_FALSE(verdict({{"typ", "application/"}}, {"", "jwt"})) << "that names no type, and is not absent";
  EXPECT_FALSE(verdict({{"typ", "logout+jwt"}}, {"", "jwt"}));
  EXPECT_TRUE(verdict({{"typ", "anything"}}, {}));
}

TEST(Jwt, SignsAndVerifiesInOneCall) {
  const auto key = p256_key({.kid = "k"});
  const JwkSet keys({key});
  const JwsPolicy signature{.algorithms = {Algorithm::es256}};
  auto wanted = policy();
  wanted.types = {"jwt"};
  const auto compact = sign_jwt(Message(good_claims()), key, Algorithm::es256, {.typ = "JWT"});
  ASSERT_TRUE(compact);
  const auto jwt = verify_jwt(*compact, keys, signature, wanted, kTime);
  ASSERT_TRUE(jwt) << jwt.error().detail;
  EXPECT_EQ(jwt->claims.text("sub"), "diana");
  EXPECT_EQ(jwt->kid, "k");
  EXPECT_EQ(verify_jwt(*compact, keys, signature, wanted, kTime + Seconds(100)).error().code, Errc::expired);
  wanted.types = {"at+jwt"};
  const auto confused = verify_jwt(*compact, keys, signature, wanted, kTime);
  EXPECT_EQ(confused.error().code, Errc::refused);
  EXPECT_EQ(confused.error().detail, "typ: wrong type");
}

TEST(Jwt, ThePayloadMustBeAJsonObjectWithoutDuplicates) {
  const auto key = octets_key();
  const JwkSet keys({key});
  const JwsPolicy signature{.algorithms = {Algorithm::hs256}};
  for (const auto* payload : {"[]", "7", "", "x", R"({"sub":"a","sub":"b"})"}) {
    const auto compact = *sign_compact(payload, key, Algorithm::hs256);
    EXPECT_EQ(verify_jwt_signature(compact, keys, signature).error().code, Errc::malformed) << payload;
  }
}

}  // namespace
}  // namespace oidcop::jose
