#include "endpoint/logout/check_session_endpoint.h"
#include "endpoint/logout/end_session_endpoint.h"
#include "endpoint/logout/logout_endpoint.h"
#include "provider/snapshot.h"

namespace oidcop::provider {
namespace {

logout::Confirmation confirmation_of(const config::EndSession& settings) {
  return settings.confirmation == config::LogoutConfirmation::always ? logout::Confirmation::always
                                                                     : logout::Confirmation::unproven;
}

}  // namespace

void Snapshot::add_end_session(const Ground& ground) {
  const std::string url = material_.config.endpoint_url("end_session").value_or("");
  endpoint::LogoutSettings settings;
  settings.issuer = facts_.issuer;
  settings.session_management = material_.config.endpoint.count("check_session") != 0;
  settings.front_channel = facts_.frontchannel_logout;
  settings.logout_url = url + "/logout";
  settings.confirmation = confirmation_of(material_.config.end_session);
  logout_flow_.emplace(endpoint::LogoutParts{ground.store, ground.store, cookies_, logout_seals_,
                                             *material_.pages, subjects_, ground.random, ground.log},
                       settings);
  auto end_session = std::make_unique<endpoint::EndSessionEndpoint>(
      endpoint::end_session_settings(facts_.issuer), material_.hooks, ground.log,
      endpoint::EndSessionEndpoint::Parts{{facts_.issuer, ground.store, material_.keys, client_secrets_},
                                          *logout_flow_,
                                          *material_.pages,
                                          cookies_,
                                          url});
  const endpoint::LogoutEndpoint::Parts form{*end_session, *logout_flow_, logout_seals_, cookies_};
  route("end_session", std::move(end_session));
  route_page("logout", "end_session",
             std::make_unique<endpoint::LogoutEndpoint>(endpoint::logout_settings(facts_.issuer),
                                                        material_.hooks, ground.log, form));
}

void Snapshot::add_check_session(const Ground& ground) {
  route("check_session", std::make_unique<endpoint::CheckSessionEndpoint>(
                             endpoint::check_session_settings(facts_.issuer), material_.hooks, ground.log,
                             *material_.pages, cookies_));
}

Result<logout::DeliveryReport> Snapshot::tell_of_logouts(logout::DeliveryBounds bounds) const {
  if (!facts_.backchannel_logout) return logout::DeliveryReport();
  bounds.longest = material_.config.httpc_params.timeout;
  return back_channel_.deliver(bounds);
}

}  // namespace oidcop::provider
