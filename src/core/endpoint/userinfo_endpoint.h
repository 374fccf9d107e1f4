#pragma once

#include "claims/release.h"
#include "endpoint/bearer.h"
#include "endpoint/endpoint.h"
#include "jose/signing_keys.h"
#include "model/presented_token.h"
#include "store/client_store.h"
#include "store/token_store.h"
#include "token/client_jwt.h"

namespace oidcop::endpoint {

/// A userinfo request whose access token was found good.
struct UserinfoRequest {
  model::ScopeSet scope;
  claims::ClaimsRequest claims;
};

/// The userinfo endpoint (OpenID Connect Core 1.0, 5.3). The access token comes in the Authorization header,
/// or in the form body of a POST (RFC 6750, 2.1 and 2.2), never in the URL. Never writes.
class UserinfoEndpoint final : public TypedEndpoint<UserinfoRequest> {
 public:
  struct Parts {
    store::TokenStore& tokens;
    store::ClientStore& clients;
    const claims::ClaimRelease& release;
    BearerWays ways;
    const jose::SigningKeys& keys;
    const token::ClientJwts& jwts;
  };
  UserinfoEndpoint(EndpointSettings settings, const Hooks& hooks, Log& log, const Parts& parts);

 protected:
  Verdict look_up(const Message& request, RequestScope& scope) const override;
  Result<UserinfoRequest, ProtocolError> check_request(const Message& request,
                                                       RequestScope& scope) const override;
  Result<ResponseArgs, ProtocolError> process_request(const UserinfoRequest& request,
                                                      RequestScope& scope) const override;
  Verdict package(EndpointResponse& response, const RequestScope& scope) const override;
  ResponseArgs error_args(const ProtocolError& error, const RequestScope& scope) const override;

 private:
  Parts parts_;
};

EndpointSettings userinfo_settings(std::string issuer);

}  // namespace oidcop::endpoint
