#pragma once

#include "claims/subject.h"
#include "endpoint/grant/grant_services.h"
#include "endpoint/grant/grant_type.h"
#include "store/client_token_store.h"
#include "store/session_store.h"
#include "store/user_store.h"

#include <oidcop/hooks.h>

#include <string>

namespace oidcop::endpoint {

/// A grant type of the embedding program (RFC 6749, 4.5). Its hook says whom the token is about and what
/// scope it has; the rest is as with every grant: the client must be registered for it, gets no scope that it
/// may not have, and no token about a person who may not use it. Such a token has a session of its own behind
/// it, which no browser knows, so that whatever ends the person's sessions ends it, too.
class ExtensionGrant final : public GrantType {
 public:
  struct Parts {
    store::UserStore& users;
    store::SessionStore& sessions;
    store::ClientTokenStore& client_tokens;
    const claims::Subjects& subjects;
  };
  /// `grant` outlives it.
  ExtensionGrant(GrantServices services, const Parts& parts, const OwnedGrant& grant, std::string issuer)
      : services_(services), parts_(parts), grant_(grant), issuer_(std::move(issuer)) {}
  std::string_view name() const override { return grant_.grant_type; }
  Verdict look_up(const Message& request, RequestScope& scope) const override;
  Result<std::unique_ptr<const GrantRequest>, ProtocolError> check(const Message& request,
                                                                   RequestScope& scope) const override;

 private:
  GrantServices services_;
  Parts parts_;
  const OwnedGrant& grant_;
  std::string issuer_;
};

}  // namespace oidcop::endpoint
