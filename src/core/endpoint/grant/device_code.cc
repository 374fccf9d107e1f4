#include "endpoint/grant/device_code.h"

#include "endpoint/grant/code_exchange.h"
#include "model/presented_token.h"
#include "token/user_code.h"

namespace oidcop::endpoint {
namespace {

constexpr CodeKind kKind{model::kDeviceCodeGrantType,
                         "The device code is unknown, used, or was issued to another client."};

/// RFC 8628, 3.5.
ProtocolError told(std::string_view code, std::string description) {
  ProtocolError error;
  error.code = code;
  error.description = std::move(description);
  return error;
}

ProtocolError too_late() {
  return told("expired_token", "The device code has expired; ask for a new one.");
}

ProtocolError refused() {
  return access_denied("The person refused.");
}

/// Nobody has said yes so far: the store knows whether it is time to ask, and what else may have happened.
class PollRequest final : public GrantRequest {
 public:
  PollRequest(store::DeviceCodeStore& devices, const Digest& device_code)
      : devices_(devices), device_code_(device_code) {}

  Result<ResponseArgs, ProtocolError> process(RequestScope& scope) const override {
    auto outcome = devices_.commit(store::DevicePoll{device_code_, scope.client->id, scope.now});
    if (!outcome) return fail(from_error(outcome.error()));
    switch (*outcome) {
      case store::PollOutcome::pending:
      case store::PollOutcome::allowed:  // in this very moment: the next question gets the tokens
        return fail(told("authorization_pending", "Nobody has answered yet; ask again after the interval."));
      case store::PollOutcome::slow_down:
        return fail(told("slow_down", "Asked too soon; wait five seconds longer from now on."));
      case store::PollOutcome::denied:
        return fail(refused());
      case store::PollOutcome::expired:
        return fail(too_late());
      case store::PollOutcome::not_found:
        break;
    }
    return fail(worthless_code(kKind, "unknown, or of another client"));
  }

 private:
  store::DeviceCodeStore& devices_;
  Digest device_code_;
};

/// What can have become of a code since the person said yes, besides having been spent.
Verdict check_standing(const model::PresentedToken& presented, const RequestScope& scope) {
  switch (model::state_of(presented, scope.now)) {
    case model::TokenState::active:
      break;
    case model::TokenState::expired:
      return fail(too_late());
    case model::TokenState::used_up:
    case model::TokenState::revoked:
      return fail(worthless_code(kKind, "revoked"));
  }
  if (model::may_use(*scope.client, presented.user.groups)) return {};
  auto error = refused();
  error.detail = "the person may not use the client any more";
  return fail(std::move(error));
}

}  // namespace

Verdict DeviceCodeGrant::look_up(const Message& request, RequestScope& scope) const {
  const auto code = request.text("device_code");
  if (!code) return fail(invalid_request("device_code is required.", "device_code"));
  return look_up_credential(services_, token::device_code_digest(parts_.pepper, *code),
                            model::TokenClass::authorization_code, scope);
}

Result<std::unique_ptr<const GrantRequest>, ProtocolError> DeviceCodeGrant::check(const Message& request,
                                                                                  RequestScope& scope) const {
  if (!scope.presented) {
    const auto code = request.text("device_code").value_or("");
    return std::make_unique<const PollRequest>(parts_.devices,
                                               token::device_code_digest(parts_.pepper, code));
  }
  if (scope.presented->token.used == 0) {
    if (auto standing = check_standing(*scope.presented, scope); !standing)
      return fail(std::move(standing).error());
  }
  auto resources = resources_of(services_, request, scope);
  if (!resources) return fail(std::move(resources).error());
  return std::make_unique<const CodeExchangeRequest>(services_, kKind, std::move(*resources));
}

}  // namespace oidcop::endpoint
