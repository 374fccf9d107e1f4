#include "client/authentication/presented_credential.h"

#include "client/authentication/client_authenticator.h"

#include <array>

namespace oidcop::client {
namespace {

constexpr std::array<std::string_view, 4> kParameters{"client_id", "client_secret", "client_assertion",
                                                      "client_assertion_type"};

/// The value, or an empty text when the member is absent.
std::string value_of(const Message& parameters, std::string_view name) {
  return parameters.text(name).value_or("");
}

Result<PresentedCredential, ProtocolError> read_basic(std::string_view authorization,
                                                      const std::string& client_id) {
  auto basic = parse_basic(authorization);
  if (!basic) return fail(basic.error());
  basic->client_id_parameter = client_id;
  return *std::move(basic);
}

}  // namespace

bool presents_credential(const Message& parameters, std::optional<std::string_view> authorization) {
  return (authorization && is_basic(*authorization)) || !value_of(parameters, "client_secret").empty() ||
         !value_of(parameters, "client_assertion").empty() ||
         !value_of(parameters, "client_assertion_type").empty();
}

Result<PresentedCredential, ProtocolError> read_credential(const Message& parameters,
                                                           std::optional<std::string_view> authorization) {
  for (const auto name : kParameters) {
    if (parameters.has(name) && !parameters.text(name)) {
      return fail(invalid_request("The parameter must be a string.", std::string(name)));
    }
  }
  auto client_id = value_of(parameters, "client_id");
  auto secret = value_of(parameters, "client_secret");
  AssertionCredential assertion{.assertion = value_of(parameters, "client_assertion"),
                                .type = value_of(parameters, "client_assertion_type"),
                                .client_id_parameter = client_id};
  const bool has_assertion = !assertion.assertion.empty() || !assertion.type.empty();
  if (int{authorization.has_value()} + int{!secret.empty()} + int{has_assertion} > 1) {
    wipe(secret);
    return fail(several_mechanisms());
  }
  if (authorization) return read_basic(*authorization, client_id);
  if (has_assertion) return assertion;
  if (!secret.empty()) {
    return PostCredential{.client_id = std::move(client_id), .secret = Secret(std::move(secret))};
  }
  return NoCredential{.client_id = std::move(client_id)};
}

}  // namespace oidcop::client
