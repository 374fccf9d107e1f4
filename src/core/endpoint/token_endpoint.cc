#include "endpoint/token_endpoint.h"

#include "endpoint/resource_indicators.h"

#include <algorithm>
#include <array>

namespace oidcop::endpoint {
namespace {

constexpr std::array<std::string_view, 5> kFrozen{"client_id", "grant_type", "code", "device_code",
                                                  "refresh_token"};

}  // namespace

EndpointSettings token_settings(std::string name, std::string issuer) {
  EndpointSettings settings;
  settings.name = std::move(name);
  settings.issuer = std::move(issuer);
  settings.methods = {"POST"};
  settings.rules.formats = {RequestFormat::form, RequestFormat::message};
  settings.rules.repeatable = {kResourceParameter};
  return settings;
}

TokenEndpoint::TokenEndpoint(EndpointSettings settings, const Hooks& hooks, Log& log, const ClientGate& gate,
                             std::vector<std::unique_ptr<const GrantType>> grant_types)
    : TypedEndpoint(std::move(settings), hooks, log, &gate), grant_types_(std::move(grant_types)) {}

std::vector<std::string> TokenEndpoint::grant_types() const {
  std::vector<std::string> names;
  for (const auto& grant_type : grant_types_) names.emplace_back(grant_type->name());
  return names;
}

Result<const GrantType*, ProtocolError> TokenEndpoint::responsible(const Message& request,
                                                                   const RequestScope& scope) const {
  const auto wanted = request.text("grant_type");
  if (!wanted) return fail(invalid_request("grant_type is required.", "grant_type"));
  for (const auto& grant_type : grant_types_) {
    if (grant_type->name() != *wanted) continue;
    const auto& registered = scope.client->grant_types;
    if (std::find(registered.begin(), registered.end(), *wanted) == registered.end()) {
      return fail(unauthorized_client("The client is not registered for this grant_type."));
    }
    return grant_type.get();
  }
  ProtocolError error = invalid_request("This grant_type is not supported here.", "grant_type");
  error.code = "unsupported_grant_type";
  return fail(std::move(error));
}

Verdict TokenEndpoint::look_up(const Message& request, RequestScope& scope) const {
  auto grant_type = responsible(request, scope);
  if (!grant_type) return fail(std::move(grant_type).error());
  return (*grant_type)->look_up(request, scope);
}

std::span<const std::string_view> TokenEndpoint::frozen_members() const {
  return kFrozen;
}

Result<TokenEndpoint::Checked, ProtocolError> TokenEndpoint::check_request(const Message& request,
                                                                           RequestScope& scope) const {
  auto grant_type = responsible(request, scope);
  if (!grant_type) return fail(std::move(grant_type).error());
  return (*grant_type)->check(request, scope);
}

Result<ResponseArgs, ProtocolError> TokenEndpoint::process_request(const Checked& request,
                                                                   RequestScope& scope) const {
  return request->process(scope);
}

}  // namespace oidcop::endpoint
