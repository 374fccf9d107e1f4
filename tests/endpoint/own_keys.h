#pragma once

#include "endpoint/scene.h"
#include "jose/jwk.h"
#include "jose/jwk_set.h"
#include "jose/jwt.h"

#include <nlohmann/json.hpp>
#include <string>

namespace oidcop::testing {

/// A client's own key pairs: one that signs, one that others encrypt for.
struct OwnKeys {
  jose::Jwk signing =
      jose::generate_ec(jose::Curve::p256, {.kid = "c-sig", .alg = "ES256", .use = "sig"}).value();
  jose::Jwk encryption =
      jose::generate_ec(jose::Curve::p256, {.kid = "c-enc", .alg = {}, .use = "enc"}).value();

  std::string public_set() const {
    return jose::JwkSet({signing.public_key().value(), encryption.public_key().value()}).dump_public_text();
  }
  /// Registers the public halves.
  void give_to(model::Client& client) const { client.jwks = public_set(); }
};

/// The claims of a request object of wiki: its usual request.
inline Message request_claims(const Fields& changes = {}) {
  Message claims;
  for (const auto& [name, value] : with(wiki_request(), changes)) claims.set(name, value);
  claims.set("iss", "wiki");
  claims.set("aud", "https://op.example.org");
  return claims;
}

inline std::string request_object(const OwnKeys& keys, const Message& claims,
                                  const std::string& typ = "oauth-authz-req+jwt") {
  jose::JwsHeader header;
  header.typ = typ;
  return jose::sign_jwt(claims, keys.signing, jose::Algorithm::es256, header).value();
}

}  // namespace oidcop::testing
