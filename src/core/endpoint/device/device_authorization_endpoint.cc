#include "endpoint/device/device_authorization_endpoint.h"

#include "base/form.h"
#include "base/system_random.h"
#include "endpoint/resource_indicators.h"
#include "token/user_code.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

namespace oidcop::endpoint {
namespace {

constexpr std::array<std::string_view, 1> kFrozen{"client_id"};
constexpr std::array<std::string_view, 4> kFrozenAnswer{"device_code", "user_code", "verification_uri",
                                                        "verification_uri_complete"};
constexpr const char* kDefaultScope = "openid";   // RFC 8628, 3.1: optional; RFC 6749, 3.3: then a default
constexpr int kMostTries = 3;                     // for a user code that no other device has
constexpr Seconds kKept = std::chrono::hours(1);  // the device is told that it came too late

Result<model::ScopeSet, ProtocolError> requested_scope(const Message& request) {
  auto requested = model::ScopeSet::parse(request.text("scope").value_or(kDefaultScope));
  if (!requested) return fail(invalid_scope("scope is not well formed."));
  return std::move(*requested);
}

}  // namespace

EndpointSettings device_authorization_settings(std::string issuer) {
  EndpointSettings settings;
  settings.name = "device_authorization";
  settings.issuer = std::move(issuer);
  settings.methods = {"POST"};
  settings.rules.formats = {RequestFormat::form, RequestFormat::message};
  settings.rules.repeatable = {kResourceParameter};  // RFC 8707, 2
  return settings;
}

DeviceAuthorizationEndpoint::DeviceAuthorizationEndpoint(EndpointSettings settings, const Hooks& hooks,
                                                         Log& log, const ClientGate& gate, Parts parts)
    : TypedEndpoint(std::move(settings), hooks, log, &gate), parts_(std::move(parts)) {}

std::span<const std::string_view> DeviceAuthorizationEndpoint::frozen_members() const {
  return kFrozen;
}

std::span<const std::string_view> DeviceAuthorizationEndpoint::frozen_answer() const {
  return kFrozenAnswer;
}

Result<DeviceRequest, ProtocolError> DeviceAuthorizationEndpoint::check_request(const Message& request,
                                                                                RequestScope& scope) const {
  const auto& registered = scope.client->grant_types;
  if (std::find(registered.begin(), registered.end(), model::kDeviceCodeGrantType) == registered.end()) {
    return fail(unauthorized_client("The client is not registered for the grant type of devices."));
  }
  auto requested = requested_scope(request);
  if (!requested) return fail(std::move(requested).error());
  auto allowed = parts_.scopes.filter(*requested, *scope.client);
  if (!allowed) return fail(std::move(allowed).error());
  if (allowed->empty()) return fail(invalid_scope("The client may have none of the requested scopes."));
  auto resources = requested_resources(request, parts_.resources);
  if (!resources) return fail(std::move(resources).error());
  DeviceRequest checked;
  checked.client = scope.client;
  checked.granted.set("scope", allowed->text());
  if (!resources->empty()) checked.granted.set(kResourceParameter, Json(*resources));
  return checked;
}

Result<ResponseArgs, ProtocolError> DeviceAuthorizationEndpoint::process_request(const DeviceRequest& request,
                                                                                 RequestScope& scope) const {
  if (auto quota = parts_.quota.check(scope); !quota) return fail(std::move(quota).error());
  auto device_code = random_handle(parts_.random);
  if (!device_code) return fail(from_error(device_code.error()));
  store::DeviceAuthorization waiting;
  waiting.device_code = token::device_code_digest(parts_.pepper, *device_code);
  waiting.client = request.client->id;
  waiting.request = request.granted;
  waiting.created_at = scope.now;
  waiting.expires_at = scope.now + parts_.lifetime;
  waiting.kept_until = waiting.expires_at + kKept;
  waiting.interval = parts_.interval;
  for (int tries = 1;; ++tries) {
    auto user_code = token::UserCode::make(parts_.random);
    if (!user_code) return fail(from_error(user_code.error()));
    waiting.user_code = token::user_code_digest(parts_.pepper, *user_code);
    auto put = parts_.devices.put_device_authorization(waiting);
    if (!put && put.error().code == Errc::conflict && tries < kMostTries) continue;
    if (!put) return fail(from_error(put.error()));
    ResponseArgs response;
    response.args.set("device_code", *device_code);
    response.args.set("user_code", user_code->shown());
    response.args.set("verification_uri", parts_.verification_url);
    response.args.set("verification_uri_complete",
                      parts_.verification_url + '?' + encode_form({{"user_code", user_code->shown()}}));
    response.args.set_number("expires_in", parts_.lifetime.count());
    response.args.set_number("interval", parts_.interval.count());
    return response;
  }
}

}  // namespace oidcop::endpoint
