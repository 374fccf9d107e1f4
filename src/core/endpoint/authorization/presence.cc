#include "endpoint/authorization/presence.h"

namespace oidcop::endpoint {

Result<Presence, ProtocolError> presence_of(store::SessionStore& sessions, const session::Cookies& cookies,
                                            const RequestScope& scope, model::InteractionId interaction) {
  Presence presence;
  presence.interaction = std::move(interaction);
  presence.cookie = cookies.session(scope.http);
  presence.state = cookies.state(scope.http);
  if (!presence.cookie) return presence;
  auto session = sessions.find_session(presence.cookie->digest);
  if (session) {
    presence.session = std::move(*session);
  } else if (session.error().code != Errc::not_found) {
    return fail(from_error(session.error()));
  }
  return presence;
}

Verdict check_may_use(const model::Client& client, const model::User& user, Log& log,
                      const RequestScope& scope) {
  if (model::may_use(client, user.groups)) return {};
  log.warning("client.not_allowed", {{"client_id", client.id.text()},
                                     {"user", user.username},
                                     {"address", scope.http.remote_address},
                                     {"request_id", scope.http.request_id}});
  auto error = access_denied("The person may not use this client.");
  error.http_status = 403;
  return fail(std::move(error));
}

}  // namespace oidcop::endpoint
