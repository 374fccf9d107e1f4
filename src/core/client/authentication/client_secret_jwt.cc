#include "client/authentication/client_secret_jwt.h"

namespace oidcop::client {

Result<jose::JwkSet> client_secret_jwt_keys(const model::Client& client, const ClientSecrets& secrets,
                                            TimePoint now) {
  auto plain = secrets.plain_secrets(client, now);
  if (!plain) return fail(plain.error());
  jose::JwkSet keys;
  for (auto& secret : *plain) {
    auto key = jose::Jwk::from_octets(std::move(secret));
    if (!key) return fail(key.error());
    keys.add(*std::move(key));
  }
  return keys;
}

}  // namespace oidcop::client
