#include "client/authentication/client_assertion.h"

#include "base/digest.h"
#include "base/json.h"
#include "jose/jwt.h"

#include <algorithm>

namespace oidcop::client {
namespace {

constexpr std::size_t kLongestAssertion = 16U << 10U;
constexpr Seconds kLeeway{10};  // for a client's clock that is ahead or behind

jose::JwtPolicy claims_policy(const model::ClientId& client, const ClientAuthenticationPolicy& policy,
                              std::string_view endpoint_url) {
  jose::JwtPolicy claims;
  claims.issuer = client.text();
  claims.subject = client.text();
  claims.audiences = {policy.issuer};
  claims.audience_rule = jose::AudienceRule::single_string;
  if (policy.audience == AssertionAudience::any_of_ours) {
    if (!policy.token_endpoint.empty()) claims.audiences.push_back(policy.token_endpoint);
    claims.audiences.emplace_back(endpoint_url);
    claims.audience_rule = jose::AudienceRule::every_member;
  }
  claims.types = {"", "JWT", "client-authentication+jwt"};
  claims.required = {"iss", "sub", "aud", "exp", "jti"};
  claims.leeway = kLeeway;
  claims.max_ahead =
      policy.assertion_lifetime - kLeeway;  // with the leeway: as far ahead as allowed, no more
  return claims;
}

}  // namespace

Result<AssertionClaim> peek_assertion(const AssertionCredential& credential) {
  if (credential.type != kJwtBearerAssertion) {
    return fail(Errc::refused, "client_assertion_type is missing or not jwt-bearer");
  }
  const auto header = jose::peek_unverified_header(credential.assertion, kLongestAssertion);
  if (!header) return fail(header.error());
  const auto algorithm = jose::parse_algorithm(header->text("alg").value_or(""));
  if (!algorithm) return fail(algorithm.error());
  const auto claims = jose::peek_unverified_claims(credential.assertion, kLongestAssertion);
  if (!claims) return fail(claims.error());
  const auto subject = claims->text("sub");
  if (!subject || subject->empty() || claims->text("iss") != subject) {
    return fail(Errc::refused, "iss and sub of the assertion are not one client_id");
  }
  if (!credential.client_id_parameter.empty() && credential.client_id_parameter != *subject) {
    return fail(Errc::refused, "client_id and the assertion name two clients");
  }
  const auto method = jose::is_symmetric(*algorithm) ? model::ClientAuthMethod::client_secret_jwt
                                                     : model::ClientAuthMethod::private_key_jwt;
  return AssertionClaim{model::ClientId(*subject), method, *algorithm};
}

Result<store::UsedJti> verify_assertion(const AssertionCredential& credential, const AssertionClaim& claim,
                                        const jose::JwkSet& keys, jose::AlgorithmSet algorithms,
                                        const ClientAuthenticationPolicy& policy,
                                        std::string_view endpoint_url, TimePoint now) {
  jose::JwsPolicy signature;
  signature.algorithms = algorithms;
  signature.max_octets = kLongestAssertion;
  const auto verified = jose::verify_jwt(credential.assertion, keys, signature,
                                         claims_policy(claim.client, policy, endpoint_url), now);
  if (!verified) return fail(verified.error());
  const auto jti = verified->claims.text("jti");
  const auto* expiry = verified->claims.find("exp");
  if (!jti || jti->empty() || expiry == nullptr) return fail(Errc::refused, "jti: empty");
  const auto expires_at = json_as_integer(*expiry);
  if (!expires_at) return fail(expires_at.error());
  // Kept one second longer than the assertion is accepted: fractions of "exp" were cut off.
  return store::UsedJti{sha256(join_unambiguously({"client_assertion", claim.client.text(), *jti})),
                        TimePoint(Seconds(*expires_at)) + kLeeway + Seconds(1)};
}

}  // namespace oidcop::client
