#pragma once

#include "endpoint/client_gate.h"
#include "endpoint/endpoint.h"
#include "model/presented_token.h"
#include "store/client_token_store.h"
#include "store/session_store.h"
#include "store/token_store.h"

#include <oidcop/protocol_error.h>

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace oidcop::endpoint {

/// What is to be revoked; nothing when the presented token is none that is known.
struct RevocationRequest {
  std::optional<model::TokenRecord> token;
  std::optional<Digest> client_token;  ///< one that the client has for itself
};

/// Token revocation (RFC 7009). A client gives up a token of its own: an access token with all that came of
/// it, a refresh token with its whole grant, that is, every other token of the same authorization (2.1). A
/// token that is unknown, or over already, is as good as revoked (2.2); another client's is refused, and
/// stays what it is.
class RevocationEndpoint final : public TypedEndpoint<RevocationRequest> {
 public:
  struct Parts {
    store::TokenStore& tokens;
    store::SessionStore& sessions;
    store::ClientTokenStore& client_tokens;
  };
  RevocationEndpoint(EndpointSettings settings, const Hooks& hooks, Log& log, const ClientGate& gate,
                     const Parts& parts);

 protected:
  Verdict look_up(const Message& request, RequestScope& scope) const override;
  std::span<const std::string_view> frozen_members() const override;
  Result<RevocationRequest, ProtocolError> check_request(const Message& request,
                                                         RequestScope& scope) const override;
  Result<ResponseArgs, ProtocolError> process_request(const RevocationRequest& request,
                                                      RequestScope& scope) const override;

 private:
  Verdict look_up_client_token(const std::string& value, RequestScope& scope) const;
  Result<ResponseArgs, ProtocolError> give_up(const Digest& client_token, const RequestScope& scope) const;
  Result<void> revoke(const model::TokenRecord& token, TimePoint now) const;

  Parts parts_;
};

/// Form posts only (2.1).
EndpointSettings revocation_settings(std::string issuer);

}  // namespace oidcop::endpoint
