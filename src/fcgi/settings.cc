#include "fcgi/settings.h"

#include <grp.h>
#include <pwd.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace oidcop::fcgi {
namespace {

Result<uid_t> uid_of(const std::string& user) {
  uid_t number = 0;
  const char* end = user.data() + user.size();
  if (const auto parsed = std::from_chars(user.data(), end, number);
      parsed.ec == std::errc() && parsed.ptr == end) {
    return number;
  }
  passwd entry{};
  passwd* found = nullptr;
  std::array<char, 16384> buffer{};
  if (::getpwnam_r(user.c_str(), &entry, buffer.data(), buffer.size(), &found) != 0 || found == nullptr) {
    return fail(Errc::not_found, "responder.allowed_peers: there is no user " + user);
  }
  return entry.pw_uid;
}

Result<gid_t> gid_of(const std::string& group) {
  gid_t number = 0;
  const auto* end = group.data() + group.size();
  if (const auto [rest, error] = std::from_chars(group.data(), end, number);
      error == std::errc{} && rest == end) {
    return number;
  }
  struct group entry {};
  struct group* found = nullptr;
  std::array<char, 16384> buffer{};
  if (::getgrnam_r(group.c_str(), &entry, buffer.data(), buffer.size(), &found) != 0 || found == nullptr) {
    return fail(Errc::not_found, "responder.socket_group: there is no group " + group);
  }
  return entry.gr_gid;
}

http::CgiPolicy cgi_policy(const config::Responder& settings) {
  http::CgiPolicy policy;
  if (settings.remote_user.marker) {
    for (const auto& auth_type : settings.remote_user.auth_types) {
      policy.trusted_logins.push_back({std::string(settings.remote_user.marker->reveal()), auth_type});
    }
  }
  policy.tls_terminated_upstream = settings.tls_terminated_upstream;
  if (settings.shared_secret) policy.shared_secret = *settings.shared_secret;
  policy.max_body = settings.limits.body;
  policy.max_uri = settings.limits.uri;
  policy.max_parameters = settings.limits.parameters;
  policy.max_parameter_octets = settings.limits.parameter_octets;
  return policy;
}

}  // namespace

Result<ServeOptions> serve_options(const config::Responder& settings) {
  ServeOptions options;
  options.configured_listen = settings.listen;
  options.listen.allow_remote_tcp = settings.allow_remote_tcp;
  for (const auto& peer : settings.allowed_peers) {
    auto uid = uid_of(peer);
    if (!uid) return fail(std::move(uid).error());
    options.listen.peer_uids.push_back(*uid);
  }
  if (settings.socket_group) {
    auto gid = gid_of(*settings.socket_group);
    if (!gid) return fail(std::move(gid).error());
    options.listen.socket_group = *gid;
  }
  ResponderOptions& responder = options.responder;
  responder.workers = settings.workers;
  responder.max_connections = settings.limits.connections;
  responder.max_buffered = settings.limits.buffered;
  responder.read_timeout = settings.read_timeout;
  responder.write_timeout = settings.write_timeout;
  responder.idle_timeout = settings.idle_timeout;
  responder.stop_timeout = settings.stop_timeout;
  responder.policy = cgi_policy(settings);
  return options;
}

}  // namespace oidcop::fcgi
