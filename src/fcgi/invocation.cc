#include "fcgi/invocation.h"

#include "fcgi/listener.h"

#include <unistd.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <sstream>

namespace oidcop::fcgi {
namespace {

std::optional<std::string> environment(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): before any thread is started
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

int positive_number(const std::optional<std::string>& text) {
  int number = 0;
  if (!text) return 0;
  const auto* const end = text->data() + text->size();
  const auto parsed = std::from_chars(text->data(), end, number);
  return parsed.ec == std::errc() && parsed.ptr == end ? std::max(number, 0) : 0;
}

int count_passed_sockets(const Surroundings& surroundings) {
  if (positive_number(surroundings.listen_pid) != surroundings.pid) return 0;  // meant for another process
  return std::min(positive_number(surroundings.listen_fds), 64);
}

}  // namespace

Surroundings Surroundings::of_this_process() {
  return {environment("GATEWAY_INTERFACE"),
          environment("OIDCOP_CONFIG"),
          environment("LISTEN_PID"),
          environment("LISTEN_FDS"),
          ::getpid(),
          is_listening_socket(STDIN_FILENO),
          environment("NOTIFY_SOCKET")};
}

Result<Invocation, EarlyExit> read_invocation(const std::vector<std::string>& arguments,
                                              const Surroundings& surroundings) {
  Invocation invocation;
  invocation.config = surroundings.oidcop_config.value_or(OIDCOP_DEFAULT_CONFIG);
  if (surroundings.gateway_interface) {
    invocation.service = surroundings.standard_input_listens ? Service::standard_input : Service::cgi;
    return invocation;
  }

  CLI::App app("OpenID Provider for web servers, over FastCGI or CGI.", "oidcop.fcgi");
  app.set_version_flag("--version", std::string("oidcop.fcgi ") + OIDCOP_VERSION);
  app.add_option("--config", invocation.config, "Configuration file")->capture_default_str();
  app.add_option("--listen", invocation.listen,
                 "unix:PATH or HOST:PORT to listen on, instead of a socket from the web server or systemd");
  std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
  try {
    app.parse(reversed);
  } catch (const CLI::ParseError& error) {
    std::ostringstream out;
    std::ostringstream err;
    const bool wanted = app.exit(error, out, err) == 0;
    return fail(EarlyExit{wanted ? 0 : 2, wanted ? out.str() : err.str()});
  }
  invocation.notify_socket = surroundings.notify_socket;
  invocation.passed_sockets = count_passed_sockets(surroundings);
  if (invocation.listen) {
    invocation.service = Service::own_socket;
  } else if (invocation.passed_sockets > 0) {
    invocation.service = Service::passed_sockets;
  } else if (surroundings.standard_input_listens) {
    invocation.service = Service::standard_input;
  }
  return invocation;
}

}  // namespace oidcop::fcgi
