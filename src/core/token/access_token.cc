#include "token/access_token.h"

#include "base/json.h"
#include "base/system_clock.h"
#include "base/system_random.h"
#include "claims/user_claim.h"
#include "jose/jws.h"
#include "jose/jwt.h"

#include <nlohmann/json.hpp>

namespace oidcop::token {
namespace {

void set_audience(Message& claims, const std::vector<std::string>& audiences) {
  if (audiences.size() == 1) {
    claims.set("aud", audiences.front());
  } else {
    claims.set("aud", Json(audiences));
  }
}

/// What the protocol says of the token (RFC 9068, 2.2), written over whatever was there.
Message claims_of(const AccessTokenOrder& order, const model::TokenRecord& record,
                  const std::string& issuer) {
  auto claims = claims::without_protocol_members(order.claims);
  claims.set("iss", issuer);
  claims.set("sub", order.subject);
  claims.set_number("exp", to_unix(record.expires_at));
  claims.set_number("iat", to_unix(record.issued_at));
  claims.set("client_id", order.client.id.text());
  if (!record.scope.empty()) claims.set("scope", record.scope.text());
  const auto& event = order.grant.authentication;
  claims.set_number("auth_time", to_unix(event.time));
  if (!event.acr.empty()) claims.set("acr", event.acr);
  if (!event.amr.empty()) claims.set("amr", Json(event.amr));
  return claims;
}

Message claims_of(const model::ClientToken& record, const std::string& issuer) {
  Message claims;
  claims.set("iss", issuer);
  claims.set("sub", record.client.text());
  claims.set_number("exp", to_unix(record.expires_at));
  claims.set_number("iat", to_unix(record.issued_at));
  claims.set("client_id", record.client.text());
  if (!record.scope.empty()) claims.set("scope", record.scope.text());
  return claims;
}

}  // namespace

AccessTokens::AccessTokens(AccessTokenPolicy policy, UsagePolicy usage)
    : policy_(std::move(policy)), usage_(std::move(usage)) {}

Result<MintedToken> AccessTokens::mint(const AccessTokenOrder& order, const jose::SigningKeys& keys,
                                       Random& random) const {
  if (order.based_on) {
    auto allowed = check_minting(order.parent_class, model::TokenClass::access_token, usage_, order.client);
    if (!allowed) return fail(std::move(allowed).error());
  }
  const auto rule = resolve_rule(model::TokenClass::access_token, usage_, order.client);
  auto record = new_record(model::TokenClass::access_token, rule, order.grant, order.now);
  record.based_on = order.based_on;
  record.scope = order.scope.intersection(order.grant.scope);
  record.audience = order.audience;

  const auto format = format_of(order.audience, order.client);
  if (!format) return fail(format.error());
  auto value = *format == AccessTokenFormat::jwt
                   ? sign(claims_of(order, record, policy_.issuer), record.audience, keys, random)
                   : random_handle(random);
  if (!value) return fail(std::move(value).error());
  record.digest = sha256(*value);
  return MintedToken{Secret(*std::move(value)), std::move(record)};
}

Result<std::string> AccessTokens::sign(Message claims, const std::vector<std::string>& audience,
                                       const jose::SigningKeys& keys, Random& random) const {
  const auto* key = keys.signing_key(policy_.algorithm);
  if (key == nullptr) return fail(Errc::unavailable, "no key to sign access tokens with");
  // 256 bits: the digest of the whole token has to be of an unguessable value even where the rest is known.
  auto jti = random_handle(random);
  if (!jti) return fail(std::move(jti).error());
  set_audience(claims, audience_of(audience));
  claims.set("jti", *jti);
  jose::JwsHeader header;
  header.typ = kAccessTokenType;
  return jose::sign_jwt(claims, *key, policy_.algorithm, header);
}

Result<MintedClientToken> AccessTokens::mint_for_client(const ClientTokenOrder& order,
                                                        const jose::SigningKeys& keys, Random& random) const {
  model::ClientToken record;
  record.client = order.client.id;
  record.scope = order.scope;
  record.audience = order.audience;
  record.issued_at = order.now;
  record.expires_at =
      order.now + resolve_rule(model::TokenClass::access_token, usage_, order.client).expires_in;
  const auto format = format_of(order.audience, order.client);
  if (!format) return fail(format.error());
  auto value = *format == AccessTokenFormat::jwt
                   ? sign(claims_of(record, policy_.issuer), record.audience, keys, random)
                   : random_handle(random);
  if (!value) return fail(std::move(value).error());
  record.digest = sha256(*value);
  return MintedClientToken{Secret(*std::move(value)), std::move(record)};
}

std::vector<std::string> AccessTokens::audience_of(const std::vector<std::string>& resources) const {
  if (!resources.empty()) return resources;
  return policy_.audiences.empty() ? std::vector<std::string>{policy_.issuer} : policy_.audiences;
}

Result<AccessTokenFormat> AccessTokens::format_of(const std::vector<std::string>& resources,
                                                  const model::Client& client) const {
  const auto otherwise = client.access_token_format.value_or(policy_.format);
  std::optional<AccessTokenFormat> format;
  for (const auto& resource : resources) {
    const auto known = policy_.resources.find(resource);
    const auto own = known == policy_.resources.end() ? std::nullopt : known->second.access_token_format;
    const auto wanted = own.value_or(otherwise);
    if (format && *format != wanted)
      return fail(Errc::conflict, "the resources take access tokens of different formats");
    format = wanted;
  }
  return format.value_or(otherwise);
}

Result<void> check_still_signed(std::string_view access_token, const jose::SigningKeys& keys) {
  if (access_token.find('.') == std::string_view::npos) return {};  // a handle is base64url
  auto verified = jose::verify_compact(access_token, keys.verification(),
                                       {.algorithms = jose::AlgorithmSet::asymmetric()});
  if (!verified) return fail(std::move(verified).error());
  return {};
}

}  // namespace oidcop::token
