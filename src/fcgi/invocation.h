#pragma once

#include <oidcop/result.h>
#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace oidcop::fcgi {

/// How requests reach us.
enum class Service : std::uint8_t {
  cgi,             ///< one request in the environment and on standard input
  standard_input,  ///< descriptor 0 listens: lighttpd's bin-path, mod_fcgid, spawn-fcgi, systemd's
                   ///< StandardInput
  passed_sockets,  ///< systemd's LISTEN_FDS: descriptors from 3 on
  own_socket,      ///< one that we open: --listen, or else what the configuration says
};

/// What the program was told, and by whom.
struct Invocation {
  Service service = Service::own_socket;
  std::filesystem::path config;
  std::optional<std::string> listen;
  int passed_sockets = 0;
  std::optional<std::string> notify_socket;  ///< who wants to know how the service is (sd_notify(3))
};

/// The facts about a starting process that decide.
struct Surroundings {
  std::optional<std::string> gateway_interface;  ///< GATEWAY_INTERFACE
  std::optional<std::string> oidcop_config;      ///< OIDCOP_CONFIG
  std::optional<std::string> listen_pid;         ///< LISTEN_PID
  std::optional<std::string> listen_fds;         ///< LISTEN_FDS
  pid_t pid = 0;
  bool standard_input_listens = false;
  std::optional<std::string> notify_socket;  ///< NOTIFY_SOCKET

  static Surroundings of_this_process();
};

/// The program is to end at once: --help, --version (status 0) or a usage error (status 2).
struct EarlyExit {
  int status = 0;
  std::string text;
};

/// Decides how to serve. A web server that runs CGI programs makes command line arguments out of a query
/// without
/// '=' (RFC 3875, 4.4): anybody could then give us options. Hence no argument is read when GATEWAY_INTERFACE
/// is set; the configuration is OIDCOP_CONFIG's, or the compiled-in one. Pure function.
Result<Invocation, EarlyExit> read_invocation(const std::vector<std::string>& arguments,
                                              const Surroundings& surroundings);

}  // namespace oidcop::fcgi
