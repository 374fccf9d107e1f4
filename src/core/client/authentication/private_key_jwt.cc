#include "client/authentication/private_key_jwt.h"

namespace oidcop::client {

Result<jose::JwkSet> private_key_jwt_keys(const model::Client& client) {
  if (client.jwks.empty()) return jose::JwkSet();
  return jose::JwkSet::parse_text(client.jwks);
}

}  // namespace oidcop::client
