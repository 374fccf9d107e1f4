// A program that serves like oidcop.fcgi but answers with what it understood: for tests under real web
// servers.

#include "base/log.h"
#include "base/process.h"
#include "base/system_clock.h"
#include "base/system_random.h"
#include "fcgi/echo_handler.h"
#include "fcgi/serve.h"

#include <cstdlib>
#include <iostream>

int main(int argc, char** argv) {
  using namespace oidcop;
  program::harden_process();
  program::outlive_peers();
  const auto invocation =
      fcgi::read_invocation({argv + 1, argv + argc}, fcgi::Surroundings::of_this_process());
  if (!invocation) {
    (invocation.error().status == 0 ? std::cout : std::cerr) << invocation.error().text;
    return invocation.error().status;
  }
  const SystemClock clock;
  SystemRandom random;
  const auto log = make_log(clock, LogFormat::logfmt, LogTarget::standard_error, LogLevel::info);
  fcgi::EchoHandler handler;
  fcgi::ServeOptions options;
  options.responder.policy.trusted_logins = {{"echo-marker", "Basic"}};
  options.responder.policy.shared_secret = Secret("a-secret-of-the-test-bench");
  return fcgi::serve(*invocation, options, handler, *log, random);
}
