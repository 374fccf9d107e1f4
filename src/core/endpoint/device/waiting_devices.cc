#include "endpoint/device/waiting_devices.h"

#include "base/network_prefix.h"

#include <algorithm>

namespace oidcop::endpoint {
namespace {

constexpr int kMostWrong = 10;
constexpr Seconds kWindow = std::chrono::minutes(10);

bool may_go_on(const model::Client& client) {
  const auto& registered = client.grant_types;
  return client.enabled &&
         std::find(registered.begin(), registered.end(), model::kDeviceCodeGrantType) != registered.end();
}

}  // namespace

Result<std::optional<WaitingDevice>, ProtocolError> WaitingDevices::find(const token::UserCode& code,
                                                                         TimePoint now) const {
  const auto nothing = std::optional<WaitingDevice>();
  auto stored = parts_.devices.find_device_authorization(token::user_code_digest(parts_.pepper, code));
  if (!stored && stored.error().code == Errc::not_found) return nothing;
  if (!stored) return fail(from_error(stored.error()));
  if (!stored->is_open(now)) return nothing;
  auto client = parts_.clients.find_client(stored->client);
  if (!client && client.error().code == Errc::not_found) return nothing;
  if (!client) return fail(from_error(client.error()));
  if (!may_go_on(**client)) return nothing;
  auto requested = model::ScopeSet::parse(stored->request.text("scope").value_or(""));
  if (!requested) return nothing;
  auto allowed = parts_.scopes.filter(*requested, **client);
  if (!allowed || allowed->empty()) return nothing;
  return std::optional(WaitingDevice{code, std::move(*stored), std::move(*client), std::move(*allowed)});
}

Result<TypedCode, ProtocolError> WaitingDevices::find_typed(const std::string& typed,
                                                            const std::optional<model::UserId>& person,
                                                            const RequestScope& scope) const {
  TypedCode result;
  const auto code = token::UserCode::read(typed);
  if (!code) return result;  // nothing that a device could have; nothing was tried
  const auto bucket = bucket_of(person, scope);
  auto refused_until = parts_.throttle.reserve_attempt({bucket}, scope.now);
  if (!refused_until) return fail(from_error(refused_until.error()));
  if (*refused_until) {
    parts_.log.warning("device.throttled",
                       {{"address", scope.http.remote_address}, {"request_id", scope.http.request_id}});
    result.refused_until = *refused_until;
    return result;
  }
  auto found = find(*code, scope.now);
  if (!found) return fail(std::move(found).error());
  result.device = std::move(*found);
  if (!result.device) {
    parts_.log.info("device.code_unknown",
                    {{"address", scope.http.remote_address}, {"request_id", scope.http.request_id}});
    return result;
  }
  if (auto refunded = parts_.throttle.refund_attempt({bucket}, scope.now); !refunded)
    return fail(from_error(refunded.error()));
  return result;
}

/// Who is signed in has a budget of their own, which no neighbour in their network can spend.
store::ThrottleBucket WaitingDevices::bucket_of(const std::optional<model::UserId>& person,
                                                const RequestScope& scope) const {
  const auto key = person ? parts_.pepper.digest("throttle.user_code.person", {person->text()})
                          : parts_.pepper.digest("throttle.user_code.network",
                                                 {network_prefix(scope.http.remote_address)});
  return {key, kMostWrong, kWindow};
}

}  // namespace oidcop::endpoint
