// JWT, also nested: only what was signed verifies, and only with claims that are in order.

#include "jose/jwt.h"

#include "base/form.h"
#include "base/system_random.h"
#include "fuzz/input.h"
#include "fuzz/jose_data.h"
#include "fuzz/property.h"
#include "jose/nested_jwt.h"

#include <openssl/err.h>

#include <algorithm>
#include <cmath>

namespace oidcop::fuzz {
namespace {

using jose::Algorithm;

constexpr std::int64_t kNow = 1'800'000'100;
constexpr std::int64_t kLeeway = 10;
constexpr std::int64_t kLongest = 600;   ///< from "iat" to "exp"
constexpr std::int64_t kOldest = 200;    ///< from "iat" to now
constexpr std::int64_t kFarthest = 550;  ///< from now to "exp"
constexpr auto kMostExact = std::int64_t{1} << 53U;

SystemRandom system_random;

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

enum class Lifetime : std::uint8_t { free, bounded };

jose::JwsPolicy signature_policy() {
  return {.algorithms = {Algorithm::es256, Algorithm::rs256, Algorithm::hs256, Algorithm::eddsa}};
}

jose::JwtPolicy claims_policy(Lifetime lifetime) {
  jose::JwtPolicy policy{.issuer = "https://op.example", .audiences = {"client"}, .leeway = Seconds(kLeeway)};
  if (lifetime == Lifetime::free) return policy;
  policy.max_lifetime = Seconds(kLongest);
  policy.max_age = Seconds(kOldest);
  policy.max_ahead = Seconds(kFarthest);
  return policy;
}

jose::JwePolicy encryption_policy() {
  return {.algorithms = {jose::KeyManagement::ecdh_es, jose::KeyManagement::dir,
                         jose::KeyManagement::rsa_oaep_256},
          .encryptions = jose::ContentEncryptionSet::all()};
}

/// The whole seconds that a time lies between: fractions count towards refusal.
struct Instant {
  std::int64_t earliest, latest;
};

/// Absent: `otherwise`; nothing when it is no time.
std::optional<Instant> time_of(const Json& claims, const char* name, std::int64_t otherwise) {
  if (!claims.contains(name)) return Instant{otherwise, otherwise};
  const auto& claim = claims[name];
  if (!claim.is_number()) return std::nullopt;
  const auto seconds = claim.get<double>();
  const auto whole = std::trunc(seconds);
  const auto most = static_cast<double>(kMostExact);
  // Compared as they are, integers beyond the signed ones would count as negative.
  const bool fits = claim.is_number_unsigned() ? claim.get<std::uint64_t>() <= std::uint64_t{kMostExact}
                                               : claim.is_number_integer() || whole < most;
  if (!(whole >= 0 && fits)) return std::nullopt;
  const auto earliest = static_cast<std::int64_t>(whole);
  return Instant{earliest, earliest + (seconds == whole ? 0 : 1)};
}

bool is_bounded(const Json& claims, Instant issued, Instant expires) {
  return claims.contains("iat") && expires.latest <= issued.earliest + kLongest &&
         kNow <= issued.earliest + kOldest + kLeeway && expires.latest <= kNow + kFarthest + kLeeway;
}

/// RFC 7519, 4.1, once more.
bool are_in_order(const Json& claims, Lifetime lifetime) {
  for (const auto* name : {"iss", "sub", "jti"}) {
    if (claims.contains(name) && (!claims[name].is_string() || claims[name] == "")) return false;
  }
  if (!claims.contains("iss") || claims["iss"] != "https://op.example") return false;
  if (!claims.contains("aud") || !claims.contains("exp")) return false;
  const auto& audience = claims["aud"];
  if (audience.is_array()) {
    const auto is_text = [](const Json& item) { return item.is_string(); };
    if (!std::all_of(audience.begin(), audience.end(), is_text)) return false;
    if (std::find(audience.begin(), audience.end(), "client") == audience.end()) return false;
  } else if (audience != "client") {
    return false;
  }
  const auto expires = time_of(claims, "exp", 0);
  const auto not_before = time_of(claims, "nbf", 0);
  const auto issued = time_of(claims, "iat", 0);
  if (!expires || !not_before || !issued) return false;
  if (lifetime == Lifetime::bounded && !is_bounded(claims, *issued, *expires)) return false;
  return kNow < expires->earliest + kLeeway && not_before->latest <= kNow + kLeeway &&
         issued->latest <= kNow + kLeeway;
}

Result<jose::VerifiedJwt> verify(std::string_view text, Lifetime lifetime) {
  return jose::verify_jwt(text, own_keys(), signature_policy(), claims_policy(lifetime),
                          TimePoint(Seconds(kNow)));
}

Result<jose::VerifiedNestedJwt> verify_nested(std::string_view text) {
  return jose::verify_nested_jwt(text, {own_keys(), own_keys()},
                                 {encryption_policy(), signature_policy(), claims_policy(Lifetime::free)},
                                 TimePoint(Seconds(kNow)), system_random);
}

std::string without_signature(std::string_view text) {
  return std::string(text.substr(0, text.rfind('.')));
}

bool is_genuine(std::string_view text) {
  static const std::set<std::string> tokens = [] {
    std::set<std::string> known;
    for (const auto& token : genuine_messages("jwt")) known.insert(without_signature(token));
    return known;
  }();
  return tokens.contains(without_signature(text));
}

void check_text(std::string_view text) {
  const auto verified = verify(text, Lifetime::free);
  const auto of_any_claims = jose::verify_jwt_signature(text, own_keys(), signature_policy());
  require(!of_any_claims || is_genuine(text), "a token whose signature verifies was signed");
  require(!verified || (of_any_claims && of_any_claims->claims == verified->claims),
          "claims are signed claims");
  require(!verified || are_in_order(verified->claims.json(), Lifetime::free), "claims are in order");
  require(!verified || jose::peek_unverified_claims(text) == verified->claims,
          "the claims are what was looked at before");
}

/// Any claims under a signature that is right.
void check_claims(Input input) {
  const auto lifetime = input.choice(2) == 0 ? Lifetime::free : Lifetime::bounded;
  const auto& text = input.rest();
  const auto token = jose::sign_compact(text, *own_keys().find("oct32"), Algorithm::hs256);
  require(token.has_value(), "any octets can be signed");
  const auto verified = verify(*token, lifetime);
  const auto claims = bare_object(text);
  const bool expected = claims && are_in_order(*claims, lifetime);
  require(verified.has_value() == expected, "a signed token verifies just when its claims are in order");
  require(!verified || verified->claims.json() == *claims, "the claims are those that were signed");
}

bool is_expected_type(std::string type) {
  std::transform(type.begin(), type.end(), type.begin(), lower);
  return type.empty() || type == "at+jwt" || type == "application/at+jwt";
}

bool is_meant(const Json& audience, jose::AudienceRule rule) {
  const auto is_client = [](const Json& item) { return item == "client"; };
  if (audience.is_string() || rule == jose::AudienceRule::any_member) return true;  // are_in_order saw to it
  return rule == jose::AudienceRule::every_member && std::all_of(audience.begin(), audience.end(), is_client);
}

/// As what a token is meant, and for whom: "typ", "sub" and the stricter rules for "aud".
void check_audience(Input input) {
  auto policy = claims_policy(Lifetime::free);
  policy.audience_rule = static_cast<jose::AudienceRule>(input.choice(3));
  policy.types = {"at+jwt", ""};
  policy.subject = "diana";
  jose::JwsHeader header;
  header.typ = input.line();
  const auto claims = parse_json(input.rest());
  if (!claims || !claims->is_object() || !is_valid_utf8(header.typ)) return;
  const auto token = jose::sign_jwt(Message(*claims), *own_keys().find("oct32"), Algorithm::hs256, header);
  require(token.has_value(), "any claims can be signed");
  const auto verified =
      jose::verify_jwt(*token, own_keys(), signature_policy(), policy, TimePoint(Seconds(kNow)));
  const bool expected = are_in_order(*claims, Lifetime::free) && is_expected_type(header.typ) &&
                        is_meant((*claims)["aud"], policy.audience_rule) && claims->contains("sub") &&
                        (*claims)["sub"] == "diana";
  require(verified.has_value() == expected, "a token is accepted as what it is, by whom it is meant for");
}

void check_nested_text(std::string_view text) {
  static const auto genuine = genuine_messages("nested");
  if (!verify_nested(text)) return;
  const auto same_seal = [&](const std::string& message) {
    return message.substr(message.find('.', message.find('.') + 1)) ==
           text.substr(text.find('.', text.find('.') + 1));
  };
  require(std::any_of(genuine.begin(), genuine.end(), same_seal), "a nested token that verifies was made");
}

/// Any content and content type, encrypted for us by anybody.
void check_nested_content(Input input) {
  jose::JweHeader header;
  header.cty = input.line();
  const auto content = input.rest();
  const auto text = jose::encrypt_compact(content, *own_keys().find("p256"),
                                          {jose::KeyManagement::ecdh_es, jose::ContentEncryption::a128gcm},
                                          system_random, header);
  require(text.has_value(), "any octets can be encrypted");
  auto type = header.cty;
  std::transform(type.begin(), type.end(), type.begin(), lower);
  const bool is_jwt = type == "jwt" || type == "application/jwt";
  const auto nested = verify_nested(*text);
  const auto inner = verify(content, Lifetime::free);
  require(nested.has_value() == (is_jwt && inner.has_value()), "encryption stands for no signature");
  require(!nested || nested->jwt.claims == inner->claims, "the claims are those of the token within");
}

}  // namespace
}  // namespace oidcop::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace oidcop::fuzz;  // NOLINT: a function without a namespace of its own
  Input input(data, size);
  const auto mode = input.choice(5);
  if (mode == 0) check_text(input.rest());
  if (mode == 1) check_claims(input);
  if (mode == 2) check_nested_text(input.rest());
  if (mode == 3) check_nested_content(input);
  if (mode == 4) check_audience(input);
  require(ERR_peek_error() == 0, "no error of OpenSSL is left behind for the next caller");
  return 0;
}
