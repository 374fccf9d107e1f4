#pragma once

#include "base/log.h"

#include <oidcop/hooks.h>

#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace oidcop::endpoint {

/// A client that a hook recognised, and whose hook that is.
struct RecognisedClient {
  std::string owner;
  HookAuthentication client;
};

/// Runs the hooks of one endpoint and keeps them within their bounds: whatever a hook does, the request ends
/// in what its own checks say, or in an error. Each failure names the hook's owner in the log. `hooks` and
/// `log` outlive the runner. Thread-safe.
class HookRunner {
 public:
  HookRunner(const EndpointHooks& hooks, Log& log) : hooks_(hooks), log_(log) {}

  /// The client that exactly one hook recognises; nothing when none does. Asked are the hooks that provide
  /// one of `methods`. Errors: invalid_request when the request uses two hooks' methods; what the one hook
  /// refuses with; below status 500 both mean that a credential was presented.
  Result<std::optional<RecognisedClient>, ProtocolError> authenticate_client(
      const Message& request, const http::Request& http, const std::vector<std::string>& methods,
      const HookContext& context) const;
  /// \param frozen  members that no hook may touch, because earlier steps relied on them
  Verdict post_parse_request(Message& request, std::span<const std::string_view> frozen,
                             const HookContext& context) const;
  /// \param frozen  members that no hook may touch, besides those that the protocol relies on everywhere
  Verdict pre_construct(Message& args, std::span<const std::string_view> frozen,
                        const HookContext& context) const;
  Verdict post_construct(Message& response, std::span<const std::string_view> frozen,
                         const HookContext& context) const;
  /// The same for the error that stands in for an answer which a hook broke: what a hook does wrong here is
  /// undone, and the others have their say. (RFC 9207 wants `iss` in this one, too.)
  void post_construct_where_possible(Message& response, std::span<const std::string_view> frozen,
                                     const HookContext& context) const;

 private:
  const EndpointHooks& hooks_;
  Log& log_;
};

/// Asks a grant type of the embedding program. What it throws or says in a malformed way is a server_error
/// and a log line that names the owner.
Result<GrantDecision, ProtocolError> run_grant_hook(const OwnedGrant& grant, const Message& request,
                                                    const HookContext& context, Log& log);

}  // namespace oidcop::endpoint
