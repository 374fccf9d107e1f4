#include "endpoint/pushed_authorization_endpoint.h"

#include "base/json.h"
#include "base/system_random.h"

#include <array>

namespace oidcop::endpoint {
namespace {

constexpr std::array<std::string_view, 4> kFrozen{"client_id", "redirect_uri", "state", "response_mode"};
constexpr std::array<std::string_view, 1> kFrozenAnswer{"request_uri"};
constexpr std::size_t kLargest = 15U << 10U;  // fits a page that waits for the person (16 KiB)

}  // namespace

EndpointSettings pushed_authorization_settings(std::string issuer) {
  EndpointSettings settings;
  settings.name = "pushed_authorization";
  settings.issuer = std::move(issuer);
  settings.methods = {"POST"};
  settings.rules.formats = {RequestFormat::form, RequestFormat::message};
  settings.rules.repeatable = {"resource"};  // RFC 8707, 2
  settings.rules.max_value_octets = 32U << 10U;
  return settings;
}

PushedAuthorizationEndpoint::PushedAuthorizationEndpoint(EndpointSettings settings, const Hooks& hooks,
                                                         Log& log, const ClientGate& gate, Parts parts)
    : TypedEndpoint(std::move(settings), hooks, log, &gate), parts_(std::move(parts)) {}

Verdict PushedAuthorizationEndpoint::expand(Message& request, RequestScope& scope) const {
  return parts_.sources.expand_at_push(request, scope);
}

Verdict PushedAuthorizationEndpoint::look_up(const Message& request, RequestScope& scope) const {
  return prove_return_route(request, scope, parts_.checks);
}

std::span<const std::string_view> PushedAuthorizationEndpoint::frozen_members() const {
  return kFrozen;
}

std::span<const std::string_view> PushedAuthorizationEndpoint::frozen_answer() const {
  return kFrozenAnswer;
}

Result<AuthorizationRequest, ProtocolError> PushedAuthorizationEndpoint::check_request(
    const Message& request, RequestScope& scope) const {
  if (dump_json(scope.received.json()).size() > kLargest) {
    return fail(invalid_request("The authorization request is too large."));
  }
  return check_authorization_request(request, scope, parts_.checks);
}

Result<ResponseArgs, ProtocolError> PushedAuthorizationEndpoint::process_request(
    const AuthorizationRequest& request, RequestScope& scope) const {
  if (auto quota = parts_.quota.check(scope); !quota) return fail(std::move(quota).error());
  auto handle = random_handle(parts_.random);
  if (!handle) return fail(from_error(handle.error()));
  store::PushedRequest pushed;
  pushed.uri = sha256(*handle);
  pushed.client = request.client->id;
  pushed.request = request.received;
  pushed.is_signed = request.origin.is_signed;
  pushed.created_at = scope.now;
  pushed.expires_at = scope.now + parts_.lifetime;
  pushed.kept_until = pushed.expires_at + parts_.interaction_lifetime;
  if (auto put = parts_.pushed.put_pushed_request(pushed); !put) return fail(from_error(put.error()));
  ResponseArgs response;
  response.status = 201;  // RFC 9126, 2.2
  response.args.set("request_uri", std::string(kPushedRequestUri) + *handle);
  response.args.set_number("expires_in", parts_.lifetime.count());
  return response;
}

}  // namespace oidcop::endpoint
