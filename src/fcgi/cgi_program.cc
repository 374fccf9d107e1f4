#include "fcgi/cgi_program.h"

#include "base/log.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <exception>
#include <string>
#include <string_view>
#include <utility>

namespace oidcop::fcgi {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

http::CgiParameters parameters_of(char** environment) {
  http::CgiParameters parameters;
  for (; environment != nullptr && *environment != nullptr; ++environment) {
    const std::string_view entry = *environment;
    const auto equals = entry.find('=');
    if (equals == std::string_view::npos || equals == 0) continue;
    parameters.push_back({std::string(entry.substr(0, equals)), std::string(entry.substr(equals + 1))});
  }
  return parameters;
}

/// Whether the descriptor can be read or written without blocking before the deadline.
bool wait_for(int descriptor, short events, steady_clock::time_point deadline) {
  while (true) {
    const auto left = std::chrono::ceil<milliseconds>(deadline - steady_clock::now()).count();
    pollfd entry{descriptor, events, 0};
    const int ready = ::poll(&entry, 1, static_cast<int>(std::max<decltype(left)>(left, 0)));
    if (ready >= 0) return ready > 0;
    if (errno != EINTR) return false;
  }
}

/// At most `limit` octets; stops early at the end of the input.
Result<std::string, http::Refusal> read_body(int input, std::size_t limit,
                                             steady_clock::time_point deadline) {
  std::string body;
  std::array<char, 16384> buffer{};
  while (body.size() < limit) {
    if (!wait_for(input, POLLIN, deadline))
      return fail(http::Refusal{408, "The request took too long to arrive.", {}});
    const auto got = ::read(input, buffer.data(), std::min(buffer.size(), limit - body.size()));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    body.append(buffer.data(), static_cast<std::size_t>(got));
  }
  return body;
}

/// A body exists if its length is announced (RFC 3875, 4.2); or, as Apache does it, if the client sent it in
/// chunks. Then one octet more than allowed is read, so that the request is refused for it.
Result<std::string, http::Refusal> read_body(const CgiProcess& process, const http::CgiParameters& parameters,
                                             const http::CgiPolicy& policy) {
  const auto length = http::find_parameter(parameters, "CONTENT_LENGTH").value_or("");
  const auto announced = http::announced_length(length, policy);
  if (!announced) return fail(announced.error());
  const bool chunked = http::find_parameter(parameters, "HTTP_TRANSFER_ENCODING").has_value();
  if (!*announced && !chunked) return std::string();
  return read_body(process.input, announced->value_or(policy.max_body + 1),
                   steady_clock::now() + process.read_timeout);
}

/// Web servers that find the pipe of a long body closed drop the answer, too. So what is not wanted is read
/// and thrown away, within bounds.
void throw_away_input(int input, steady_clock::time_point deadline) {
  constexpr std::size_t kMost = 64U << 20U;
  std::array<char, 65536> buffer{};
  for (std::size_t octets = 0; octets < kMost && wait_for(input, POLLIN, deadline);) {
    const auto got = ::read(input, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return;
    octets += static_cast<std::size_t>(got);
  }
}

bool write_all(int output, std::string_view octets, steady_clock::time_point deadline) {
  while (!octets.empty()) {
    // A pipe that polls writable takes this much without blocking (POSIX, PIPE_BUF).
    constexpr std::size_t kPiece = 4096;
    if (!wait_for(output, POLLOUT, deadline)) return false;
    const auto put = ::write(output, octets.data(), std::min(octets.size(), kPiece));
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return false;
    octets.remove_prefix(static_cast<std::size_t>(put));
  }
  return true;
}

}  // namespace

int serve_cgi(const CgiProcess& process, Handler& handler, const http::CgiPolicy& policy, Log& log,
              Random& random) {
  const Answerer answerer(handler, policy, log, random);
  const auto parameters = parameters_of(process.environment);
  auto body = read_body(process, parameters, policy);
  const bool too_long = body ? body->size() > policy.max_body : body.error().status == 413;
  if (too_long) throw_away_input(process.input, steady_clock::now() + process.read_timeout);
  const auto answer = body ? answerer.answer(parameters, std::move(*body), http::Channel::local)
                           : answerer.refuse(body.error());
  const bool written = write_all(process.output, answer, steady_clock::now() + process.read_timeout);
  ::close(process.output);
  try {
    handler.tick();
    handler.run_due();
  } catch (const std::exception& error) {
    log.error("housekeeping.failed", {{"detail", error.what()}});
  }
  return written ? 0 : 1;
}

}  // namespace oidcop::fcgi
