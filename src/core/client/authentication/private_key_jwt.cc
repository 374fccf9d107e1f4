#include "client/authentication/private_key_jwt.h"

namespace oidcop::client {

Result<jose::JwkSet> private_key_jwt_keys(const model::Client& client) {
  if (client.jwks.empty()) return fail(Errc::not_found, "the client has no registered keys");
  return jose::JwkSet::parse_text(client.jwks);
}

}  // namespace oidcop::client
