#include "token/hint.h"

#include "base/system_clock.h"
#include "jose/jwt.h"
#include "token/id_token.h"

#include <array>

namespace oidcop::token {
namespace {

/// Members that no ID Token of ours has, but other tokens that are signed with the same keys do: logout
/// tokens and security events (RFC 8417), access tokens (RFC 9068), authorization responses (JARM), proofs
/// (RFC 9449), and request objects.
constexpr std::array<std::string_view, 11> kForeignMembers{
    "events", "client_id", "scope", "token_type",    "token_class", "cnf",
    "code",   "htm",       "jti",   "response_type", "toe",
};

constexpr Seconds kClockLeeway{60};  // between responders of one provider

/// Which keys to ask. Only a client whose ID Tokens are signed with its secret is asked for it, and then with
/// that one algorithm; what we signed with our own keys before it changed its registration stays good.
Result<jose::VerifiedJwt> verify_signature(std::string_view hint, const model::Client& client,
                                           const jose::SigningKeys& keys, const HintPolicy& policy) {
  auto header = jose::peek_unverified_header(hint);
  if (!header) return fail(std::move(header).error());
  const auto registered = client.id_token_signed_response_alg;
  const bool by_secret = registered && jose::is_symmetric(*registered) &&
                         header->text("alg") == std::string(jose::algorithm_name(*registered));
  jose::JwsPolicy signature;
  if (!by_secret) {
    signature.algorithms = jose::AlgorithmSet::asymmetric();
    return jose::verify_jwt_signature(hint, keys.verification(), signature);
  }
  if (policy.client_secret == nullptr) return fail(Errc::internal, "an HS* hint needs the client's secret");
  auto key = jose::Jwk::from_octets(*policy.client_secret);
  if (!key) return fail(std::move(key).error());
  signature.algorithms = {*registered};
  return jose::verify_jwt_signature(hint, jose::JwkSet({*std::move(key)}), signature);
}

jose::JwtPolicy claims_policy(const model::Client& client, const HintPolicy& policy) {
  jose::JwtPolicy claims;
  claims.issuer = policy.issuer;
  claims.audiences = {client.id.text()};
  claims.types = {"", "JWT"};
  claims.required = {"iss", "sub", "aud", "exp", "iat"};
  claims.expiry = jose::ExpiryRule::ignored;
  claims.leeway = kClockLeeway;
  return claims;
}

}  // namespace

Result<IdTokenHint> verify_id_token_hint(std::string_view hint, const model::Client& client,
                                         const jose::SigningKeys& keys, const HintPolicy& policy,
                                         TimePoint now) {
  auto jwt = verify_signature(hint, client, keys, policy);
  if (!jwt) return fail(std::move(jwt).error());

  const auto wanted = claims_policy(client, policy);
  auto fits = jose::check_type(jwt->header, wanted);
  if (fits) fits = jose::validate_claims(jwt->claims, wanted, now);
  if (!fits) {
    return fail(Errc::refused, "id_token_hint: " + fits.error().claim + ": " +
                                   std::string(claim_fault_name(fits.error().fault)));
  }
  for (auto name : kForeignMembers)
    if (jwt->claims.has(name)) return fail(Errc::refused, "id_token_hint: has a member that no ID Token has");
  if (auto azp = jwt->claims.text("azp"); azp && *azp != client.id.text())
    return fail(Errc::refused, "id_token_hint: azp: another client's");

  IdTokenHint result;
  result.subject = jwt->claims.text("sub").value_or("");
  if (result.subject.empty()) return fail(Errc::refused, "id_token_hint: sub: empty");
  result.sid = jwt->claims.text("sid").value_or("");
  result.expired = from_unix(jwt->claims.number("exp").value_or(0)) <= now;
  result.claims = std::move(jwt->claims);
  return result;
}

}  // namespace oidcop::token
