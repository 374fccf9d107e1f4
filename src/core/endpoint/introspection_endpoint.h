#pragma once

#include "claims/release.h"
#include "endpoint/client_gate.h"
#include "endpoint/endpoint.h"
#include "jose/signing_keys.h"
#include "model/presented_token.h"
#include "store/client_store.h"
#include "store/client_token_store.h"
#include "store/token_store.h"
#include "token/access_token.h"
#include "token/client_jwt.h"

#include <oidcop/protocol_error.h>

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace oidcop::endpoint {

/// What a resource server may learn about; nothing when that is no more than that the token is not active.
struct IntrospectionRequest {
  model::SharedClient issued_to;  ///< null: not active
};

/// Token introspection (RFC 7662), answered in JSON or, where the request accepts
/// `application/token-introspection+jwt`, in a JWT (RFC 9701).
///
/// A token is described only to whom it concerns: the client that it was issued to, a resource server that is
/// its audience, and resource servers that the configuration names. To all others, and for every token that
/// is unknown, over, revoked, used up, or whose user, client or session is no more, the answer is the same
/// `{"active": false}` (2.2). Never writes.
class IntrospectionEndpoint final : public TypedEndpoint<IntrospectionRequest> {
 public:
  struct Parts {
    store::TokenStore& tokens;
    store::ClientTokenStore& client_tokens;
    store::ClientStore& clients;
    const claims::ClaimRelease& release;
    const jose::SigningKeys& keys;
    const token::AccessTokens& access_tokens;
    const token::ClientJwts& jwts;
    jose::Algorithm default_algorithm = jose::Algorithm::rs256;  ///< of JWTs for clients that registered none
    std::vector<std::string> resource_servers;  ///< clients that may look into every access token
  };
  IntrospectionEndpoint(EndpointSettings settings, const Hooks& hooks, Log& log, const ClientGate& gate,
                        Parts parts);

 protected:
  Verdict look_up(const Message& request, RequestScope& scope) const override;
  std::span<const std::string_view> frozen_members() const override;
  std::span<const std::string_view> frozen_answer() const override;
  Result<IntrospectionRequest, ProtocolError> check_request(const Message& request,
                                                            RequestScope& scope) const override;
  Result<ResponseArgs, ProtocolError> process_request(const IntrospectionRequest& request,
                                                      RequestScope& scope) const override;
  Verdict package(EndpointResponse& response, const RequestScope& scope) const override;

 private:
  bool concerns(const model::PresentedToken& presented, const model::Client& asking) const;
  bool may_be_presented_to(const model::Client& asking, const std::vector<std::string>& resources) const;
  Verdict look_up_client_token(const std::string& value, RequestScope& scope) const;
  void tell_token(Message& answer, const std::vector<std::string>& resources,
                  const RequestScope& scope) const;
  bool serves(const std::string& client, const std::string& resource) const;

  Parts parts_;
};

/// Form posts only (2.1).
EndpointSettings introspection_settings(std::string issuer);

}  // namespace oidcop::endpoint
