#pragma once

#include "base/log.h"
#include "endpoint/request_scope.h"
#include "model/client.h"
#include "model/user.h"
#include "session/cookies.h"
#include "store/session_store.h"

#include <oidcop/protocol_error.h>

#include <optional>

namespace oidcop::endpoint {

/// Who is there: the browser's session, and the interaction the request belongs to.
struct Presence {
  std::optional<store::LiveSession> session;  ///< whatever its state
  std::optional<session::HeldCookie> cookie;
  std::optional<session::HeldCookie> state;  ///< the browser state that is in force, were it set a moment ago
  model::InteractionId interaction;          ///< empty: the request has not asked anybody yet
};

/// The session of the request's cookie, if there is one. Errors: the store's.
Result<Presence, ProtocolError> presence_of(store::SessionStore& sessions, const session::Cookies& cookies,
                                            const RequestScope& scope, model::InteractionId interaction);

/// Whether the person may use the client at all. Errors: access_denied with status 403, which is told to the
/// person, who can do something about it, where there is somebody to tell.
Verdict check_may_use(const model::Client& client, const model::User& user, Log& log,
                      const RequestScope& scope);

}  // namespace oidcop::endpoint
