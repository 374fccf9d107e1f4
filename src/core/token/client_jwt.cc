#include "token/client_jwt.h"

#include "base/json.h"
#include "jose/jwt.h"

namespace oidcop::token {

Result<std::string> id_token_for(std::string id_token, const model::Client& client, const ClientJwts& jwts,
                                 TimePoint now) {
  auto protection = client::response_protection(client, "id_token");
  if (!protection.encryption) return id_token;
  return jwts.encrypt(id_token, {client, protection, "JWT", now});
}

Result<std::string> ClientJwts::make(const Message& claims, const ClientJwtOrder& order) const {
  const auto& protection = order.protection;
  if (protection.signing) {
    auto jwt = sign(claims, order);
    if (!jwt || !protection.encryption) return jwt;
    return encrypt(*jwt, order);
  }
  if (!protection.encryption) return fail(Errc::refused, "a JWT that is neither signed nor encrypted");
  jose::JweHeader header;
  header.typ = order.typ;
  return seal(dump_json(claims.json()), order, header);
}

Result<std::string> ClientJwts::encrypt(std::string_view jwt, const ClientJwtOrder& order) const {
  if (!order.protection.encryption) return fail(Errc::internal, "no encryption was asked for");
  jose::JweHeader header;
  header.typ = order.typ;
  header.cty = "JWT";  // RFC 7519, 5.2
  return seal(jwt, order, header);
}

Result<std::string> ClientJwts::sign(const Message& claims, const ClientJwtOrder& order) const {
  const auto algorithm = *order.protection.signing;
  jose::JwsHeader header;
  header.typ = order.typ;
  if (jose::is_symmetric(algorithm)) {
    auto secret = secret_of(order.client, order.now);
    if (!secret) return fail(std::move(secret).error());
    auto key = jose::Jwk::from_octets(*std::move(secret));
    if (!key) return fail(std::move(key).error());
    return jose::sign_jwt(claims, *key, algorithm, header);
  }
  const auto* key = keys_.signing_key(algorithm);
  if (key == nullptr) return fail(Errc::unavailable, "no key to sign what this client is told with");
  return jose::sign_jwt(claims, *key, algorithm, header);
}

Result<std::string> ClientJwts::seal(std::string_view content, const ClientJwtOrder& order,
                                     const jose::JweHeader& header) const {
  auto keys = published_.keys(order.client, order.now);
  if (!keys) return fail(std::move(keys).error());
  Secret secret;
  const bool has_secret = client::needs_plain_secret(order.client);
  if (has_secret) {
    auto plain = secret_of(order.client, order.now);
    if (!plain) return fail(std::move(plain).error());
    secret = *std::move(plain);
  }
  const auto encrypted_for = [&](const jose::JwkSet& recipients) {
    return client::encrypt_for({recipients, has_secret ? &secret : nullptr}, *order.protection.encryption,
                               content, header, random_);
  };
  auto jwe = encrypted_for(*keys);
  if (jwe || jwe.error().code != Errc::not_found) return jwe;
  auto newer = published_.newer_keys(order.client, order.now);  // it may have rotated its keys
  if (!newer) return fail(std::move(newer).error());
  return *newer ? encrypted_for(**newer) : std::move(jwe);
}

Result<Secret> ClientJwts::secret_of(const model::Client& client, TimePoint now) const {
  auto plain = secrets_.plain_secrets(client, now);
  if (!plain) return fail(std::move(plain).error());
  if (plain->empty()) return fail(Errc::unavailable, "the client has no secret that can be read back");
  return std::move(plain->front());
}

}  // namespace oidcop::token
