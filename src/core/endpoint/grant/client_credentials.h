#pragma once

#include "endpoint/grant/grant_services.h"
#include "endpoint/grant/grant_type.h"
#include "store/client_token_store.h"

namespace oidcop::endpoint {

/// Stores and tells an access token that a client gets for itself. Of `scope` it gets what it may have,
/// without `openid` and `offline_access`, which are about people. Errors: invalid_scope when nothing is left
/// of a scope that was asked for; invalid_target; invalid_client for a client that was removed meanwhile, or
/// an assertion that was used before.
Result<ResponseArgs, ProtocolError> issue_to_client(const GrantServices& services,
                                                    store::ClientTokenStore& store,
                                                    const model::ScopeSet& requested,
                                                    const std::string& grant_type, RequestScope& scope);

/// The client credentials grant (RFC 6749, 4.4): confidential clients that are registered for it get an
/// access token for themselves, and neither refresh nor ID Token.
class ClientCredentialsGrant final : public GrantType {
 public:
  ClientCredentialsGrant(GrantServices services, store::ClientTokenStore& store)
      : services_(services), store_(store) {}
  std::string_view name() const override { return "client_credentials"; }
  Verdict look_up(const Message& request, RequestScope& scope) const override;
  Result<std::unique_ptr<const GrantRequest>, ProtocolError> check(const Message& request,
                                                                   RequestScope& scope) const override;

 private:
  GrantServices services_;
  store::ClientTokenStore& store_;
};

}  // namespace oidcop::endpoint
