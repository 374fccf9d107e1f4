#include "token/id_token.h"

#include "base/base64url.h"
#include "base/digest.h"
#include "base/json.h"
#include "base/system_clock.h"
#include "claims/user_claim.h"
#include "jose/jwt.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace oidcop::token {
namespace {

using jose::Algorithm;

constexpr std::string_view kIdTokenType = "JWT";

std::string left_half(std::string_view hash) {
  return base64url_encode(hash.substr(0, hash.size() / 2));
}

/// `azp` is for the case that the audience alone does not say who asked (OpenID Connect Core 1.0, 2).
void set_audience(Message& claims, const IdTokenOrder& order) {
  const auto& client = order.client.id.text();
  std::vector<std::string> audiences{client};
  for (const auto& other : order.other_audiences)
    if (std::find(audiences.begin(), audiences.end(), other) == audiences.end()) audiences.push_back(other);
  if (audiences.size() == 1) return claims.set("aud", client);
  claims.set("aud", Json(audiences));
  claims.set("azp", client);
}

void set_authentication(Message& claims, const model::AuthenticationEvent& event) {
  claims.set_number("auth_time", to_unix(event.time));
  if (!event.acr.empty()) claims.set("acr", event.acr);
  if (!event.amr.empty()) claims.set("amr", Json(event.amr));
}

void set_hashes(Message& claims, const IdTokenOrder& order, Algorithm algorithm) {
  if (algorithm == Algorithm::none) return;
  if (!order.access_token.empty()) claims.set("at_hash", half_hash(algorithm, order.access_token));
  if (!order.code.empty()) claims.set("c_hash", half_hash(algorithm, order.code));
  if (!order.state.empty()) claims.set("s_hash", half_hash(algorithm, order.state));
}

/// OpenID Connect Core 1.0, 2: unsigned only when the client asked for it at registration, and never through
/// the browser.
Result<std::string> make_unsigned(const Message& claims, const IdTokenOrder& order) {
  const bool was_registered = order.client.id_token_signed_response_alg == Algorithm::none;
  const auto& types = order.client.response_types;
  const bool only_code =
      std::all_of(types.begin(), types.end(), [](const auto& type) { return type == "code"; });
  if (!was_registered || !only_code || order.channel != IdTokenChannel::token_endpoint)
    return fail(Errc::refused, "an unsigned ID Token is not allowed here");
  return jose::make_unsecured(dump_json(claims.json()));
}

Result<std::string> sign_with_secret(const Message& claims, const IdTokenOrder& order, Algorithm algorithm,
                                     const jose::JwsHeader& header) {
  if (order.client_secret == nullptr)
    return fail(Errc::internal, "an HS* ID Token needs the client's secret");
  auto key = jose::Jwk::from_octets(*order.client_secret);
  if (!key) return fail(std::move(key).error());
  return jose::sign_jwt(claims, *key, algorithm, header);
}

}  // namespace

std::string sid_told_to(const model::Client& client, const model::ClientSession& session) {
  const bool hears =
      client.metadata.has("backchannel_logout_uri") || client.metadata.has("frontchannel_logout_uri");
  return hears ? session.sid : std::string();
}

Algorithm id_token_algorithm(const IdTokenPolicy& policy, const model::Client& client) {
  return client.id_token_signed_response_alg.value_or(policy.default_algorithm);
}

std::string half_hash(Algorithm algorithm, std::string_view token) {
  switch (algorithm) {
    case Algorithm::none:
      return {};
    case Algorithm::hs256:
    case Algorithm::rs256:
    case Algorithm::ps256:
    case Algorithm::es256:
    case Algorithm::es256k:
      return left_half(sha256(token).octets());
    case Algorithm::hs384:
    case Algorithm::rs384:
    case Algorithm::ps384:
    case Algorithm::es384:
      return left_half(sha384(token));
    case Algorithm::hs512:
    case Algorithm::rs512:
    case Algorithm::ps512:
    case Algorithm::es512:
      return left_half(sha512(token));
    case Algorithm::eddsa:
    case Algorithm::ed25519:
      return left_half(sha512(token));  // Ed25519 signs over SHA-512
    case Algorithm::ed448:
      return left_half(shake256(token, 114));  // and Ed448 over 114 octets of SHAKE256 (RFC 8032, 5.2)
  }
  return {};
}

IdTokens::IdTokens(IdTokenPolicy policy, UsagePolicy usage)
    : policy_(std::move(policy)), usage_(std::move(usage)) {}

Result<std::string> IdTokens::mint(const IdTokenOrder& order, const jose::SigningKeys& keys) const {
  if (order.parent_class) {
    auto allowed = check_minting(*order.parent_class, model::TokenClass::id_token, usage_, order.client);
    if (!allowed) return fail(std::move(allowed).error());
  }
  const auto algorithm = id_token_algorithm(policy_, order.client);
  if (algorithm == Algorithm::none) return make_unsigned(claims_of(order, algorithm), order);
  jose::JwsHeader header;
  header.typ = kIdTokenType;
  if (jose::is_symmetric(algorithm)) {
    return sign_with_secret(claims_of(order, algorithm), order, algorithm, header);
  }
  const auto* key = keys.signing_key(algorithm);
  if (key == nullptr) return fail(Errc::unavailable, "no key to sign this client's ID Tokens with");
  const auto claims = claims_of(order, jose::on_curve(algorithm, key->curve()));
  return jose::sign_jwt(claims, *key, algorithm, header);
}

Message IdTokens::claims_of(const IdTokenOrder& order, Algorithm algorithm) const {
  const auto rule = resolve_rule(model::TokenClass::id_token, usage_, order.client);
  auto claims = claims::without_protocol_members(order.claims);
  claims.set("iss", policy_.issuer);
  claims.set("sub", order.subject);
  set_audience(claims, order);
  claims.set_number("iat", to_unix(order.now));
  claims.set_number("exp", to_unix(expiry_of(rule, order.grant, order.now)));
  set_authentication(claims, order.grant.authentication);
  if (!order.nonce.empty()) claims.set("nonce", order.nonce);
  if (!order.sid.empty()) claims.set("sid", order.sid);
  set_hashes(claims, order, algorithm);
  return claims;
}

}  // namespace oidcop::token
