#include "client/authentication/none.h"

namespace oidcop::client {

bool may_go_without_credential(const model::Client& client) {
  return client.token_endpoint_auth_method == model::ClientAuthMethod::none;
}

}  // namespace oidcop::client
